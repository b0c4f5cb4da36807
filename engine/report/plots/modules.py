"""A plot for each module of a run that has something to draw."""

from __future__ import annotations

from collections.abc import Callable

from engine.collectors.results import (
    DUPLICATION_LEVELS,
    AdapterContent,
    BaseContent,
    BaseQuality,
    Duplication,
    GcContent,
    LengthDistribution,
    NContent,
    PairStatistics,
    PositionGroups,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.collectors.verdicts import cycle_labels
from engine.report.fastqc_modules import TITLES
from engine.report.plots.plot import Band, Heat, Plot, Series, Values, Zone

CYCLES = "Position in read (bp)"
QUALITY_ZONES = ((0.0, 20.0, "fail"), (20.0, 28.0, "warn"), (28.0, 100.0, "pass"))
"""The bands that FastQC's users know; they do not decide."""

ADAPTER_COLOURS = ("line-1", "line-2", "line-3", "line-4", "line-5", "line-6", "line-7", "line-8")


def module_plots(results: QcResults) -> dict[str, Plot]:
    """The plots of the modules that were measured, by name in ``QcResults``, in FastQC's order."""
    found = {module: getattr(results, module) for module in _DRAWN}
    drawn = {module: _DRAWN[module](result) for module, result in found.items() if result is not None}
    return {module: plot for module, plot in drawn.items() if plot is not None and plot.places}


def centres(groups: PositionGroups) -> tuple[float, ...]:
    """The middle of each group of cycles."""
    return tuple((start + end) / 2 for start, end in zip(groups.starts, groups.ends, strict=True))


def _over_cycles(module: str, y_label: str, groups: PositionGroups, series: tuple[Series, ...], y_least: float) -> Plot:
    return Plot(
        module=module,
        title=TITLES[module],
        x_label=CYCLES,
        y_label=y_label,
        places=centres(groups),
        names=tuple(cycle_labels(groups)),
        series=series,
        y_least=y_least,
    )


def _base_quality(quality: BaseQuality) -> Plot:
    series = (
        Series("90th percentile", "spread", quality.percentile_90, hidden=True),
        Series("10th percentile", "spread", quality.percentile_10, hidden=True),
        Series("Upper quartile", "quartiles", quality.upper_quartile, hidden=True),
        Series("Lower quartile", "quartiles", quality.lower_quartile, hidden=True),
        Series("Median", "median", quality.median),
        Series("Mean", "mean", quality.mean),
    )
    highest = max((value for line in series for value in line.values if value is not None), default=0.0)
    top = max(40.0, highest + 1)
    return Plot(
        module="base_quality",
        title=TITLES["base_quality"],
        x_label=CYCLES,
        y_label="Quality (Phred)",
        places=centres(quality),
        names=tuple(cycle_labels(quality)),
        series=series,
        y_top=top,
        bands=(Band(0, 1, "spread", "10th to 90th percentile"), Band(2, 3, "quartiles", "Quartiles")),
        zones=tuple(Zone(low, min(high, top), colour) for low, high, colour in QUALITY_ZONES),
    )


def _tile_quality(tiles: TileQuality) -> Plot | None:
    if not tiles.tiles:
        return None
    return Plot(
        module="tile_quality",
        title=TITLES["tile_quality"],
        x_label=CYCLES,
        y_label="Tile",
        places=centres(tiles),
        names=tuple(cycle_labels(tiles)),
        heat=Heat(tuple(str(tile) for tile in tiles.tiles), tiles.deviation),
    )


def _sequence_quality(quality: SequenceQuality) -> Plot:
    return Plot(
        module="sequence_quality",
        title=TITLES["sequence_quality"],
        x_label="Mean quality of the read (Phred)",
        y_label="Reads",
        places=tuple(float(value) for value in quality.qualities),
        names=tuple(str(value) for value in quality.qualities),
        series=(Series("Reads", "line-1", quality.counts),),
        bars=True,
    )


def _base_content(content: BaseContent) -> Plot:
    bases = (("A", content.a), ("C", content.c), ("G", content.g), ("T", content.t))
    series = tuple(Series(base, f"base-{base.lower()}", values) for base, values in bases)
    return _over_cycles("base_content", "Bases (%)", content, series, 40.0)


def _gc_content(content: GcContent) -> Plot:
    places = tuple(float(percent) for percent in range(len(content.counts)))
    return Plot(
        module="gc_content",
        title=TITLES["gc_content"],
        x_label="GC of the read (%)",
        y_label="Reads",
        places=places,
        names=tuple(f"{place:.0f}" for place in places),
        series=(
            Series("Normal curve", "theory", content.theory, dashed=True),
            Series("Reads", "line-1", content.counts),
        ),
    )


def _n_content(content: NContent) -> Plot:
    return _over_cycles("n_content", "N (%)", content, (Series("N", "base-n", content.n),), 5.0)


def _lengths(lengths: LengthDistribution) -> Plot:
    places = tuple((start + end) / 2 for start, end in zip(lengths.starts, lengths.ends, strict=True))
    names = (f"{a:,}" if a == b else f"{a:,}-{b:,}" for a, b in zip(lengths.starts, lengths.ends, strict=True))
    return Plot(
        module="lengths",
        title=TITLES["lengths"],
        x_label="Length (bp)",
        y_label="Reads",
        places=places,
        names=tuple(names),
        series=(Series("Reads", "line-1", lengths.counts),),
        bars=True,
    )


def _duplication(duplication: Duplication) -> Plot | None:
    if not duplication.percent:
        return None
    return Plot(
        module="duplication",
        title=TITLES["duplication"],
        x_label="Times that a sequence occurs",
        y_label="Reads (%)",
        places=tuple(float(place) for place in range(len(DUPLICATION_LEVELS))),
        names=DUPLICATION_LEVELS,
        series=(Series("Reads", "line-1", duplication.percent),),
        bars=True,
        named=True,
        y_top=100.0,
    )


def _adapters(content: AdapterContent) -> Plot | None:
    if content.too_short:
        return None
    series = tuple(
        Series(name, colour, values)
        for name, colour, values in zip(content.names, _cycled(len(content.names)), content.percent, strict=True)
    )
    return _over_cycles("adapters", "Reads with adapter (%)", content, series, 10.0)


def insert_size_plot(pairs: PairStatistics | None) -> Plot | None:
    """How many pairs have which insert size; ``None`` where no mates overlap."""
    if pairs is None or not pairs.insert_sizes:
        return None
    # Sizes that do not occur are 0, not unknown.
    counts = dict(zip(pairs.insert_sizes, pairs.counts, strict=True))
    sizes = range(min(counts), max(counts) + 1)
    return Plot(
        module="pairs",
        title="Insert size",
        x_label="Insert (bp)",
        y_label="Pairs",
        places=tuple(float(size) for size in sizes),
        names=tuple(str(size) for size in sizes),
        series=(Series("Pairs", "line-1", tuple(counts.get(size, 0) for size in sizes)),),
    )


def _cycled(count: int) -> list[str]:
    return [ADAPTER_COLOURS[number % len(ADAPTER_COLOURS)] for number in range(count)]


def as_percent(counts: tuple[float, ...]) -> Values:
    """Counts as percent of their sum."""
    total = sum(counts)
    return tuple(100 * count / total if total else 0.0 for count in counts)


_DRAWN: dict[str, Callable[..., Plot | None]] = {
    "base_quality": _base_quality,
    "tile_quality": _tile_quality,
    "sequence_quality": _sequence_quality,
    "base_content": _base_content,
    "gc_content": _gc_content,
    "n_content": _n_content,
    "lengths": _lengths,
    "duplication": _duplication,
    "adapters": _adapters,
}
