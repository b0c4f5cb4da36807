from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.sink.errors import NoSpaceError
from engine.sink.file import RESERVE
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from tests.naive_parser import Read
from tests.strategies import batch_of


def reads(count: int) -> list[Read]:
    return [Read(b"r", b"A" * 100, b"I" * 100)] * count


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not on this platform: /dev/full")
def test_a_full_device_is_told_in_words() -> None:
    sink = OrderedSink(OutputPlan(Path("/dev/full")))
    with pytest.raises(NoSpaceError, match="No space left on device") as caught:
        sink.write(batch_of(reads(10)))
    sink.abandon()
    assert caught.value.hint


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out.fastq"))
    write = os.write
    room = [1000]

    def write_some(descriptor: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        count = write(descriptor, data[: room[0]])
        room[0] -= count
        return count

    monkeypatch.setattr(os, "write", write_some)
    with pytest.raises(NoSpaceError):
        sink.write(batch_of(reads(100)))
    sink.abandon()
    assert list(tmp_path.iterdir()) == []


def test_room_is_asked_for_before_the_run(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(NoSpaceError, match="MiB of room"):
        OrderedSink(OutputPlan(tmp_path / "out.fastq"), expected=free + RESERVE)
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_room_is_seen_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = OrderedSink(OutputPlan(tmp_path / "out.fastq"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("engine.sink.file._CHECK_EVERY", 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=RESERVE))
    with pytest.raises(NoSpaceError, match="MiB of room"):
        sink.write(batch_of(reads(10)))
    sink.abandon()
    assert list(tmp_path.iterdir()) == []
