"""Several runs as lines of the same plots: numbers in, lines out, no window in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.collectors.results import DUPLICATION_LEVELS, Floats, QcResults
from engine.report.length_classes import FEWEST, reach
from gui.models.plot_axes import top
from gui.models.plot_series import Array, Line, floats, through_centres, wants_log

SERIES = ("C", "T", "A", "G", "plugin", "N")
"""Colours of the runs, in their order."""

DASHED = frozenset({"A", "G", "N"})
"""Those whose lines are dashed: of two that some people take for one, the one is."""

_POSITION = "position in read (bp)"
_FAR_APART = 8


class Compared(NamedTuple):
    """A run among others: its key, its name, what was found, and what its pairs are called; empty: as the run is."""

    run_id: int
    name: str
    results: QcResults
    both: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A plot of several runs.

    Attributes:
        key: its module.
        title: what it shows.
        note: what is drawn.
        x_label: bottom axis with its unit.
        y_label: left axis with its unit.
        line: the line of one run, or ``None`` where it was not measured; the flag says whether the bottom axis will
            be logarithmic.
        least_top: where the left axis ends at least.
        of_pairs: whether it is of both mates together.
        decimals: of values in words.
        said: what to say of a run behind its name.
    """

    key: str
    title: str
    note: str
    x_label: str
    y_label: str
    line: Callable[[QcResults, bool], Line | None]
    least_top: float
    of_pairs: bool = False
    decimals: int = 1
    said: Callable[[QcResults], str] | None = None


def names_apart(runs: Sequence[Compared]) -> list[str]:
    """Names of runs; those that are called alike get their keys."""
    names = [run.name for run in runs]
    return [f"{run.name} (run {run.run_id})" if names.count(run.name) > 1 else run.name for run in runs]


def names_in(overlay: Overlay, runs: Sequence[Compared]) -> list[str]:
    """Names of runs in a plot: in one of pairs, first mates stand for both."""
    return names_apart(
        [run._replace(name=run.both) if overlay.of_pairs and run.both and run.results.pairs else run for run in runs]
    )


def legend_name(overlay: Overlay, name: str, results: QcResults) -> str:
    """The name of a run below the plot, with what there is to say of it."""
    words = overlay.said(results) if overlay.said is not None else ""
    return f"{name}: {words}" if words else name


def is_log(overlay: Overlay, runs: Sequence[Compared]) -> bool:
    """Whether the bottom axis is logarithmic: where reads of some run are many times as long as those of another."""
    if overlay.key == "lengths":
        found = [run.results.lengths for run in runs if run.results.lengths is not None]
        # All of them together, for short reads may be compared with long ones.
        whole = sorted(bin_ for one in found for bin_ in zip(one.starts, one.ends, one.counts, strict=True))
        return bool(whole) and wants_log(*zip(*whole, strict=True))
    reaches = [far for run in runs if (far := reach(run.results))]
    return overlay.x_label == _POSITION and bool(reaches) and max(reaches) > _FAR_APART * min(reaches)


def ends_told(runs: Sequence[Compared]) -> str:
    """What to say of lines by position that leave out the ends of a few long reads; empty where none does."""
    is_cut = any(reach(run.results) < run.results.basic.longest for run in runs)
    return f"lines by position end where fewer than one read in {FEWEST} goes on" if is_cut else ""


def drawn(overlay: Overlay, results: QcResults, log: bool) -> Line | None:
    """The line of one run, with powers of ten along the bottom where ``log``; ``None`` where there is nothing.

    Lines by position end where `reach` does: what a few reads tell at their ends hides all others.
    """
    line = overlay.line(results, log)
    if line is None or not len(line.x):
        return None
    if overlay.x_label == _POSITION and (far := reach(results)):
        kept = max(1, int(np.searchsorted(line.x, far + 0.5, side="right")))
        line = Line(line.x[:kept], line.y[:kept])
    return Line(np.log10(np.maximum(line.x, 1.0)), line.y) if log else line


def ranges(overlay: Overlay, lines: Sequence[Line]) -> tuple[tuple[float, float], tuple[float, float]]:
    """What all of ``lines`` need of the bottom and the left axis."""
    x = np.concatenate([line.x for line in lines])
    y = np.concatenate([line.y for line in lines])
    highest = float(np.nanmax(y)) if np.isfinite(y).any() else 0.0
    high = max(overlay.least_top, overlay.least_top if highest <= overlay.least_top else top(highest))
    if overlay.y_label.startswith("%"):
        high = min(100.0, high)
    air = 0.5 if overlay.key == "duplication" else 0.0
    low, far = float(x.min()) - air, float(x.max()) + air
    return (low, far if far > low else low + 1.0), (0.0, high)


def _median(results: QcResults, _log: bool) -> Line | None:
    quality = results.base_quality
    return None if quality is None else through_centres(quality.starts, quality.ends, quality.median)


def _read_quality(results: QcResults, _log: bool) -> Line | None:
    quality = results.sequence_quality
    if quality is None or not quality.counts:
        return None
    return Line(np.asarray(quality.qualities, dtype=np.float64), _percent(quality.counts))


