"""Calls that may never return."""

from __future__ import annotations

import threading

import pytest

from engine.devices.within import within


def test_what_is_returned() -> None:
    assert within(30, lambda: 5) == 5


def test_it_is_another_thread() -> None:
    assert within(30, threading.get_ident) != threading.get_ident()


def test_what_is_raised() -> None:
    def fail() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        within(30, fail)


def test_a_call_that_hangs_is_left_alone() -> None:
    may_end = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.01, may_end.wait)
    may_end.set()
