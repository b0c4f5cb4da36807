from __future__ import annotations

from pathlib import Path

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.mates import describe_strangers, first_neighbours_apart, first_pair_apart
from tests.parsing import TextSource


def batch_of(*headers: str) -> ReadBatch:
    text = "".join(f"@{header}\nACGT\n+\nIIII\n" for header in headers)
    batch = FastqParser(TextSource(text.encode()), BufferPool(1 << 12, 1), Path("reads.fastq")).next_batch()
    assert batch is not None
    return batch


def test_batches_of_mates() -> None:
    first = batch_of("a/1", "b 1:N:0", "c")
    assert first_pair_apart(first, batch_of("a/2", "b 2:N:0", "c")) is None
    assert first_pair_apart(first, batch_of("a/2", "x 2:N:0", "y")) == 1


def test_interleaved_batches() -> None:
    assert first_neighbours_apart(batch_of("a/1", "a/2", "b/1", "b/2")) is None
    assert first_neighbours_apart(batch_of("a/1", "a/2", "b/2", "b/1")) == 1
    assert first_neighbours_apart(batch_of("a/1", "a/2", "left over")) is None
    assert first_neighbours_apart(batch_of("left over")) is None


def test_strangers_in_words() -> None:
    assert describe_strangers(b"a/1", b"b/2") == "“a/1” and “b/2” are not the names of mates."
    assert describe_strangers(b"a" * 200, b"\xff\x1b") == f"“{'a' * 59}…” and “\\xff\\x1b” are not the names of mates."
