"""The parts of one run that can be compared: first and second mates, before and after a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from engine.collectors.results import QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.compare import Compared

_MATES = ("read 1", "read 2")
_SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a run's reads.

    Attributes:
        key: below 0, so that it is never that of a run; another for every part of every run.
        name: what to call it beside the others.
        is_second: whether it is of second mates.
        is_after: whether it is of the reads that a pipeline kept.
        results: what was found.
        both: what to call it together with its mates.
    """

    key: int
    name: str
    is_second: bool
    is_after: bool
    results: QcResults
    both: str

    @property
    def compared(self) -> Compared:
        """The part as a run among others."""
        return Compared(self.key, self.name, self.results, self.both)


def parts_of(run: RunSnapshot) -> tuple[Part, ...]:
    """The parts of a run, mates side by side, before the pipeline first; one alone is the run itself."""
    sides = (run.results,) if run.results_after is None else (run.results, run.results_after)
    found = [
        (bool(second), bool(after), results)
        for second in range(2)
        for after, side in enumerate(sides)
        for results in [side.mate if second else side]
        if results is not None
    ]
    is_paired = run.results.mate is not None
    return tuple(
        Part(
            -(len(_MATES) * len(_SIDES) * run.run_id + number) - 1,
            _name(mate, side, is_paired, len(sides) > 1),
            mate,
            side,
            results,
            _SIDES[side].capitalize() if len(sides) > 1 else "Both reads",
        )
        for number, (mate, side, results) in enumerate(found)
    )


def _name(is_second: bool, is_after: bool, is_paired: bool, has_sides: bool) -> str:
    words = [_MATES[is_second]] if is_paired else []
    if has_sides:
        words.append(_SIDES[is_after])
    return ", ".join(words).capitalize()


def titled(run: RunSnapshot) -> tuple[str, str]:
    """Heading and note of the comparison."""
    halves = [half for half in ("mates",) if run.results.mate is not None]
    halves += ["before and after the pipeline"] if run.results_after is not None else []
    return f"Compare {', '.join(halves)}", f"{run.name}: a line each in every plot, as shares of their own reads"
