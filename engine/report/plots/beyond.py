"""Plots of what FastQC does not measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.collectors.results import Floats, QcResults, SequenceQuality, YieldByChannel, YieldOverTime
from engine.report.plots.flow_cell import tile_quality_plot, tile_reads_plot
from engine.report.plots.modules import insert_size_plot
from engine.report.plots.plot import Heat, Plot, Scale, Series
from engine.report.plots.ticks import short

MODULES = ("pairs", "error_quality", "length_quality", "tile_yield", "yield_over_time", "yield_by_channel")
"""What is measured besides FastQC's modules and drawn, by name in ``QcResults``; judged by no profile."""

_LONG = 4 * 3600


def beyond_plots(results: QcResults) -> dict[str, dict[str, Plot]]:
    """The plots of each of `MODULES` that was measured, by names of their own."""
    drawn = {
        module: {name: plot for name, draw in plots.items() if (plot := draw(results)) is not None and plot.places}
        for module, plots in _DRAWN.items()
    }
    return {module: plots for module, plots in drawn.items() if plots}


def _pairs(results: QcResults) -> Plot | None:
    return insert_size_plot(results.pairs)


def _error_quality(results: QcResults) -> Plot | None:
    """Reads by mean quality from the chances of error, and by the arithmetic mean beside it."""
    quality = results.error_quality
    if quality is None or not quality.qualities:
        return None
    other = results.sequence_quality or SequenceQuality()
    mine = dict(zip(quality.qualities, quality.counts, strict=True))
    theirs = dict(zip(other.qualities, other.counts, strict=True))
    places = range(min((*mine, *theirs)), max((*mine, *theirs)) + 1)
    return Plot(
        module="error_quality",
        title="Mean quality of reads, from the chances of error",
        x_label="Mean quality of the read (Phred)",
        y_label="Reads",
        places=tuple(float(place) for place in places),
        names=tuple(str(place) for place in places),
        series=(
            Series("Arithmetic mean", "theory", tuple(theirs.get(place, 0) for place in places), dashed=True),
            Series("From the chances of error", "line-1", tuple(mine.get(place, 0) for place in places)),
        ),
    )


def _length_quality(results: QcResults) -> Plot | None:
    found = results.length_quality
    if found is None or not found.qualities:
        return None
    most = max(max(row) for row in found.counts)
    names = tuple(
        f"{start:,}" if start == end else f"{start:,}-{end:,}"
        for start, end in zip(found.starts, found.ends, strict=True)
    )
    cells = tuple(
        tuple(float(row[at]) if row[at] else None for row in found.counts)
        for at in reversed(range(len(found.qualities)))
    )
    scale = Scale("amount", 1.0, float(max(most, 2)), _counted(most), is_logarithmic=True)
    return Plot(
        module="length_quality",
        title="Length against quality",
        x_label="Length (bp)",
        y_label="Mean quality from errors (Phred)",
        places=tuple(float(at) for at in range(len(found.starts))),
        names=names,
        heat=Heat(tuple(str(quality) for quality in reversed(found.qualities)), cells, scale, "Quality", " reads"),
    )


def _counted(most: int) -> tuple[tuple[float, str], ...]:
    middle = round(most**0.5)
    return tuple((float(count), f"{short(count)} reads") for count in dict.fromkeys((1, middle, most)))


def _yield_over_time(results: QcResults) -> Plot | None:
    found = results.yield_over_time
    if found is None or not found.starts:
        return None
    minutes = found.seconds // 60
    plot = _over_time(found, found.bases, Series("Bases", "line-1", ()), 0)
    return replace(plot, title="Yield over time", y_label=f"Bases in {minutes} min")


def _quality_over_time(results: QcResults) -> Plot | None:
    found = results.yield_over_time
    if found is None or not found.starts:
        return None
    plot = _over_time(found, found.mean_quality, Series("Mean quality", "mean", ()), None)
    return replace(plot, title="Quality over time", y_label="Mean quality (Phred)", bridged=True)


def _over_time(found: YieldOverTime, values: Floats, look: Series, missing: float | None) -> Plot:
    """Values by time since the first read; bins without reads have the value ``missing``."""
    known = dict(zip(found.starts, values, strict=True))
    starts = range(found.starts[0], found.starts[-1] + 1, found.seconds)
    unit, name = (60.0, "Minutes") if len(starts) * found.seconds < _LONG else (3600.0, "Hours")
    times = [(start - starts[0] + found.seconds / 2) / unit for start in starts]
    return Plot(
        module="yield_over_time",
        title="",
        x_label=f"{name} since the first read",
        y_label="",
        places=tuple(times),
        names=tuple(f"{time:.1f}" for time in times),
        series=(replace(look, values=tuple(known.get(start, missing) for start in starts)),),
    )


def _yield_by_channel(results: QcResults) -> Plot | None:
    found = results.yield_by_channel
    if found is None or not found.channels:
        return None
    plot = _by_channel(found, found.bases, Series("Bases", "line-1", ()), 0)
    return replace(plot, title="Yield by channel", y_label="Bases")


def _quality_by_channel(results: QcResults) -> Plot | None:
    found = results.yield_by_channel
    if found is None or not found.channels:
        return None
    plot = _by_channel(found, found.mean_quality, Series("Mean quality", "mean", ()), None)
    return replace(plot, title="Quality by channel", y_label="Mean quality (Phred)")


def _by_channel(found: YieldByChannel, values: Floats, look: Series, missing: float | None) -> Plot:
    known = dict(zip(found.channels, values, strict=True))
    channels = range(found.channels[0], found.channels[-1] + 1)
    return Plot(
        module="yield_by_channel",
        title="",
        x_label="Channel",
        y_label="",
        places=tuple(float(channel) for channel in channels),
        names=tuple(str(channel) for channel in channels),
        series=(replace(look, values=tuple(known.get(channel, missing) for channel in channels)),),
    )


_DRAWN: dict[str, dict[str, Callable[[QcResults], Plot | None]]] = {
    "pairs": {"pairs": _pairs},
    "error_quality": {"error_quality": _error_quality},
    "length_quality": {"length_quality": _length_quality},
    "tile_yield": {"tile_yield": tile_reads_plot, "tile_yield_quality": tile_quality_plot},
    "yield_over_time": {"yield_over_time": _yield_over_time, "quality_over_time": _quality_over_time},
    "yield_by_channel": {"yield_by_channel": _yield_by_channel, "quality_by_channel": _quality_by_channel},
}
