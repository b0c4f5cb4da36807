"""Which of many samples are unlike the others, by robust statistics over the numbers that everybody looks at.

A sample stands out where it is further from the median of its group than five times the spread that the middle half
suggests, and by enough to matter. Median and median absolute deviation are those of P. J. Rousseeuw and C. Croux,
"Alternatives to the Median Absolute Deviation", JASA 88 (1993): odd samples hardly move them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import log
from statistics import median
from typing import NamedTuple

from engine.collectors.results import QcResults
from engine.report.after import kept_by
from engine.report.sample_numbers import (
    adapter_percent,
    duplicates_percent,
    gc_percent,
    mean_length,
    mean_quality,
    q30_percent,
)
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.source.file_names import read_name

FEWEST = 5
"""Of fewer samples nobody can say which one is odd."""

_FAR = 5.0
_NOTHING = 1e-9  # instead of 0, which is further from anything than any number is
_CONSISTENT = 1.4826  # times the median absolute deviation: the standard deviation of a normal distribution


class StandsOut(NamedTuple):
    """One number of a sample that is unlike those of the others.

    Attributes:
        at: which of the samples, from 0.
        measure: what is told, as in ``mean quality``.
        value: of the sample, for people.
        usual: the median of its group, likewise.
        distance: from the median, in spreads; 1 or more of what it takes to stand out.
        short: the measure where there is little room, as in ``quality``.
    """

    at: int
    measure: str
    value: str
    usual: str
    distance: float
    short: str


class _Measure(NamedTuple):
    name: str
    short: str
    of: Callable[[QcResults], float | None]
    told: Callable[[float], str]
    least: float
    """So far from the median, at least, or nobody would mind."""
    is_ratio: bool = False
    """`least` is a factor, either way, and not a difference: half as many are as far away as twice as many."""

    def scaled(self, value: float) -> float:
        """The value on the scale on which distances are taken."""
        return log(max(value, _NOTHING)) if self.is_ratio else value

    @property
    def enough(self) -> float:
        """The least distance on that scale."""
        return log(self.least) if self.is_ratio else self.least


class Measured(NamedTuple):
    """What of a sample is compared.

    Attributes:
        group: what it can be compared with: which mate it is, whether it is of reads that a pipeline kept, and
            whether it tells tiles.
        values: one for each measure, ``None`` where it was not measured.
    """

    group: tuple[int, bool, bool]
    values: tuple[float | None, ...]


def standing_out(runs: Sequence[RunSnapshot]) -> list[StandsOut]:
    """What is unlike the rest, the furthest first.

    First mates are compared with first mates, second with second ones, and reads after a pipeline with the like. Runs
    that did not read their whole input are left out: what they lack is told elsewhere.

    Args:
        runs: one sample or mate each.
    """
    return unlike_the_rest([measured(run) for run in runs])


def measured(run: RunSnapshot) -> Measured | None:
    """What of one sample or mate is compared; ``None`` where it was not read to its end."""
    if run.state is not RunState.COMPLETED:
        return None
    group = read_name(run.path).read, bool(kept_by(run)), run.results.tile_quality is None
    return Measured(group, tuple(measure.of(run.results) for measure in _MEASURES))


def unlike_the_rest(samples: Sequence[Measured | None]) -> list[StandsOut]:
    """What is unlike the rest, the furthest first.

    Args:
        samples: what `measured` gives; ``None`` is compared with nothing.
    """
    groups: defaultdict[tuple[int, bool, bool], list[tuple[int, Measured]]] = defaultdict(list)
    for at, sample in enumerate(samples):
        if sample is not None:
            groups[sample.group].append((at, sample))
    found = [one for group in groups.values() if len(group) >= FEWEST for one in _of_group(group)]
    return sorted(found, key=lambda one: (-one.distance, one.at))


def _of_group(group: Sequence[tuple[int, Measured]]) -> list[StandsOut]:
    found = []
    for number, measure in enumerate(_MEASURES):
        values = {at: value for at, sample in group if (value := sample.values[number]) is not None}
        if len(values) < FEWEST:
            continue
        middle = median(values.values())
        distances = {at: abs(measure.scaled(value) - measure.scaled(middle)) for at, value in values.items()}
        enough = max(_FAR * _CONSISTENT * median(distances.values()), measure.enough)
        for at, value in values.items():
            if distances[at] > enough:
                told = measure.told(value), measure.told(middle)
                found.append(StandsOut(at, measure.name, *told, distances[at] / enough, measure.short))
    return found


def _most_n(results: QcResults) -> float | None:
    content = results.n_content
    return max((value for value in content.n if value is not None), default=None) if content is not None else None


def _percent(value: float) -> str:
    return f"{value:.1f} %"


_MEASURES = (
    _Measure(
        "reads", "reads", lambda found: float(found.basic.reads), lambda value: f"{value:,.0f}", 2.0, is_ratio=True
    ),
    _Measure(
        "mean length",
        "length",
        lambda found: mean_length(found.basic),
        lambda value: f"{value:,.1f} bp",
        1.1,
        is_ratio=True,
    ),
    _Measure("GC", "GC", lambda found: gc_percent(found.basic), _percent, 3.0),
    _Measure(
        "mean quality",
        "quality",
        lambda found: mean_quality(found.basic),
        lambda value: f"Q{value:.1f}",
        2.0,
    ),
    _Measure("bases of Q30 or more", "Q30", lambda found: q30_percent(found.basic), _percent, 5.0),
    _Measure("duplicates", "duplicates", duplicates_percent, _percent, 10.0),
    _Measure("adapter", "adapter", adapter_percent, _percent, 5.0),
    _Measure("N at the worst position", "N", _most_n, _percent, 2.0),
)
