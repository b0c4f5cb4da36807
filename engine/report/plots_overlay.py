"""The same module of several runs in one plot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.collectors.results import QcResults
from engine.collectors.verdicts import cycle_labels
from engine.report.fastqc_modules import TITLES
from engine.report.plots import Plot, Series, Values
from engine.report.plots_modules import ADAPTER_COLOURS, CYCLES, as_percent, centres, module_plots


class Line(NamedTuple):
    """What stands for one run in the plot: values at places, and what the places are called."""

    places: tuple[float, ...]
    names: tuple[str, ...]
    values: Values


class _Kind(NamedTuple):
    x_label: str
    y_label: str
    line: Callable[[QcResults], Line | None]
    y_least: float = 0.0
    y_top: float | None = None


def overlaid_plots(runs: Sequence[tuple[str, QcResults]]) -> dict[str, Plot]:
    """One plot a module with a line for each run that measured it, in FastQC's order.

    Args:
        runs: name and results of each.
    """
    plots = {}
    for module, kind in _KINDS.items():
        lines = [(number, name, kind.line(results)) for number, (name, results) in enumerate(runs)]
        drawn = [(number, name, line) for number, name, line in lines if line is not None and line.places]
        if drawn:
            plots[module] = _overlaid(module, kind, drawn)
    return plots


def _overlaid(module: str, kind: _Kind, lines: Sequence[tuple[int, str, Line]]) -> Plot:
    names: dict[float, str] = {}
    for _, _, line in lines:
        for place, name in zip(line.places, line.names, strict=True):
            names.setdefault(place, name)
    places = tuple(sorted(names))
    series = []
    for number, name, line in lines:
        known = dict(zip(line.places, line.values, strict=True))
        colour = ADAPTER_COLOURS[number % len(ADAPTER_COLOURS)]
        dashed = number // len(ADAPTER_COLOURS) % 2 == 1
        series.append(Series(name, colour, tuple(known.get(place) for place in places), dashed=dashed))
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
    "base_quality": _Kind(CYCLES, "Mean quality (Phred)", _base_quality, y_least=40.0),
    "tile_quality": _Kind(CYCLES, "Worst tile, from the average (Phred)", _tile_quality, y_least=1.0),
    "sequence_quality": _Kind("Mean quality of the read (Phred)", _READS, _counted("sequence_quality")),
    "base_content": _Kind(CYCLES, "Larger of A\N{EN DASH}T and G\N{EN DASH}C (%)", _base_content, y_least=20.0),
    "gc_content": _Kind("GC of the read (%)", _READS, _counted("gc_content")),
    "n_content": _Kind(CYCLES, "N (%)", _n_content, y_least=5.0),
    "lengths": _Kind("Length (bp)", _READS, _counted("lengths")),
    "duplication": _Kind("Times that a sequence occurs", _READS, _counted("duplication"), y_top=100.0),
    "adapters": _Kind(CYCLES, "Reads with the most frequent adapter (%)", _adapters, y_least=10.0),
}
