"""The same module of several runs in one plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

from engine.collectors.results import QcResults
from engine.collectors.verdicts import cycle_labels
from engine.report.fastqc_modules import TITLES
from engine.report.plots import Plot, Series, Values
from engine.report.plots_modules import ADAPTER_COLOURS, CYCLES, as_percent, centres, module_plots

_GREY = "line-8"


class Line(NamedTuple):
    """What stands for one run in the plot: values at places, and what the places are called."""

    places: tuple[float, ...]
    names: tuple[str, ...]
    values: Values


class _Kind(NamedTuple):
    x_label: str
    y_label: str
    words: str
    line: Callable[[QcResults], Line | None]
    y_least: float = 0.0
    y_top: float | None = None


def overlaid_plots(runs: Sequence[tuple[str, QcResults]], plain: Set[int] = frozenset()) -> dict[str, Plot]:
    """One plot a module with a line for each run that measured it, in FastQC's order.

    Args:
        runs: name and results of each.
        plain: which of them, from 0, are drawn in grey and below the others.
    """
    plots = {}
    for module, kind in _KINDS.items():
        lines = [(number, name, kind.line(results)) for number, (name, results) in enumerate(runs)]
        drawn = [(number, name, line) for number, name, line in lines if line is not None and line.places]
        if drawn:
            plots[module] = _overlaid(module, kind, drawn, plain)
    return plots


def overlay_words(module: str) -> str:
    """What the lines of a module's plot of several runs are, in a sentence or two."""
    return _KINDS[module].words


def _overlaid(module: str, kind: _Kind, lines: Sequence[tuple[int, str, Line]], plain: Set[int]) -> Plot:
    names: dict[float, str] = {}
    for _, _, line in lines:
        for place, name in zip(line.places, line.names, strict=True):
            names.setdefault(place, name)
    places = tuple(sorted(names))
    series = []
    colours = tuple(name for name in ADAPTER_COLOURS if not plain or name != _GREY)
    coloured = sorted({number for number, _, _ in lines} - plain) if plain else None
    for number, name, line in sorted(lines, key=lambda line: line[0] not in plain):
        known = dict(zip(line.places, line.values, strict=True))
        turn = number if coloured is None else coloured.index(number) if number not in plain else 0
        colour = colours[turn % len(colours)] if number not in plain else "spread"
        dashed = turn // len(colours) % 2 == 1
        values = tuple(known.get(place) for place in places)
        series.append(Series(name, colour, values, dashed=dashed, plain=number in plain))
    return Plot(
        module=module,
        title=TITLES[module],
        x_label=kind.x_label,
        y_label=kind.y_label,
        places=places,
        names=tuple(names[place] for place in places),
        series=tuple(series),
        named=module == "duplication",
        y_least=kind.y_least,
        y_top=kind.y_top,
        bridged=True,
    )


def _base_quality(results: QcResults) -> Line | None:
    quality = results.base_quality
    if quality is None:
        return None
    return Line(centres(quality), tuple(cycle_labels(quality)), quality.mean)


def _base_content(results: QcResults) -> Line | None:
    content = results.base_content
    if content is None:
        return None
    columns = zip(content.a, content.t, content.g, content.c, strict=True)
    return Line(centres(content), tuple(cycle_labels(content)), tuple(_imbalance(*column) for column in columns))


def _imbalance(a: float | None, t: float | None, g: float | None, c: float | None) -> float | None:
    if a is None or t is None or g is None or c is None:
        return None
    return max(abs(a - t), abs(g - c))


def _n_content(results: QcResults) -> Line | None:
    content = results.n_content
    if content is None:
        return None
    return Line(centres(content), tuple(cycle_labels(content)), content.n)


def _tile_quality(results: QcResults) -> Line | None:
    tiles = results.tile_quality
    if tiles is None or not tiles.tiles:
        return None
    columns = zip(*tiles.deviation, strict=True)
    lowest = tuple(min((value for value in column if value is not None), default=None) for column in columns)
    return Line(centres(tiles), tuple(cycle_labels(tiles)), lowest)


def _adapters(results: QcResults) -> Line | None:
    content = results.adapters
    if content is None or content.too_short or not content.percent:
        return None
    highest = tuple(max(column) for column in zip(*content.percent, strict=True))
    return Line(centres(content), tuple(cycle_labels(content)), highest)


def _counted(module: str, last: int = -1) -> Callable[[QcResults], Line | None]:
    """Percent of reads, from the counts of the module's own plot."""

    def line(results: QcResults) -> Line | None:
        plot = module_plots(results).get(module)
        if plot is None:
            return None
        counts = tuple(value or 0.0 for value in plot.series[last].values)
        return Line(plot.places, plot.names, as_percent(counts))

    return line


_READS = "Reads (%)"
_KINDS = {
    "base_quality": _Kind(
        CYCLES,
        "Mean quality (Phred)",
        "Mean quality at each position, a line for each file. Q20 is one wrong base in 100, Q30 one in 1,000.",
        _base_quality,
        y_least=40.0,
    ),
    "tile_quality": _Kind(
        CYCLES,
        "Worst tile, from the average (Phred)",
        "How far the worst tile of each file is from the average of its tiles, at each position: 0 is as good as all.",
        _tile_quality,
        y_least=1.0,
    ),
    "sequence_quality": _Kind(
        "Mean quality of the read (Phred)",
        _READS,
        "Reads by mean quality, as shares of each file's own reads. The further right the peak, the better.",
        _counted("sequence_quality"),
    ),
    "base_content": _Kind(
        CYCLES,
        "Larger of A\N{EN DASH}T and G\N{EN DASH}C (%)",
        "How far A is from T, or G from C, whichever is more, at each position. Samples that were prepared alike run "
        "alike.",
        _base_content,
        y_least=20.0,
    ),
    "gc_content": _Kind(
        "GC of the read (%)",
        _READS,
        "Reads by GC content, as shares of each file's own reads. A second peak is often another organism.",
        _counted("gc_content"),
    ),
    "n_content": _Kind(
        CYCLES, "N (%)", "Share of bases that were not called, at each position.", _n_content, y_least=5.0
    ),
    "lengths": _Kind(
        "Length (bp)", _READS, "Reads by length, as shares of each file's own reads.", _counted("lengths")
    ),
    "duplication": _Kind(
        "Times that a sequence occurs",
        _READS,
        "Reads by how often their sequence occurs, as shares of each file's own reads.",
        _counted("duplication"),
        y_top=100.0,
    ),
    "adapters": _Kind(
        CYCLES,
        "Reads with the most frequent adapter (%)",
        "Share of reads in which the adapter has begun by each position, for the most frequent adapter of each file.",
        _adapters,
        y_least=10.0,
    ),
}
