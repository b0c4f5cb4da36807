from __future__ import annotations

import threading

import pytest

from engine.flow.gate import Gate, Stopped


class Passers:
    """Threads that come to a gate."""

    def __init__(self, gate: Gate, count: int) -> None:
        self.passed: list[bool] = []
        self._gate = gate
        self.threads = [threading.Thread(target=self._pass) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _pass(self) -> None:
        try:
            self._gate.passed()
            self.passed.append(True)
        except Stopped:
            self.passed.append(False)

    def wait(self, seconds: float) -> list[bool]:
        """Who has got an answer after so long, or as soon as all have."""
        for thread in self.threads:
            thread.join(seconds / len(self.threads))
        return self.passed


def test_is_open_at_first() -> None:
    gate = Gate()
    gate.passed()
    gate.passed()


def test_holds_everyone_while_shut() -> None:
    gate = Gate()
    gate.shut()
    passers = Passers(gate, 4)
    assert passers.wait(0.05) == []
    gate.open()
    assert passers.wait(5) == [True] * 4
    gate.passed()


def test_can_be_shut_again_and_again() -> None:
    gate = Gate()
    for _ in range(20):
        gate.shut()
        gate.shut()
        passers = Passers(gate, 3)
        gate.open()
        gate.open()
        assert passers.wait(5) == [True] * 3


def test_stop_turns_away_those_who_wait_and_those_who_come() -> None:
    gate = Gate()
    gate.shut()
    passers = Passers(gate, 4)
    assert passers.wait(0.05) == []
    gate.stop()
    assert passers.wait(5) == [False] * 4
    with pytest.raises(Stopped):
        gate.passed()


@pytest.mark.parametrize("after", ["open", "shut", "stop"])
def test_stop_is_for_good(after: str) -> None:
    gate = Gate()
    gate.stop()
    getattr(gate, after)()
    with pytest.raises(Stopped):
        gate.passed()
