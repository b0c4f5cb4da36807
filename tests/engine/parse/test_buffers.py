"""What batches hold, whatever the size of the buffers, and what becomes of buffers when things go wrong."""

from __future__ import annotations

import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import PADDING, ReadBatch
from engine.errors import FastqFormatError, InputError
from engine.flow.pool import BufferPool, PoolAborted
from engine.parse import fastq
from engine.parse.fastq import FastqParser
from tests.naive_parser import Read
from tests.parsing import TextSource, parse_source, parse_text, reads_of
from tests.strategies import fastq_texts, four_lines

PATH = Path("reads.fastq")
READ = Read(b"read", b"ACGT", b"IIII")
RECORD = four_lines(READ)


class FailingSource(TextSource):
    """A text and then an error, as of a drive that is pulled out."""

    def __init__(self, text: bytes, error: Exception) -> None:
        super().__init__(text)
        self._error = error

    def read_into(self, target: memoryview) -> int:
        count = super().read_into(target)
        if count == 0:
            raise self._error
        return count


@settings(max_examples=60)
@given(drawn=fastq_texts(most=12), size=st.integers(1, 300))
def test_the_bytes_of_a_batch_are_those_of_its_reads(drawn: tuple[list[Read], bytes], size: int) -> None:
    _, text = drawn
    ends = [0]

    def seen(batch: ReadBatch) -> None:
        assert parse_text(text[batch.byte_start : batch.byte_end]) == (reads_of(batch), None)
        assert not text[ends[-1] : batch.byte_start].strip()
        ends.append(batch.byte_end)

    parse_source(TextSource(text), size, PATH, seen)
    assert not text[ends[-1] :].strip()


@pytest.mark.parametrize("size", [1, 20, 64, 1000, 1 << 16])
def test_columns_are_what_kernels_take(size: int) -> None:
    def seen(batch: ReadBatch) -> None:
        assert len(batch.buffer) >= size + PADDING
        columns = (
            batch.name_starts,
            batch.name_lengths,
            batch.sequence_starts,
            batch.quality_starts,
            batch.lengths,
        )
        for column in columns:
            assert column.dtype == np.int32
            assert column.shape == (len(batch),)
            assert column.flags.c_contiguous
        past = max(
            int((batch.quality_starts + batch.lengths).max()), int((batch.sequence_starts + batch.lengths).max())
        )
        assert past + PADDING <= len(batch.buffer)
        assert batch.longest == batch.lengths.max()

    reads, error = parse_source(TextSource(RECORD * 100 + b"@last\nAC\nGT\n+\nII\nII"), size, PATH, seen)
    assert (reads, error) == ([READ] * 100 + [Read(b"last", b"ACGT", b"IIII")], None)


@pytest.mark.parametrize("size", [1, 64, 1000, 1 << 13])
@pytest.mark.parametrize("wrapped", [False, True])
def test_records_longer_than_the_buffer(size: int, wrapped: bool) -> None:
    bases, qualities = b"ACGTN" * 4000, b"I@+5~" * 4000
    long = b"@long\n%s\n+\n%s\n" % (bases, qualities)
    if wrapped:
        long = b"@long\n%s\n+\n%s\n" % (bases.replace(b"N", b"N\n")[:-1], qualities.replace(b"~", b"~\n")[:-1])
    expected = [READ, Read(b"long", bases, qualities), READ, Read(b"long", bases, qualities)]
    assert parse_text((RECORD + long) * 2, size) == (expected, None)


def test_the_buffers_size_comes_back_after_a_long_record() -> None:
    sizes: list[int] = []
    text = RECORD * 50 + b"@long\n" + b"A" * 5000 + b"\n+\n" + b"I" * 5000 + b"\n" + RECORD * 2000
    parse_source(TextSource(text), 256, PATH, lambda batch: sizes.append(len(batch.buffer) - PADDING))
    assert sizes[0] == sizes[-1] == 256
    assert 10_000 < max(sizes) < 50_000


def test_memory_does_not_grow_with_the_file() -> None:
    text = RECORD * 200_000
    source = TextSource(text, piece=1 << 14)
    pool = BufferPool(1 << 16, capacity=2)
    parser = FastqParser(source, pool, PATH)
    n_reads = 0
    tracemalloc.start()
    try:
        while (batch := parser.next_batch()) is not None:
            n_reads += len(batch)
            pool.give(batch.buffer)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert n_reads == 200_000
    assert peak < 20 * pool.size
    assert (pool.statistics().allocated, pool.statistics().oversized) == (1, 0)


@pytest.mark.parametrize("line", [b"@" + b"a" * 9000, b"@long\n" + b"A" * 9000, b"@\n" + b"ACGT\n" * 2000])
def test_a_record_without_end_is_refused(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastq, "LARGEST_RECORD", 1000)
    reads, error = parse_text(RECORD * 3 + line, size=100)
    assert reads == [READ] * 3
    assert isinstance(error, FastqFormatError)
    assert (error.record, error.line, error.offset) == (4, 13, 3 * len(RECORD))
    assert error.reason == "the record is longer than 512 MiB."


