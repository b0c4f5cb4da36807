from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.kmers import KMERS, MOST_BASES, NEVER, kmer_counts, kmer_counts_reference, kmer_text
from tests.strategies import Columns, base_columns, columns_of

Counted = tuple[dict[tuple[int, str], int], dict[int, int], dict[str, list[int]]]


def counts_of(reads: Columns, indices: list[int]) -> Counted:
    positions = max(0, min(int(reads.lengths.max(initial=0)), MOST_BASES) - 6)
    counts, totals = np.zeros((positions, KMERS), np.int32), np.zeros(positions, np.int64)
    seen, first_positions = np.full(KMERS, NEVER, np.int64), np.zeros(KMERS, np.int64)
    kmer_counts(
        reads.buffer, reads.starts, reads.lengths, np.array(indices, np.int64), counts, totals, seen, first_positions
    )
    return (
        {(int(at), kmer_text(int(number))): int(counts[at, number]) for at, number in np.argwhere(counts)},
        {int(at): int(totals[at]) for at in np.flatnonzero(totals)},
        {
            kmer_text(int(number)): [int(seen[number]), int(first_positions[number])]
            for number in np.flatnonzero(seen != NEVER)
        },
    )


def by_reference(reads: Columns, indices: list[int]) -> Counted:
    texts = [
        bytes(reads.buffer[start : start + length])
        for start, length in zip(reads.starts.tolist(), reads.lengths.tolist(), strict=True)
    ]
    counted: Counted = ({}, {}, {})
    kmer_counts_reference(list(zip(indices, texts, strict=True)), *counted)
    return counted


def test_kmers_by_hand() -> None:
    reads = columns_of([b"acgtacgtN", b"TTTTTTTTT", b"ACGTACRTTTT", b"ACGTAC"], junk=b"A")
    expected: Counted = (
        {(0, "ACGTACG"): 1, (1, "CGTACGT"): 1},
        # A letter that is neither a base nor N makes k-mers that are counted, but not told apart.
        {0: 2, 1: 2, 2: 1, 3: 1, 4: 1},
        {"ACGTACG": [49 * 512, 3], "CGTACGT": [49 * 512 + 1, 3]},
    )
    indices = [49, 50, 99, 149]
    assert by_reference(reads, indices) == expected
    assert counts_of(reads, indices) == expected


@settings(max_examples=60)
@given(reads=base_columns(620), seed=st.integers(0, 99))
def test_kmers_agree_with_reference(reads: Columns, seed: int) -> None:
    chance = np.random.default_rng(seed)
    indices = chance.permutation(np.arange(len(reads.starts)) * 25 + 24).tolist()
    assert counts_of(reads, indices) == by_reference(reads, indices)


def test_names_of_kmers() -> None:
    assert [kmer_text(number) for number in (0, 1, 5, KMERS - 1)] == ["AAAAAAA", "AAAAAAC", "AAAAACC", "TTTTTTT"]
