from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.key_filter import FILTER_WORDS, fill_filter, maybe_known, maybe_known_reference
from kernels.collectors.keys import (
    KEY_WORDS,
    MOST_KEYS,
    add_keys,
    count_keys,
    count_keys_reference,
    count_known_keys,
    gather_keys,
    key_hashes,
    key_text,
    slots_for,
)
from tests.strategies import Columns, base_columns, columns_of


@dataclass
class Table:
    """A table as the kernels fill it."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]
    slots: npt.NDArray[np.uint64]
    known: int = 0
    filled_at: int = -1

    def add(self, reads: Columns) -> None:
        self.known, self.filled_at = count_keys(
            reads.buffer, reads.starts, reads.lengths, hashes_of(reads), self.slots, self.keys, self.counts, self.known
        )

    def contents(self) -> dict[bytes, int]:
        return {key_text(self.keys[row]): int(self.counts[row]) for row in range(self.known)}


def empty(most: int) -> Table:
    return Table(np.zeros((most, KEY_WORDS), np.uint64), np.zeros(most, np.int64), slots_for(most))


def hashes_of(reads: Columns) -> npt.NDArray[np.uint64]:
    hashes = np.zeros(len(reads.starts), np.uint64)
    key_hashes(reads.buffer, reads.starts, reads.lengths, hashes)
    return hashes


def texts_of(reads: Columns) -> list[bytes]:
    return [
        bytes(reads.buffer[start : start + length])
        for start, length in zip(reads.starts.tolist(), reads.lengths.tolist(), strict=True)
    ]


def by_reference(reads: list[bytes], most: int) -> tuple[dict[bytes, int], int]:
    keys: list[bytes] = []
    counts: list[int] = []
    filled_at = count_keys_reference(reads, keys, counts, most)
    return dict(zip(keys, counts, strict=True)), filled_at


# 50 bases are a key; the last two reads differ only after them.
BY_HAND = [b"ACGT", b"", b"acgt", b"ACGTN", b"-.A", b"", b"T" * 51, b"t" * 49 + b"TC"]
COUNTED = {b"ACGT": 2, b"": 2, b"ACGTN": 1, b"-.A": 1, b"T" * 50: 2}


def test_keys_by_hand() -> None:
    assert by_reference(BY_HAND, 100) == (COUNTED, -1)
    table = empty(100)
    table.add(columns_of(BY_HAND, junk=b"G"))
    assert (table.contents(), table.filled_at) == (COUNTED, -1)
    assert list(table.contents()) == list(COUNTED), "in order of the first read"


def test_a_full_table_by_hand() -> None:
    counted = {b"ACGT": 2, b"": 2, b"ACGTN": 1}
    assert by_reference(BY_HAND, 3) == (counted, 3)
    table = empty(3)
    table.add(columns_of(BY_HAND))
    assert (table.contents(), table.filled_at) == (counted, 3)
    table.add(columns_of([b"T" * 50, b"ACGTn"]))
    assert (table.contents(), table.filled_at) == (counted | {b"ACGTN": 2}, -1)


@settings(max_examples=60)
@given(first=base_columns(120), second=base_columns(120), most=st.sampled_from([1, 2, 5, 1000]))
def test_counting_agrees_with_reference(first: Columns, second: Columns, most: int) -> None:
    table = empty(most)
    table.add(first)
    filled_at = table.filled_at
    table.add(second)
    if table.filled_at >= 0:
        filled_at = table.filled_at + len(first.starts)
    assert (table.contents(), filled_at) == by_reference(texts_of(first) + texts_of(second), most)


@settings(max_examples=40)
@given(known=base_columns(60), reads=base_columns(60))
def test_known_keys_are_counted_apart(known: Columns, reads: Columns) -> None:
    table = empty(1000)
    table.add(known)
    counts = np.zeros(len(table.counts), np.int64)
    args = reads.buffer, reads.starts, reads.lengths, hashes_of(reads), table.slots, table.keys, counts
    count_known_keys(*args)
    keys = list(table.contents())
    expected = [0] * len(keys)
    count_keys_reference(texts_of(reads), keys, expected, len(keys))
    assert counts[: len(keys)].tolist() == expected
    assert not counts[len(keys) :].any()


def test_more_reads_than_are_looked_up_together() -> None:
    chance = np.random.default_rng(7)
    texts = [bytes(chance.choice(np.frombuffer(b"ACGTacgt", np.uint8), 55)) for _ in range(300)]
    table = empty(1000)
    table.add(columns_of(texts[:200]))
    reads = columns_of([texts[number].swapcase() for number in chance.integers(0, 300, 333)])
    counts = np.zeros(1000, np.int64)
    count_known_keys(reads.buffer, reads.starts, reads.lengths, hashes_of(reads), table.slots, table.keys, counts)
    keys, expected = list(table.contents()), [0] * 200
    count_keys_reference(texts_of(reads), keys, expected, 200)
    assert counts[:200].tolist() == expected


@settings(max_examples=40)
@given(known=base_columns(60), reads=base_columns(60))
def test_a_filter_passes_every_known_key(known: Columns, reads: Columns) -> None:
    table = empty(1000)
    table.add(known)
    filter_ = np.zeros(FILTER_WORDS, np.uint64)
    fill_filter(table.slots, filter_)
    starts, lengths = np.full((2, len(reads.starts)), -1, np.int32)
    hashes, picked = hashes_of(reads), np.zeros(len(reads.starts), np.uint64)
    count = maybe_known(reads.starts, reads.lengths, hashes, filter_, starts, lengths, picked)
    expected = maybe_known_reference(hashes.tolist(), hashes_of(known).tolist())
    assert starts[:count].tolist() == reads.starts[expected].tolist()
    assert lengths[:count].tolist() == reads.lengths[expected].tolist()
    assert picked[:count].tolist() == hashes[expected].tolist()
    keys = table.contents()
    assert {number for number, text in enumerate(texts_of(reads)) if text[:50].upper() in keys} <= set(expected)


@settings(max_examples=40)
@given(first=base_columns(60), second=base_columns(60), most=st.sampled_from([2, 1000]))
def test_tables_add_up(first: Columns, second: Columns, most: int) -> None:
    table, other = empty(most), empty(1000)
    table.add(first)
    other.add(second)
    known = table.known
    table.known = add_keys(
        other.keys[: other.known], other.counts[: other.known], table.slots, table.keys, table.counts, known
    )
    expected, _ = by_reference(texts_of(first), most)
    for key, count in other.contents().items():
        if key in expected or len(expected) < most:
            expected[key] = expected.get(key, 0) + count
    assert table.contents() == expected


@settings(max_examples=40)
@given(reads=base_columns(120))
def test_gathered_keys_are_the_same_keys(reads: Columns) -> None:
    kept = np.minimum(reads.lengths, 50)
    buffer = np.zeros(int(kept.sum()) + 64, np.uint8)
    starts, lengths = np.zeros_like(reads.starts), np.zeros_like(reads.lengths)
    gather_keys(reads.buffer, reads.starts, reads.lengths, buffer, starts, lengths)
    gathered = Columns(buffer, starts, lengths)
    assert texts_of(gathered) == [text[:50] for text in texts_of(reads)]
    assert hashes_of(gathered).tolist() == hashes_of(reads).tolist()


def test_keys_of_one_hash_are_told_apart() -> None:
    """All hashes are made the same, so that every key is in the way of every other."""
    texts = [bytes(b"ACGT"[number >> shift & 3] for shift in (0, 2, 4)) for number in range(64)] * 2
    reads = columns_of(texts)
    table = empty(64)
    args = reads.buffer, reads.starts, reads.lengths, np.full(len(texts), 5, np.uint64)
    table.known, _ = count_keys(*args, table.slots, table.keys, table.counts, 0)
    assert table.contents() == dict.fromkeys(texts, 2)


def test_hashes_of_like_keys_are_spread_over_the_slots() -> None:
    texts = [b"A" * 20 + bytes(b"ACGT"[number >> shift & 3] for shift in range(0, 16, 2)) for number in range(1 << 16)]
    hashes = hashes_of(columns_of(texts))
    assert len(np.unique(hashes)) == len(texts)
    slots = slots_for(len(texts))
    homes = np.bincount((hashes & np.uint64(len(slots) - 1)).astype(np.int64), minlength=len(slots))
    assert homes.max() < 12


def test_there_is_a_limit_to_the_size_of_a_table() -> None:
    assert len(slots_for(100_000)) == 1 << 18
    assert len(slots_for(1)) >= 2
    with pytest.raises(ValueError, match="at most"):
        slots_for(MOST_KEYS + 1)
