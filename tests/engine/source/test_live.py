"""A source that is read by a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.source.live import LiveSource
from tests.stored_files import read_all

_PATH = Path("slow")


class SlowSource:
    """Pieces of text that come when they are let, and then an end or an error; closing frees a thread that waits."""

    kind = "slow"
    size: int | None = None

    def __init__(self, pieces: list[bytes], error: InputError | None = None, *, are_there: bool = False) -> None:
        self._pieces = pieces
        self._error = error
        self.gate = threading.Semaphore(len(pieces) + 1 if are_there else 0)
        self.is_closed = False
        self.position = 0
        self.reads = 0

    def read_into(self, target: memoryview) -> int:
        self.gate.acquire()
        self.reads += 1
        if self.is_closed:
            raise InputError("It was broken off.", path=_PATH)
        if not self._pieces:
            if self._error:
                raise self._error
            return 0
        piece = self._pieces.pop(0)
        target[: len(piece)] = piece
        self.position += 1
        return len(piece)

    def close(self) -> None:
        self.is_closed = True
        self.gate.release()


def threads() -> int:
    return sum(thread.name == "lanescope live input" for thread in threading.enumerate())


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_text_comes_whole_and_in_order(size: int) -> None:
    pieces = [b"ACGT" * n for n in range(1, 20)]
    text = b"".join(pieces)
    assert read_all(LiveSource(SlowSource(pieces, are_there=True)), size) == (text, None)
    assert threads() == 0


def test_nothing_within_the_time_is_told_and_nothing_is_lost() -> None:
    slow = SlowSource([b"first", b"second"])
    source = LiveSource(slow)
    target = memoryview(bytearray(100))
    assert source.read_within(target, 0) is None
    slow.gate.release()
    assert source.read_within(target, 30) == 5
    assert source.read_within(target, 0) is None
    slow.gate.release()
    slow.gate.release()
    assert source.read_into(target) == 6
    assert bytes(target[:6]) == b"second"
    assert source.read_within(target, 30) == 0
    assert source.read_into(target) == 0
    source.close()
    source.close()


def test_the_position_is_that_of_what_was_handed_out() -> None:
    source = LiveSource(SlowSource([b"one", b"two"], are_there=True))
    target = memoryview(bytearray(2))
    positions = []
    while source.read_into(target):
        positions.append(source.position)
    assert positions == [0, 1, 1, 2]
    source.close()


def test_trouble_comes_after_the_text_before_it_and_stays() -> None:
    gone = InputError("The drive is gone.", path=_PATH)
    source = LiveSource(SlowSource([b"text"], gone, are_there=True))
    target = memoryview(bytearray(10))
    assert source.read_into(target) == 4
    for _ in range(2):
        with pytest.raises(InputError) as raised:
            source.read_into(target)
        assert raised.value is gone
    source.close()


def test_closing_frees_who_waits() -> None:
    source = LiveSource(SlowSource([]))
    outcomes: list[BaseException] = []

    def read() -> None:
        try:
            source.read_into(memoryview(bytearray(1)))
        except InputError as error:
            outcomes.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    source.close()
    reader.join(30)
    assert len(outcomes) == 1
    assert threads() == 0


def test_no_more_than_some_megabytes_lie_ready() -> None:
    slow = SlowSource([bytes(1 << 20) for _ in range(20)], are_there=True)
    source = LiveSource(slow)
    target = memoryview(bytearray(1 << 20))
    for handed_out in range(1, 21):
        assert source.read_into(target) == 1 << 20
        assert slow.reads <= handed_out + 8
    assert source.read_into(target) == 0
    source.close()


def test_one_that_was_never_read_needs_no_thread() -> None:
    source = LiveSource(SlowSource([]))
    source.close()
    assert threads() == 0
