from __future__ import annotations

import threading

import pytest

from engine.devices.turns import Dismissed, Turns


def passes(turns: Turns) -> threading.Event:
    """Set once a worker on the CPU has passed, in a thread that ends then."""
    passed = threading.Event()

    def wait() -> None:
        turns.passed_by_cpu()
        passed.set()

    threading.Thread(target=wait, name="a worker on the CPU").start()
    return passed


def test_all_pass_where_nobody_stands_by() -> None:
    turns = Turns(cpu=True, devices=1)
    turns.passed_by_cpu()
    turns.passed_by_device()


def test_without_devices_the_cpu_never_stands_by() -> None:
    Turns(cpu=False, devices=0).passed_by_cpu()


def test_the_cpu_stands_by_until_the_last_device_fails() -> None:
    turns = Turns(cpu=False, devices=2)
    passed = passes(turns)
    turns.device_failed()
    assert not passed.is_set()
    turns.device_failed()
    assert passed.wait(30)


def test_the_end_frees_who_stands_by() -> None:
    turns = Turns(cpu=False, devices=1)
    passed = passes(turns)
    assert not passed.is_set()
    turns.end()
    assert passed.wait(30)


def test_what_is_left_to_devices_comes_back_when_they_fail() -> None:
    turns = Turns(cpu=True, devices=1)
    turns.leave_to_devices()
    passed = passes(turns)
    assert not passed.is_set()
    turns.device_failed()
    assert passed.wait(30)
    turns.leave_to_devices()  # there are none any more
    turns.passed_by_cpu()


def test_devices_that_are_slower_are_dismissed() -> None:
    turns = Turns(cpu=True, devices=1)
    turns.leave_to_cpu()
    turns.passed_by_cpu()
    with pytest.raises(Dismissed):
        turns.passed_by_device()
