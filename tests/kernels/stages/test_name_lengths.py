from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.stages.name_lengths import name_lengths, name_lengths_reference
from kernels.stages.quality_shift import shift_qualities, shift_qualities_reference
from tests.strategies import Columns, columns_of, quality_columns


def renamed(kernel: object, names: Columns, lengths: list[int], tag: bytes) -> list[bytes]:
    assert callable(kernel)
    offsets = np.empty(len(lengths) + 1, np.int32)
    text, bases = np.frombuffer(bytearray(tag), np.uint8), np.array(lengths, np.int32)
    given = names.buffer, names.starts, names.lengths, bases, text
    target = np.empty(kernel(*given, np.empty(0, np.uint8), offsets, False), np.uint8)
    assert kernel(*given, target, offsets, True) == len(target) == offsets[-1]
    return [bytes(target[begin:end]) for begin, end in pairwise(offsets)]


@given(
    texts=st.lists(st.text("n=_ 109ax", max_size=14), min_size=1, max_size=8),
    tag=st.sampled_from(["n=", "=", "_1", "n", " n", "0", "=="]),
    length=st.integers(0, 2**31 - 1),
)
def test_kernel_agrees_with_reference(texts: list[str], tag: str, length: int) -> None:
    names = columns_of([text.encode() for text in texts], b"n=1")
    lengths = [length // (row + 1) for row in range(len(texts))]
    mine, plain = (renamed(each, names, lengths, tag.encode()) for each in (name_lengths, name_lengths_reference))
    assert mine == plain


def test_by_hand() -> None:
    texts = [b"r length=100 x", b"r length=", b"rlength=100", b"r length=100x", b"length=1 length=22", b""]
    expected = [b"r length=36 x", b"r length=", b"rlength=100", b"r length=36100x", b"length=36 length=36", b""]
    assert renamed(name_lengths, columns_of(texts), [36] * 6, b"length=") == expected


@pytest.mark.parametrize(("least", "down"), [(0, 0), (31, 0), (31, 31)])
@given(reads=quality_columns(longest=200, most=6))
def test_shifts_agree_with_reference(least: int, down: int, reads: Columns) -> None:
    mine, plain = reads.buffer.copy(), reads.buffer.copy()
    shift_qualities(mine, reads.starts, reads.lengths, least, down)
    shift_qualities_reference(plain, reads.starts, reads.lengths, least, down)
    assert bytes(mine) == bytes(plain)


def test_a_shift_by_hand() -> None:
    reads = columns_of([b"!;@Bh~"])
    buffer = reads.buffer.copy()
    shift_qualities(buffer, reads.starts, reads.lengths, 31, 31)
    assert bytes(buffer[:6]) == b"!!!#I_"
