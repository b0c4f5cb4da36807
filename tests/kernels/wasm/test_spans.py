from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.wasm.spans import (
    clear_between,
    clear_between_reference,
    first_difference,
    first_difference_reference,
    first_unprintable,
    first_unprintable_reference,
    pack,
    pack_reference,
)
from tests.strategies import Columns, columns_of, quality_columns


@pytest.mark.parametrize("find", [first_unprintable, first_unprintable_reference])
def test_unprintable_by_hand(find: Callable[..., int]) -> None:
    for byte in range(256):
        reads = columns_of([b"", b"ACGT", bytes([65, byte]), b"\n"], junk=b"\0")
        assert find(reads.buffer, reads.starts, reads.lengths) == (3 if 33 <= byte <= 126 else 2)
    fine = columns_of([b"", b"!~"], junk=b"\n")
    assert find(fine.buffer, fine.starts, fine.lengths) == -1


@settings(max_examples=50)
@given(reads=quality_columns(), place=st.integers(0, 10_000), byte=st.sampled_from([0, 10, 32, 33, 126, 127, 255]))
def test_unprintable_agrees_with_reference(reads: Columns, place: int, byte: int) -> None:
    buffer = reads.buffer.copy()
    buffer[place % len(buffer)] = byte
    found = first_unprintable(buffer, reads.starts, reads.lengths)
    assert found == first_unprintable_reference(buffer, reads.starts, reads.lengths)


@pytest.mark.parametrize("find", [first_difference, first_difference_reference])
def test_difference_by_hand(find: Callable[..., int]) -> None:
    before, after = columns_of([b"", b"ACGT", b"FF"], junk=b"x"), columns_of([b"", b"ACGT", b"FG"], junk=b"yyy")
    assert find(before.buffer, before.starts, after.buffer, after.starts, before.lengths) == 2
    shorter = np.array([0, 4, 1], np.int32)
    assert find(before.buffer, before.starts, after.buffer, after.starts, shorter) == -1


@settings(max_examples=50)
@given(reads=quality_columns(), place=st.integers(0, 10_000))
def test_difference_agrees_with_reference(reads: Columns, place: int) -> None:
    after = reads.buffer.copy()
    after[place % len(after)] ^= 1
    arguments = (reads.buffer, reads.starts, after, reads.starts, reads.lengths)
    assert first_difference(*arguments) == first_difference_reference(*arguments)


@settings(max_examples=50)
@given(reads=quality_columns())
def test_packing_agrees_with_reference(reads: Columns) -> None:
    size = int(reads.lengths.sum())
    results = []
    for packer in (pack, pack_reference):
        target, packed = np.zeros(size + 64, np.uint8), np.full(len(reads.starts), -1, np.int32)
        assert packer(reads.buffer, reads.starts, reads.lengths, target, packed) == size
        results.append((bytes(target[:size]), packed.tolist()))
    assert results[0] == results[1]


@pytest.mark.parametrize("clear", [clear_between, clear_between_reference])
def test_clearing_by_hand(clear: Callable[..., None]) -> None:
    target = np.frombuffer(bytearray(b"xxABCxxDExFxx"), np.uint8)
    clear(target, np.array([2, 2, 3, 7, 9, 10], np.int32), np.array([3, 1, 2, 2, 0, 1], np.int32))
    assert bytes(target) == b"\0\0ABC\0\0DE\0F\0\0"
    clear(target, np.empty(0, np.int32), np.empty(0, np.int32))
    assert not target.any()


@settings(max_examples=50)
@given(reads=quality_columns(), grown=st.integers(0, 70))
def test_clearing_agrees_with_reference(reads: Columns, grown: int) -> None:
    lengths = np.minimum(reads.lengths + grown, np.int32(len(reads.buffer)) - reads.starts).astype(np.int32)
    one, other = reads.buffer.copy(), reads.buffer.copy()
    clear_between(one, reads.starts, lengths)
    clear_between_reference(other, reads.starts, lengths)
    assert bytes(one) == bytes(other)
