"""Reads into pipes whose readers come late, take their time, or never come."""

from __future__ import annotations

import gzip
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.sink.codecs import Packing, pack
from engine.sink.errors import OutputError, SinkAborted
from engine.sink.file import OutputFile
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from tests.parsing import TextSource

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with names in folders")

_MUCH = b"@r\nACGT\n+\nIIII\n" * 50_000  # more than a pipe holds


class Wanted:
    """Reads that are wanted until it has been asked a few times whether they are, which only who waits does."""

    def __init__(self, questions: int = 3) -> None:
        self.left = questions

    def __call__(self) -> bool:
        self.left -= 1
        return self.left > 0


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "reads.fastq"
    os.mkfifo(path)
    return path


@pytest.fixture
def idle_reader(pipe: Path) -> Iterator[int]:
    """Somebody who has opened the pipe and reads nothing."""
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    yield descriptor
    os.close(descriptor)


def expect_given_up(pipe: Path) -> None:
    """Write more than the pipe holds, until it has been asked often enough whether that is still wanted."""
    wanted = Wanted()
    file = OutputFile(pipe, Packing.PLAIN, is_wanted=wanted)
    with pytest.raises(SinkAborted):
        file.write(pack(memoryview(_MUCH), 50_000, Packing.PLAIN))
    assert wanted.left == 0
    file.abandon()


def test_reads_without_a_reader_are_given_up(pipe: Path) -> None:
    expect_given_up(pipe)
    assert pipe.is_fifo()


@pytest.mark.usefixtures("idle_reader")
def test_reads_that_nobody_takes_are_given_up(pipe: Path) -> None:
    expect_given_up(pipe)


@pytest.mark.parametrize("packing", [Packing.PLAIN, Packing.GZIP])
def test_who_reads_late_gets_everything(pipe: Path, packing: Packing) -> None:
    taken: list[bytes] = []
    reader = threading.Thread(target=lambda: taken.append(pipe.read_bytes()))

    def begin_to_read() -> bool:
        if reader.ident is None:  # asked for the first time: somebody waits
            reader.start()
        return True

    file = OutputFile(pipe, packing, is_wanted=begin_to_read)
    file.write(pack(memoryview(_MUCH), 50_000, packing))
    file.end()
    file.publish()
    reader.join()
    assert file.file_bytes == len(taken[0])
    assert (gzip.decompress(taken[0]) if packing is Packing.GZIP else taken[0]) == _MUCH


def test_a_reader_who_has_had_enough_is_an_error(pipe: Path) -> None:
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    file = OutputFile(pipe, Packing.PLAIN)
    os.close(reader)
    with pytest.raises(OutputError, match="cannot be written"):
        file.write(pack(memoryview(_MUCH), 50_000, Packing.PLAIN))
    file.abandon()


def test_a_sink_that_is_aborted_waits_for_no_reader(pipe: Path) -> None:
    sink = OrderedSink(OutputPlan(pipe))
    batch = next(iter(FastqParser(TextSource(_MUCH), BufferPool(1 << 20, 1), Path("reads.fastq"))))
    ended: list[type[BaseException]] = []

    def write() -> None:
        try:
            sink.write(batch)
        except SinkAborted as error:
            ended.append(type(error))

    writer = threading.Thread(target=write)
    writer.start()
    sink.abort()
    writer.join(30)
    assert not writer.is_alive()
    assert ended == [SinkAborted]
    sink.abandon()
