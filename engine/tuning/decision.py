"""What was tried in a run, why, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.tuning.setting import Knob, Setting


class Verdict(StrEnum):
    """What became of a step."""

    TRIED = "tried"
    KEPT = "kept"
    TAKEN_BACK = "taken back"
    SETTLED = "settled"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of a run's log.

    Attributes:
        time: seconds of work since the start of the run.
        verdict: what happened: a step was tried, kept, or taken back; memory forced one; nothing is left to try.
        knob: what was moved; ``None`` where nothing was.
        before: where it stood before the step.
        after: where the step took it.
        reason: why, in words for a person.
    """

    time: float
    verdict: Verdict
    knob: Knob | None
    before: int
    after: int
    reason: str


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a run was tuned until now.

    Attributes:
        setting: how it is carried out.
        is_frozen: whether nothing is moved any more, because somebody wants it so.
        decisions: the last of them, oldest first.
        left_out: decisions before those, which are not kept.
    """

    setting: Setting
    is_frozen: bool = False
    decisions: tuple[Decision, ...] = field(default=())
    left_out: int = 0
