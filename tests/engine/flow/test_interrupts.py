from __future__ import annotations

import signal
import threading

import pytest

from engine.flow.interrupts import held_interrupts


def interrupt_twice(done: list[str], failure: Exception | None = None) -> None:
    with held_interrupts():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        done.append("went on")
        if failure is not None:
            raise failure


def test_an_interrupt_comes_at_the_end_and_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupt_twice(done)
    assert done == ["went on"]
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_comes_in_the_place_of_another_end() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt_twice([], ValueError("another end"))


def test_without_an_interrupt_nothing_is_changed() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="as it is"), held_interrupts():
        raise ValueError("as it is")
    assert signal.getsignal(signal.SIGINT) is before


def test_who_ignores_interrupts_goes_on_ignoring_them() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held_interrupts():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_leave_signals_alone() -> None:
    seen: list[object] = []

    def look() -> None:
        with held_interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
