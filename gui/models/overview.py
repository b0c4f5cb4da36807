"""What the overview tells of a run: its reads as they came, and as a pipeline left them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.collectors.results import QcResults
from engine.report.after import before_and_after
from engine.run.snapshot import RunSnapshot
from gui.models.outliers import PartMeasured, parts_measured
from gui.models.verdict import Judged, judge, judge_mates


@dataclass(frozen=True, slots=True)
class Side:
    """How the reads of a run are, as they came or as its pipeline left them.

    Attributes:
        judged: how each module came out, of pairs the worse mate; empty where there are no reads.
        measured: what is compared with other runs.
    """

    judged: tuple[Judged, ...] = ()
    measured: tuple[PartMeasured, ...] = ()


@dataclass(frozen=True, slots=True)
class RunVerdicts:
    """How a run came out.

    Attributes:
        before: of the reads as they came.
        after: of those that its pipeline kept; ``None`` where it had none.
        by: the title of the profile that says so.
    """

    before: Side = Side()
    after: Side | None = None
    by: str = ""

    def side(self, *, is_after: bool) -> Side:
        """Of the reads after the pipeline, where that is wanted and there was one; else as they came."""
        return self.after if is_after and self.after is not None else self.before


def verdicts_of(run: RunSnapshot) -> RunVerdicts:
    """How a run came out by its own profile."""
    before, *after = (
        Side(judge_mates(reads.results, run.limits), parts_measured(reads)) for reads in before_and_after(run)
    )
    return RunVerdicts(before, after[0] if after else None, run.limits.title)


def verdicts_of_part(results: QcResults, run: RunSnapshot) -> RunVerdicts:
    """How a part of a run came out, such as its first mates, by the profile of the run."""
    return RunVerdicts(Side(judge(results, run.limits)), by=run.limits.title)
