"""Tests with a window leave those after them a thread without a loop."""

from __future__ import annotations

import asyncio

import pytest


async def _running() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _runs_alone() -> bool:
    """Whether this thread can run a loop of its own."""
    return isinstance(asyncio.run(_running()), asyncio.AbstractEventLoop)


@pytest.mark.usefixtures("_session_loop")
def test_no_loop_runs_where_no_window_asks_for_one() -> None:
    assert _runs_alone()


@pytest.mark.parametrize("turn", [1, 2])
def test_the_loop_of_the_window_is_at_work_in_its_own_tests_alone(loop: asyncio.AbstractEventLoop, turn: int) -> None:
    assert turn
    assert asyncio.get_running_loop() is loop
    assert asyncio.get_event_loop() is loop


def test_a_test_after_them_runs_its_own() -> None:
    assert _runs_alone()
