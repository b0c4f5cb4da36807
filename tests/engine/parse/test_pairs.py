"""Pairs from two files, and from one in which mates take turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.errors import FastqFormatError, InputError, MateError
from engine.flow.pool import BufferPool, PoolAborted
from engine.parse.fastq import FastqParser
from engine.parse.lanes import joined
from engine.parse.pairs import InterleavedReader, PairReader
from tests.naive_parser import Read
from tests.parsing import TextSource, reads_of

R1, R2, BOTH = Path("s_R1.fastq"), Path("s_R2.fastq"), Path("both.fastq")
Pair = tuple[Read, Read]
Outcome = tuple[list[Pair], InputError | None]


def text_of(reads: list[Read], *, width: int | None = None) -> bytes:
    """FASTQ text; sequences in lines of `width` bases."""

    def lines(text: bytes) -> bytes:
        step = width or max(len(text), 1)
        return b"\n".join(text[at : at + step] for at in range(0, max(len(text), 1), step))

    return b"".join(
        b"@" + read.name + b"\n" + lines(read.bases) + b"\n+\n" + lines(read.qualities) + b"\n" for read in reads
    )


def reads(mate: int, lengths: list[int]) -> list[Read]:
    return [
        Read(b"read%d/%d" % (number, mate), (b"ACGT" * 30)[mate : mate + n], b"I" * n)
        for number, n in enumerate(lengths)
    ]


def two(first: bytes, second: bytes, pool: BufferPool) -> PairReader:
    parsers = [FastqParser(TextSource(text), pool, path) for text, path in ((first, R1), (second, R2))]
    return PairReader(parsers[0], parsers[1], pool, (R1, R2))


def alternating(text: bytes, pool: BufferPool) -> InterleavedReader:
    return InterleavedReader(FastqParser(TextSource(text), pool, BOTH), pool, BOTH)


def collected(batches: Iterator[ReadBatch], pool: BufferPool) -> Outcome:
    """All pairs and the error that ended them; checks numbers on the way, and that no buffer is kept."""
    pairs: list[Pair] = []
    error: InputError | None = None
    empty = [0, 0]
    number = 0
    try:
        for batch in batches:
            mate = batch.mate
            assert mate is not None
            assert len(batch) == len(mate) > 0
            for which, one in enumerate((batch, mate)):
                assert (one.number, one.first_record, one.empty_before) == (number, len(pairs), empty[which])
                assert one.places is None or one.places.tolist() == list(range(len(one)))
                assert one.lengths.flags.c_contiguous
                empty[which] += int(np.count_nonzero(one.lengths == 0))
            number += 1
            pairs += zip(reads_of(batch), reads_of(mate), strict=True)
            for buffer in batch.buffers:
                pool.give(buffer)
    except InputError as raised:
        error = raised
    assert pool.statistics().in_use == 0
    return pairs, error


def pairs_of(first: bytes, second: bytes, size: int) -> Outcome:
    pool = BufferPool(size, capacity=2)
    return collected(iter(two(first, second, pool)), pool)


def interleaved_of(text: bytes, size: int) -> Outcome:
    pool = BufferPool(size, capacity=1)
    return collected(iter(alternating(text, pool)), pool)


def turns(first: list[Read], second: list[Read]) -> list[Read]:
    return [read for pair in zip(first, second, strict=True) for read in pair]


@settings(max_examples=150, deadline=None)
@given(
    lengths=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=40),
    size=st.sampled_from([1, 7, 64, 333, 1 << 16]),
    width=st.sampled_from([None, 11]),
)
def test_pairs_are_the_reads_of_both_files(lengths: list[tuple[int, int]], size: int, width: int | None) -> None:
    first, second = reads(1, [a for a, _ in lengths]), reads(2, [b for _, b in lengths])
    expected = list(zip(first, second, strict=True)), None
    if width and not all(a and b for a, b in lengths):
        width = None
    assert pairs_of(text_of(first, width=width), text_of(second, width=width), size) == expected
    assert interleaved_of(text_of(turns(first, second), width=width), size) == expected


@settings(max_examples=60, deadline=None)
@given(lengths=st.lists(st.integers(0, 60), min_size=1, max_size=30), cuts=st.lists(st.integers(0, 30), max_size=4))
def test_lanes_go_on_where_the_one_before_ended(lengths: list[int], cuts: list[int]) -> None:
    first, second = reads(1, lengths), reads(2, lengths[::-1])
    edges = [0, *sorted(min(cut, len(first)) for cut in cuts), len(first)]
    pool = BufferPool(200, capacity=2)
    lanes = (two(text_of(first[start:stop]), text_of(second[start:stop]), pool) for start, stop in pairwise(edges))
    assert collected(joined(lanes), pool) == (list(zip(first, second, strict=True)), None)


@pytest.mark.parametrize("size", [64, 500, 1 << 16])
@pytest.mark.parametrize("at", [0, 1, 29, 30, 49])
def test_names_that_differ_stop_with_both(at: int, size: int) -> None:
    first, second = reads(1, [40] * 50), reads(2, [40] * 50)
    second[at] = replace(second[at], name=b"other/2")
    expected = list(zip(first[:at], second[:at], strict=True))
    pairs, error = pairs_of(text_of(first), text_of(second), size)
    assert pairs == expected
    assert isinstance(error, MateError)
    assert error.record == at + 1
    assert str(error) == (
        f"s_R1.fastq and s_R2.fastq, record {at + 1}: “read{at}/1” and “other/2” are not the names of mates."
    )
    pairs, error = interleaved_of(text_of(turns(first, second)), size)
    assert pairs == expected
    assert isinstance(error, MateError)
    assert f"both.fastq, records {2 * at + 1} and {2 * at + 2}: “read{at}/1” and “other/2”" in str(error)


def test_the_same_file_twice_is_no_pair() -> None:
    text = text_of(reads(1, [10] * 5))
    pairs, error = pairs_of(text, text, 1 << 16)
    assert pairs == []
    assert "“read0/1” and “read0/1” are not the names of mates" in str(error)


@pytest.mark.parametrize("size", [64, 700, 1 << 16])
@pytest.mark.parametrize(("n_first", "n_second"), [(30, 29), (30, 7), (30, 0), (0, 30), (29, 30), (1, 3)])
def test_a_read_without_a_mate_stops(n_first: int, n_second: int, size: int) -> None:
    first, second = reads(1, [40] * n_first), reads(2, [40] * n_second)
    pairs, error = pairs_of(text_of(first), text_of(second), size)
    both = min(n_first, n_second)
    assert pairs == list(zip(first[:both], second[:both], strict=True))
    assert isinstance(error, MateError)
    assert error.record == both + 1
    own, other, mate = ("s_R1", "s_R2", 1) if n_first > n_second else ("s_R2", "s_R1", 2)
    assert f"{own}.fastq, record {both + 1}: “read{both}/{mate}” has no mate: {other}.fastq ends after" in str(error)


@pytest.mark.parametrize("size", [64, 700, 1 << 16])
@pytest.mark.parametrize("count", [1, 3, 29])
def test_an_odd_number_of_reads_stops(count: int, size: int) -> None:
    both = turns(reads(1, [40] * 20), reads(2, [40] * 20))[:count]
    pairs, error = interleaved_of(text_of(both), size)
    assert [read for pair in pairs for read in pair] == both[:-1]
    assert isinstance(error, MateError)
    assert f"both.fastq, record {count}: “read{count // 2}/1” has no mate" in str(error)


@pytest.mark.parametrize("size", [64, 700, 1 << 16])
@pytest.mark.parametrize("bad", [1, 2])
@pytest.mark.parametrize("at", [0, 13, 29])
def test_a_fault_of_either_file_keeps_the_pairs_before_it(at: int, bad: int, size: int) -> None:
    first, second = reads(1, [40] * 30), reads(2, [40] * 30)
    whole = [text_of(first), text_of(second)]
    spoilt = text_of((first, second)[bad - 1][:at])
    texts = [*whole[: bad - 1], spoilt + b"@x\nAC GT\n+\nIIIII\n", *whole[bad:]]
    pairs, error = pairs_of(texts[0], texts[1], size)
    assert pairs == list(zip(first[:at], second[:at], strict=True))
    assert isinstance(error, FastqFormatError)
    assert (error.path, error.record, error.line) == ((R1, R2)[bad - 1], at + 1, 4 * at + 2)


@pytest.mark.parametrize("size", [64, 700, 1 << 16])
@pytest.mark.parametrize("at", [0, 1, 26, 27])
@pytest.mark.parametrize("width", [None, 9])
def test_a_fault_keeps_its_place_in_an_interleaved_file(at: int, size: int, width: int | None) -> None:
    both = turns(reads(1, [40] * 20), reads(2, [40] * 20))[:at]
    good = text_of(both, width=width)
    pairs, error = interleaved_of(good + b"@x\nAC GT\n+\nIIIII\n", size)
    assert [read for pair in pairs for read in pair] == both[: at // 2 * 2]
    assert isinstance(error, FastqFormatError)
    assert (error.record, error.line, error.offset) == (at + 1, good.count(b"\n") + 2, len(good) + 5)


@pytest.mark.parametrize("waits", [0, 1, 2])
def test_an_aborted_pool_leaves_no_buffer_behind(waits: int) -> None:
    pool = BufferPool(300, capacity=10)
    batches = iter(two(text_of(reads(1, [40] * 50)), text_of(reads(2, [40] * 50)), pool))
    held = [next(batches) for _ in range(waits)]
    pool.abort()
    with pytest.raises(PoolAborted):
        next(batches)
    for batch in held:
        for buffer in batch.buffers:
            pool.give(buffer)
    assert pool.statistics().in_use == 0