def test_the_end_and_the_error_last() -> None:
    pool = BufferPool(64, capacity=1)
    parser = FastqParser(TextSource(RECORD), pool, PATH)
    batch = parser.next_batch()
    assert batch is not None
    pool.give(batch.buffer)
    assert parser.next_batch() is parser.next_batch() is None

    failing = FastqParser(TextSource(b"bad"), pool, PATH)
    for _ in range(2):
        with pytest.raises(FastqFormatError):
            failing.next_batch()
    assert pool.statistics().in_use == 0


@pytest.mark.parametrize("size", [1, 30, 1 << 16])
@pytest.mark.parametrize("rest", [b"", b"\n", b"@cut", b"@cut\nACGT\n+\nII", b"@cut\nAC"])
def test_reads_before_the_source_fails_are_kept(size: int, rest: bytes) -> None:
    gone = InputError("The drive is gone.", path=PATH)
    reads, error = parse_source(FailingSource(RECORD * 20 + rest, gone), size, PATH)
    assert reads == [READ] * 20
    assert error is gone


@pytest.mark.parametrize("size", [1, 30, 1 << 16])
def test_a_fault_of_the_text_goes_before_the_failure_of_the_source_after_it(size: int) -> None:
    source = FailingSource(RECORD * 2 + b"oops\n" + RECORD, InputError("The drive is gone.", path=PATH))
    reads, error = parse_source(source, size, PATH)
    assert reads == [READ] * 2
    assert isinstance(error, FastqFormatError)
    assert error.record == 3


def test_a_defect_of_the_source_does_not_cost_a_buffer() -> None:
    pool = BufferPool(64, capacity=1)
    parser = FastqParser(FailingSource(b"", ZeroDivisionError()), pool, PATH)
    with pytest.raises(ZeroDivisionError):
        parser.next_batch()
    assert pool.statistics().in_use == 0


def test_waits_for_a_buffer_and_is_freed_by_an_abort() -> None:
    pool = BufferPool(64, capacity=1)
    parser = FastqParser(TextSource(RECORD * 100), pool, PATH)
    kept = parser.next_batch()
    assert kept is not None
    outcomes: list[BaseException] = []
    started = threading.Event()

    def parse_on() -> None:
        started.set()
        try:
            parser.next_batch()
        except PoolAborted as aborted:
            outcomes.append(aborted)

    thread = threading.Thread(target=parse_on)
    thread.start()
    started.wait()
    thread.join(0.05)
    assert thread.is_alive()
    pool.abort()
    thread.join(5)
    assert len(outcomes) == 1
    assert reads_of(kept) == [READ] * len(kept)


class LullSource(TextSource):
    """A text without a size, with a lull after each of its pieces for who does not want to wait."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__(b"")
        self.size = None
        self._pieces = pieces
        self.asked: list[float] = []

    def read_into(self, target: memoryview) -> int:
        piece = self._pieces.pop(0) if self._pieces else b""
        target[: len(piece)] = piece
        return len(piece)

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        """See `Waits.read_within`."""
        self.asked.append(seconds)
        return self.read_into(target) if not self._pieces else None


def test_whole_reads_are_handed_on_when_nothing_more_comes() -> None:
    """Also the last one; what is of the next record waits for the rest, however often nothing comes."""
    pieces = [RECORD * 3 + RECORD[:5], RECORD[5:9], RECORD[9:] + RECORD, b"\n", b"@cut"]
    source = LullSource(pieces)
    pool = BufferPool(1 << 16, capacity=1)
    parser = FastqParser(source, pool, PATH, clock=lambda: 1.0)
    counts = []
    with pytest.raises(FastqFormatError):  # noqa: PT012 - it comes after the reads
        while (batch := parser.next_batch()) is not None:
            counts.append(len(batch))
            pool.give(batch.buffer)
    assert counts == [3, 2]
    assert source.asked == pytest.approx([0.2] * len(source.asked))


def test_reads_of_a_slow_source_are_handed_on_in_time() -> None:
    ticks = iter(range(1000))
    source = LullSource([RECORD] * 5)
    pool = BufferPool(1 << 16, capacity=1)
    parser = FastqParser(source, pool, PATH, clock=lambda: next(ticks))
    batches = []
    while (batch := parser.next_batch()) is not None:
        batches.append(len(batch))
        pool.give(batch.buffer)
    assert batches == [1] * 5
    assert source.asked == []


@pytest.mark.parametrize("lulls", [False, True])
def test_lulls_change_no_read(lulls: bool) -> None:
    text = b"@long\nAC\nGT\n+\nII\n@I\n" * 40 + RECORD * 40
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    source = LullSource(pieces) if lulls else TextSource(text)
    reads, error = parse_source(source, 64, PATH)
    assert (reads, error) == parse_text(text)