def _imbalance(results: QcResults, _log: bool) -> Line | None:
    """The greater of the differences between A and T and between G and C."""
    content = results.base_content
    if content is None or not content.starts:
        return None
    apart = np.fmax(_apart(content.a, content.t), _apart(content.g, content.c))
    return through_centres(content.starts, content.ends, apart.tolist())


def _gc(results: QcResults, _log: bool) -> Line | None:
    content = results.gc_content
    if content is None or not any(content.counts):
        return None
    return Line(np.arange(len(content.counts), dtype=np.float64), _percent(content.counts))


def _n_content(results: QcResults, _log: bool) -> Line | None:
    content = results.n_content
    return None if content is None or not content.starts else through_centres(content.starts, content.ends, content.n)


def _error_quality(results: QcResults, _log: bool) -> Line | None:
    quality = results.error_quality
    if quality is None or not quality.counts:
        return None
    return Line(np.asarray(quality.qualities, dtype=np.float64), _percent(quality.counts))


def _lengths(results: QcResults, log: bool) -> Line | None:
    """Reads of at least a length: alike however lengths were put into bins."""
    lengths = results.lengths
    if lengths is None or not any(lengths.counts):
        return None
    shares = _percent(lengths.counts)
    at_least = np.concatenate((np.cumsum(shares[::-1])[::-1], [0.0]))
    present = np.flatnonzero(shares)
    first, last = int(present[0]), int(present[-1])
    x = np.asarray([*lengths.starts[first : last + 1], lengths.ends[last] + 1], dtype=np.float64)
    y = at_least[first : last + 2]
    begin = max(1.0, x[0] / 2) if log else 0.0
    x, y = np.concatenate(([min(begin, x[0])], x)), np.concatenate(([100.0], y))
    return Line(x, y)


def _duplication(results: QcResults, _log: bool) -> Line | None:
    found = results.duplication
    if found is None or len(found.percent) != len(DUPLICATION_LEVELS):
        return None
    return Line(np.arange(len(DUPLICATION_LEVELS), dtype=np.float64), np.asarray(found.percent, dtype=np.float64))


def _adapters(results: QcResults, _log: bool) -> Line | None:
    """The most frequent adapter at each place."""
    content = results.adapters
    if content is None or content.too_short or not content.starts:
        return None
    most = np.asarray(content.percent, dtype=np.float64).max(axis=0)
    return through_centres(content.starts, content.ends, most.tolist())


def _insert_sizes(results: QcResults, _log: bool) -> Line | None:
    """Pairs that overlap, by the size of their insert; sizes that do not occur are 0."""
    pairs = results.pairs
    if pairs is None or not pairs.insert_sizes:
        return None
    first = pairs.insert_sizes[0] - 1
    counts = np.zeros(pairs.insert_sizes[-1] - first + 2)
    counts[np.asarray(pairs.insert_sizes) - first] = pairs.counts
    return Line(first + np.arange(len(counts), dtype=np.float64), _percent(counts.tolist()))


def _insert_words(results: QcResults) -> str:
    pairs = results.pairs
    if pairs is None or not pairs.pairs:
        return ""
    share = f"{100 * pairs.overlapping / pairs.pairs:.0f} % overlap"
    return share if pairs.median is None else f"median {pairs.median:,} bp, {share}"


def _percent(counts: Sequence[float]) -> Array:
    values = np.asarray(counts, dtype=np.float64)
    shares: Array = values * (100.0 / max(1.0, float(values.sum())))
    return shares


def _apart(one: Floats, other: Floats) -> Array:
    apart: Array = np.abs(floats(one) - floats(other))
    return apart


OVERLAYS = (
    Overlay("base_quality", "Per base sequence quality", "median", _POSITION, "Phred", _median, 42.0),
    Overlay(
        "sequence_quality",
        "Per sequence quality scores",
        "by mean",
        "mean quality (Phred)",
        "% of reads",
        _read_quality,
        5.0,
    ),
    Overlay(
        "base_content",
        "Per base sequence content",
        "A\N{EN DASH}T or G\N{EN DASH}C",
        _POSITION,
        "% apart",
        _imbalance,
        20.0,
    ),
    Overlay("gc_content", "Per sequence GC content", "share of reads", "GC (%)", "% of reads", _gc, 5.0),
    Overlay("n_content", "Per base N content", "share of N", _POSITION, "% of bases", _n_content, 5.0),
    Overlay(
        "lengths", "Sequence Length Distribution", "at least so long", "length (bp)", "% of reads", _lengths, 100.0
    ),
    Overlay(
        "duplication",
        "Sequence Duplication Levels",
        "by level",
        "times that a sequence occurs",
        "% of reads",
        _duplication,
        20.0,
    ),
    Overlay("adapters", "Adapter Content", "most frequent one", _POSITION, "% of reads", _adapters, 5.0),
    Overlay(
        "error_quality",
        "Quality by errors",
        "mean of the chances of error",
        "mean quality (Phred)",
        "% of reads",
        _error_quality,
        5.0,
    ),
    Overlay(
        "pairs",
        "Insert size",
        "pairs that overlap",
        "insert size (bp)",
        "% of overlapping pairs",
        _insert_sizes,
        0.5,
        of_pairs=True,
        decimals=2,
        said=_insert_words,
    ),
)
"""The plots that runs are compared by, in FastQC's order, then what FastQC lacks."""
