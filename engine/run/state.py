"""The life of a run as a pure state machine."""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands. ``INTERRUPTED`` is found afterwards: its process ended without a word."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not _NEXT[self]


class RunEvent(StrEnum):
    """What can happen to a run."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    FAIL = "fail"
    LOSE = "lose"


_NEXT: dict[RunState, dict[RunEvent, RunState]] = {
    RunState.CREATED: {
        RunEvent.START: RunState.RUNNING,
        RunEvent.CANCEL: RunState.CANCELLED,
        RunEvent.FAIL: RunState.FAILED,
        RunEvent.LOSE: RunState.INTERRUPTED,
    },
    RunState.RUNNING: {
        RunEvent.PAUSE: RunState.PAUSED,
        RunEvent.CANCEL: RunState.CANCELLING,
        RunEvent.FINISH: RunState.COMPLETED,
        RunEvent.FAIL: RunState.FAILED,
        RunEvent.LOSE: RunState.INTERRUPTED,
    },
    RunState.PAUSED: {
        RunEvent.RESUME: RunState.RUNNING,
        RunEvent.CANCEL: RunState.CANCELLING,
        RunEvent.FINISH: RunState.COMPLETED,  # paused when all had been read, while the results were worked out
        RunEvent.FAIL: RunState.FAILED,
        RunEvent.LOSE: RunState.INTERRUPTED,
    },
    RunState.CANCELLING: {
        RunEvent.FINISH: RunState.CANCELLED,
        RunEvent.FAIL: RunState.CANCELLED,
        RunEvent.LOSE: RunState.INTERRUPTED,
    },
    RunState.COMPLETED: {},
    RunState.FAILED: {},
    RunState.CANCELLED: {},
    RunState.INTERRUPTED: {},
}


class InvalidTransition(Exception):
    """An event that cannot happen in a state: a defect of the caller."""


def next_state(state: RunState, event: RunEvent) -> RunState:
    """The state after ``event``.

    Raises:
        InvalidTransition: the event cannot happen in ``state``.
    """
    try:
        return _NEXT[state][event]
    except KeyError:
        raise InvalidTransition(f"{event} cannot happen to a run that is {state}") from None


def can(state: RunState, event: RunEvent) -> bool:
    """Whether ``event`` may happen in ``state``; what enables a button."""
    return event in _NEXT[state]
