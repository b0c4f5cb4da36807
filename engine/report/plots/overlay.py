"""The same module of several runs in one plot."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from engine.collectors.results import QcResults
from engine.collectors.verdicts import cycle_labels
from engine.report.fastqc_modules import TITLES
from engine.report.length_classes import FEWEST, length_classes, reach
from engine.report.plots.modules import ADAPTER_COLOURS, CYCLES, as_percent, centres, module_plots
from engine.report.plots.plot import Plot, Series, Values

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

    @property
    def is_by_position(self) -> bool:
        """Whether long reads reach further to the right than short ones."""
        return self.x_label in {CYCLES, _LENGTH}


_CUT = f"A line ends where fewer than one read in {FEWEST} goes on."


class _Drawn(NamedTuple):
    number: int
    name: str
    reach: int
    line: Line


def overlaid_plots(runs: Sequence[tuple[str, QcResults]]) -> dict[str, Plot]:
    """One plot a module with a line for each run that measured it, by module, in FastQC's order.

    Args:
        runs: name and results of each.
    """
    colours = _colours(len(runs), frozenset())
    drawn = {module: _drawn(kind, runs, [0] * len(runs)) for module, kind in _KINDS.items()}
    return {
        module: _overlaid(module, _KINDS[module], lines, colours, frozenset())
        for module, lines in drawn.items()
        if lines
    }


def overlaid_panels(runs: Sequence[tuple[str, QcResults]], plain: Set[int] = frozenset()) -> dict[str, dict[str, Plot]]:
    """The plots of each module, by names of their own: one, or, of runs whose reads differ much in length, several.

    All of a module have the same y axis, but for lengths: they are counted in groups as wide as the reads are long.
    Lines by position end where `reach` does.

    Args:
        runs: name and results of each.
        plain: which of them, from 0, are drawn in grey and below the others.
    """
    reaches = [reach(results) for _, results in runs]
    colours = _colours(len(runs), plain)
    panels = {}
    for module, kind in _KINDS.items():
        found = _drawn(kind, runs, reaches)
        if not found:
            continue
        classes = length_classes([max(1, one.reach) for one in found]) if kind.is_by_position else [range(len(found))]
        together = [[found[at] for at in members] for members in classes]
        panels[module] = _panels(module, [_overlaid(module, kind, one, colours, plain) for one in together], together)
    return panels


def _drawn(kind: _Kind, runs: Sequence[tuple[str, QcResults]], reaches: Sequence[int]) -> list[_Drawn]:
    return [
        _Drawn(number, name, reaches[number], line)
        for number, (name, results) in enumerate(runs)
        if (line := _line(kind, results, reaches[number])) is not None and line.places
    ]


def _line(kind: _Kind, results: QcResults, reach: int) -> Line | None:
    """The line of a run as far as enough of its reads reach, where that is known: what a few tell hides all others."""
    line = kind.line(results)
    if line is None or not reach or kind.x_label != CYCLES:
        return line
    kept = max(1, bisect_right(line.places, reach))
    return Line(line.places[:kept], line.names[:kept], line.values[:kept])


def _panels(module: str, plots: list[Plot], lines: list[list[_Drawn]]) -> dict[str, Plot]:
    if len(plots) == 1:
        return {module: plots[0]}
    if module != "lengths":
        lows, highs = zip(*(plot.y_range() for plot in plots), strict=True)
        plots = [replace(plot, y_low=min(lows), y_top=max(highs)) for plot in plots]
    named = {}
    for plot, drawn in zip(plots, lines, strict=True):
        longest = max(line.reach for line in drawn)
        files = f"{len(drawn)} files" if len(drawn) > 1 else "1 file"
        group = f"reads of up to {_long(longest)}: {files}"
        named[f"{module}_up_to_{longest}"] = replace(plot, title=f"{plot.title}, {group}", group=group)
    return named


def overlay_words(module: str, runs: Iterable[QcResults] = ()) -> str:
    """What the lines of a module's plots of several runs are, in a few sentences.

    Args:
        module: one of those that `overlaid_panels` draws.
        runs: what is drawn; where the ends of lines are left out, that is told.
    """
    kind = _KINDS[module]
    is_cut = kind.x_label == CYCLES and any(
        reach(results) < results.basic.longest and kind.line(results) is not None for results in runs
    )
    return f"{kind.words} {_CUT}" if is_cut else kind.words


def _long(bases: int) -> str:
    return f"{bases:,} bp" if bases < 1000 else f"{bases / 1000:.3g} kb"


def _colours(count: int, plain: Set[int]) -> list[tuple[str, bool]]:
    """The colour of each run, and whether its line is dashed; the same in all plots."""
    names = tuple(name for name in ADAPTER_COLOURS if not plain or name != _GREY)
    turns = {number: turn for turn, number in enumerate(number for number in range(count) if number not in plain)}
    looks = ((names[turn % len(names)], turn // len(names) % 2 == 1) for turn in turns.values())
    known = dict(zip(turns, looks, strict=True))
    return [known.get(number, ("spread", False)) for number in range(count)]


def _overlaid(
    module: str, kind: _Kind, lines: Sequence[_Drawn], colours: Sequence[tuple[str, bool]], plain: Set[int]
) -> Plot:
    names: dict[float, str] = {}
    for drawn in lines:
        for place, name in zip(drawn.line.places, drawn.line.names, strict=True):
            names.setdefault(place, name)
    places = tuple(sorted(names))
    series = []
    for number, name, _, line in sorted(lines, key=lambda drawn: drawn.number not in plain):
        known = dict(zip(line.places, line.values, strict=True))
        values = tuple(known.get(place) for place in places)
        colour, dashed = colours[number]
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
_LENGTH = "Length (bp)"
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
    "lengths": _Kind(_LENGTH, _READS, "Reads by length, as shares of each file's own reads.", _counted("lengths")),
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
