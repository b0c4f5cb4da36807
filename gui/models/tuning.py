"""How a run is tuned by its load, in words."""

from __future__ import annotations

from dataclasses import dataclass

from engine.report.load_text import decision_text, memory_text
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.tuning.decision import Verdict
from gui.models.flow import buffers_text
from gui.models.format import plural

FIRST_SHOWN = 5
"""Decisions that are shown before somebody asks for all."""

_LOOKS = {
    Verdict.TRIED: ("running", "accent"),
    Verdict.KEPT: ("passed", "passed"),
    Verdict.TAKEN_BACK: ("stopped", "muted"),
    Verdict.SETTLED: ("created", "muted"),
    Verdict.FORCED: ("warned", "warned"),
}
_GOING = {RunState.RUNNING, RunState.PAUSED}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision.

    Attributes:
        symbol: icon and token.
        text: when, what, and why.
    """

    symbol: tuple[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class TuningPage:
    """What the window tells of tuning.

    Attributes:
        is_shown: whether there is anything to tell.
        setting: how the run is carried out now.
        decisions: the newest first.
        left_out: decisions that were not kept.
        buffers: the buffers by their size.
        can_freeze: whether the run can be held at its setting, or let go.
        is_frozen: whether it is held.
    """

    is_shown: bool
    setting: str = ""
    decisions: tuple[DecisionLine, ...] = ()
    left_out: int = 0
    buffers: str = ""
    can_freeze: bool = False
    is_frozen: bool = False


def present_tuning(snapshot: RunSnapshot) -> TuningPage:
    """The page for ``snapshot``."""
    tuning = snapshot.tuning
    if tuning is None:
        return TuningPage(is_shown=False)
    setting = tuning.setting
    sizes = f"batches of {memory_text(setting.batch_bytes)}, up to {memory_text(setting.in_flight_bytes)} under way"
    return TuningPage(
        is_shown=True,
        setting=f"{plural(setting.workers, 'worker')}, {sizes}",
        decisions=tuple(
            DecisionLine(_LOOKS[each.verdict], decision_text(each).strip()) for each in reversed(tuning.decisions)
        ),
        left_out=tuning.left_out,
        buffers=buffers_text(snapshot),
        can_freeze=snapshot.state in _GOING,
        is_frozen=tuning.is_frozen,
    )
