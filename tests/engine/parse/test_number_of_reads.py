"""Batches of at least and at most so many reads: the reads and the fault stay the same."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FastqFormatError, InputError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from tests.naive_parser import Read, parse
from tests.parsing import TextSource, reads_of
from tests.strategies import fastq_texts, four_lines, mutated

PATH = Path("reads.fastq")
Limits = tuple[int, int | None]

limits = st.tuples(st.integers(1, 8), st.none() | st.integers(0, 6)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)


def parse_by(text: bytes, size: int, wishes: list[Limits]) -> tuple[list[list[Read]], InputError | None]:
    """The batches that the wishes, taken in turn, get, and the error at the end."""
    pool = BufferPool(size, capacity=1)
    parser = FastqParser(TextSource(text), pool, PATH)
    batches: list[list[Read]] = []
    n_reads = n_empty = byte = 0
    error = None
    try:
        for at_least, at_most in cycle(wishes):
            batch = parser.next_batch(at_least=at_least, at_most=at_most)
            if batch is None:
                break
            assert (batch.number, batch.first_record, batch.empty_before) == (len(batches), n_reads, n_empty)
            assert byte <= batch.byte_start < batch.byte_end <= len(text)
            byte = batch.byte_end
            batches.append(reads_of(batch))
            n_reads += len(batch)
            n_empty += sum(not read.bases for read in batches[-1])
            pool.give(batch.buffer)
    except InputError as raised:
        error = raised
    assert pool.statistics().in_use == 0
    return batches, error


@settings(max_examples=150)
@given(
    text=st.one_of(
        fastq_texts(most=12).map(lambda drawn: drawn[1]), fastq_texts(most=12).flatmap(lambda d: mutated(d[1]))
    ),
    size=st.integers(1, 300),
    wishes=st.lists(limits, min_size=1, max_size=5),
)
def test_reads_and_fault_are_those_of_the_naive_parser(text: bytes, size: int, wishes: list[Limits]) -> None:
    expected = parse(text)
    batches, error = parse_by(text, size, wishes)
    assert [read for batch in batches for read in batch] == list(expected.reads)
    if expected.blame is None:
        assert error is None
    else:
        assert isinstance(error, FastqFormatError)
        blame = expected.blame
        assert (error.record, error.line, error.offset) == (blame.record + 1, blame.line + 1, blame.offset)
    for number, batch in enumerate(batches):
        at_least, at_most = wishes[number % len(wishes)]
        assert 0 < len(batch) <= (at_most or len(batch))
        assert len(batch) >= at_least or number == len(batches) - 1


@pytest.mark.parametrize("size", [1, 20, 64, 1000])
@pytest.mark.parametrize("wish", [(3, 3), (1, 3), (3, None), (50, 50), (100, None)])
def test_by_hand(size: int, wish: Limits) -> None:
    read = Read(b"r", b"ACGT", b"IIII")
    batches, error = parse_by(four_lines(read) * 50, size, [wish])
    assert error is None
    assert [one for batch in batches for one in batch] == [read] * 50
    at_least, at_most = wish
    if at_least == at_most == 3:
        assert [len(batch) for batch in batches] == [3] * 16 + [2]
    if at_least >= 50:
        assert len(batches) == 1
