from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.overlap import COMPLEMENT, overlap_reference, overlaps, overlaps_reference
from tests.strategies import columns_of


def turned(text: bytes) -> bytes:
    return bytes(int(COMPLEMENT[base]) for base in reversed(text))


@st.composite
def fragments(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two reads of one fragment, with errors, past its ends where it is short."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    letters = draw(st.sampled_from([b"ACGT", b"AC", b"ACGTN", b"A"]))

    def some(count: int) -> bytes:
        return bytes(chance.choice(list(letters), count).astype(np.uint8))

    fragment = some(draw(st.integers(0, 120)))
    sizes = draw(st.tuples(st.integers(0, 100), st.integers(0, 100)))
    reads = [
        bytearray((strand + some(100))[:size]) for strand, size in zip((fragment, turned(fragment)), sizes, strict=True)
    ]
    for read in reads:
        for _ in range(draw(st.integers(0, 6))):
            if read:
                read[int(chance.integers(0, len(read)))] = ord(some(1))
    return bytes(reads[0]), bytes(reads[1])


@settings(max_examples=200)
@given(pairs=st.lists(fragments(), max_size=3), least=st.sampled_from([5, 10, 30]), most=st.integers(0, 6))
def test_agrees_with_reference(pairs: list[tuple[bytes, bytes]], least: int, most: int) -> None:
    first = columns_of([pair[0] for pair in pairs], junk=b"A")
    second = columns_of([pair[1] for pair in pairs], junk=b"T")
    both = np.full((2, len(pairs), 3), -9, np.int32)
    for kernel, found in ((overlaps, both[0]), (overlaps_reference, both[1])):
        kernel(
            first.buffer,
            first.starts,
            first.lengths,
            second.buffer,
            second.starts,
            second.lengths,
            COMPLEMENT,
            least,
            most,
            20,
            found,
        )
    assert both[0].tolist() == both[1].tolist()


FRAGMENT = b"ACGTTGCAACCGGATTTACA"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (FRAGMENT[:15], turned(FRAGMENT)[:15], (5, 10, 0)),
        (FRAGMENT + b"AGATC", turned(FRAGMENT) + b"CTCTC", (-5, 20, 0)),
        (FRAGMENT[:8], turned(FRAGMENT)[:8], (0, 0, 0)),
        (FRAGMENT[:14] + b"C", turned(FRAGMENT)[:15], (5, 10, 1)),
    ],
)
def test_by_hand(first: bytes, second: bytes, found: tuple[int, int, int]) -> None:
    assert overlap_reference(first, second, 5, 5, 20) == found
