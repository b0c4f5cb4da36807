from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.run.state import InvalidTransition, RunEvent, RunState, can, next_state

E, S = RunEvent, RunState


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([E.START, E.FINISH], S.COMPLETED),
        ([E.START, E.PAUSE, E.RESUME, E.FINISH], S.COMPLETED),
        ([E.START, E.PAUSE, E.FINISH], S.COMPLETED),
        ([E.START, E.FAIL], S.FAILED),
        ([E.START, E.PAUSE, E.FAIL], S.FAILED),
        ([E.START, E.CANCEL, E.FINISH], S.CANCELLED),
        ([E.START, E.PAUSE, E.CANCEL, E.FINISH], S.CANCELLED),
        ([E.START, E.CANCEL, E.FAIL], S.CANCELLED),
        ([E.CANCEL], S.CANCELLED),
        ([E.START, E.LOSE], S.INTERRUPTED),
    ],
)
def test_lives_of_a_run(events: list[RunEvent], end: RunState) -> None:
    state = S.CREATED
    for event in events:
        assert not state.is_final
        state = next_state(state, event)
    assert state is end
    assert state.is_final


@given(st.sampled_from(RunState), st.sampled_from(RunEvent))
def test_what_can_happen_happens_and_nothing_else(state: RunState, event: RunEvent) -> None:
    if can(state, event):
        assert isinstance(next_state(state, event), RunState)
    else:
        with pytest.raises(InvalidTransition):
            next_state(state, event)


@pytest.mark.parametrize("state", [state for state in RunState if state.is_final])
def test_nothing_follows_a_final_state(state: RunState) -> None:
    assert not any(can(state, event) for event in RunEvent)
