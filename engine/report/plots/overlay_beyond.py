"""What FastQC does not measure, of several runs in one plot: insert sizes, and the tiles of flow cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.collectors.results import Floats, PairStatistics, QcResults, TileYield
from engine.report.plots.modules import ADAPTER_COLOURS, as_percent
from engine.report.plots.plot import Heat, Plot, Scale, Series, Values

TILE_WORDS = (
    "A row for each file from the top, a column for each tile, in one scale for all: reads of a tile as percent from "
    "the mean tile of its own file, and the mean quality of a tile. A column that differs in all rows is the flow "
    "cell; a row that differs is the file."
)
PAIR_WORDS = "Pairs whose mates overlap, by the size of their insert, as shares of each file's own overlapping pairs."

_LEAST_SHARE, _MOST_SHARE = 10.0, 50.0
_LEAST_SPREAD = 1.0


def insert_sizes_plot(pairs: Sequence[tuple[str, PairStatistics]]) -> Plot | None:
    """Pairs that overlap by insert size, in percent, a line for each of ``pairs``; ``None`` for fewer than two."""
    known = [(number, name, found) for number, (name, found) in enumerate(pairs) if found.insert_sizes]
    if len(known) < 2:
        return None
    sizes = range(
        min(found.insert_sizes[0] for _, _, found in known), max(found.insert_sizes[-1] for _, _, found in known) + 1
    )
    series = []
    for number, name, found in known:
        counts = dict(zip(found.insert_sizes, found.counts, strict=True))
        colour = ADAPTER_COLOURS[number % len(ADAPTER_COLOURS)]
        dashed = number // len(ADAPTER_COLOURS) % 2 == 1
        series.append(Series(name, colour, as_percent(tuple(counts.get(size, 0) for size in sizes)), dashed=dashed))
    return Plot(
        module="pairs",
        title="Insert size",
        x_label="Insert (bp)",
        y_label="Overlapping pairs (%)",
        places=tuple(float(size) for size in sizes),
        names=tuple(str(size) for size in sizes),
        series=tuple(series),
    )


def tile_plots(runs: Sequence[tuple[str, QcResults]]) -> dict[str, Plot]:
    """Maps with a row for each run that tells tiles, in one scale; empty for fewer than two of them.

    Args:
        runs: name and results of each.
    """
    found = [(name, results.tile_yield) for name, results in runs if results.tile_yield is not None]
    known = [(name, tiles) for name, tiles in found if tiles.tiles]
    if len(known) < 2:
        return {}
    plots = {"tile_yield": _map(known, "Reads by tile", _from_mean, _share_scale, " % from the mean tile of the file")}
    if any(value is not None for _, tiles in known for value in tiles.mean_quality):
        plots["tile_yield_quality"] = _map(
            known, "Mean quality by tile", lambda tiles: tiles.mean_quality, _quality_scale, " Phred"
        )
    return plots


def _map(
    known: Sequence[tuple[str, TileYield]],
    title: str,
    values: Callable[[TileYield], Floats],
    scale: Callable[[list[float]], Scale],
    unit: str,
) -> Plot:
    # Files of one lane each compare tile by tile, whichever lane it was.
    many = any(len(set(tiles.lanes)) > 1 for _, tiles in known)
    rows: list[dict[tuple[int, int], float | None]] = []
    for _, tiles in known:
        names = [(lane if many else 0, tile) for lane, tile in zip(tiles.lanes, tiles.tiles, strict=True)]
        rows.append(dict(zip(names, values(tiles), strict=True)))
    columns = sorted({name for row in rows for name in row})
    cells: tuple[Values, ...] = tuple(tuple(row.get(name) for name in columns) for row in rows)
    return Plot(
        module="tile_yield",
        title=title,
        x_label="Lane and tile" if many else "Tile",
        y_label="File",
        places=tuple(float(at) for at in range(len(columns))),
        names=tuple(f"{lane}:{tile}" if many else str(tile) for lane, tile in columns),
        heat=Heat(
            tuple(name for name, _ in known),
            cells,
            scale([value for row in cells for value in row if value is not None]),
            "File",
            unit,
            tuple(str(number) for number in range(1, len(known) + 1)),
        ),
    )


def _from_mean(tiles: TileYield) -> Floats:
    mean = sum(tiles.reads) / len(tiles.reads)
    return tuple(100 * count / mean - 100 if mean else 0.0 for count in tiles.reads)


def _share_scale(known: list[float]) -> Scale:
    # One tile that is all but empty must not hide the others, nor what is all but equal look like a pattern.
    most = min(max(_LEAST_SHARE, *map(abs, known)), _MOST_SHARE)
    keys = ((-most, f"\N{MINUS SIGN}{most:.0f} % or less"), (0.0, "mean tile"), (most, f"+{most:.0f} % or more"))
    return Scale("amount", -most, most, keys)


def _quality_scale(known: list[float]) -> Scale:
    high = max(known)
    low = min(*known, high - _LEAST_SPREAD)
    return Scale("amount", low, high, tuple((value, f"Q{value:.1f}") for value in (low, (low + high) / 2, high)))
