from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.names import (
    casava_failed,
    casava_failed_reference,
    joined,
    joined_reference,
    name_parts,
    name_parts_reference,
)
from tests.strategies import columns_of

NAMES = st.lists(
    st.one_of(
        st.text(alphabet="aY: \t", max_size=9).map(str.encode),
        st.builds(b"%b %b:%b:0:ACGT".__mod__, st.tuples(*(st.sampled_from([b"", b"1", b"Y", b"a b"]),) * 3)),
    ),
    max_size=8,
)


def parts_of(kernel: Any, names: list[bytes]) -> list[tuple[bytes, bytes]]:
    """ID and comment of each name; both have to lie within it."""
    columns = columns_of(names, junk=b" x ")
    parts = np.full((4, len(names)), -1, np.int32)
    kernel(columns.buffer, columns.starts, columns.lengths, parts)
    found = []
    for row, start in enumerate(columns.starts.tolist()):
        first, size, second, more = parts[:, row].tolist()
        assert start <= first <= first + size <= second <= second + more == start + len(names[row])
        found.append((bytes(columns.buffer[first : first + size]), bytes(columns.buffer[second : second + more])))
    return found


def failed_of(kernel: Any, names: list[bytes]) -> list[int]:
    columns = columns_of(names, junk=b" 1:Y:")
    failed = np.full(len(names), 9, np.uint8)
    kernel(columns.buffer, columns.starts, columns.lengths, failed)
    return [int(each) for each in failed]


@pytest.mark.parametrize("kernel", [name_parts, name_parts_reference])
def test_parts_by_hand(kernel: Any) -> None:
    assert parts_of(kernel, [b"r1 1:N:0", b"r1\t \tx y ", b"r1", b"r1 ", b" r1 x", b" r1", b"", b" "]) == [
        (b"r1", b"1:N:0"), (b"r1", b"x y "), (b"r1", b""), (b"r1 ", b""), (b"r1", b"x"), (b" r1", b""), (b"", b""),
        (b" ", b""),
    ]  # fmt: skip


@pytest.mark.parametrize("kernel", [casava_failed, casava_failed_reference])
def test_marks_by_hand(kernel: Any) -> None:
    names = [b"r 1:Y:0:A", b"r 1:N:0:A", b"r :Y:", b"r 1:Y", b"r 1:Y:", b"r\t1:Y:0", b"r", b"r  1:Y:", b" 2:Y:"]
    assert failed_of(kernel, names) == [1, 0, 0, 0, 1, 0, 0, 0, 1]


@pytest.mark.parametrize("kernel", [joined, joined_reference])
def test_joined_by_hand(kernel: Any) -> None:
    sources = [np.frombuffer(text, np.uint8) for text in (b"name", b"first", b"second", b"_")]
    order = np.array([0, 3, 2, 1], np.uint8)
    starts = np.array([[0, 2], [0, 0], [3, 0], [0, 5]], np.int32)
    lengths = np.array([[4, 2], [1, 1], [3, 0], [2, 0]], np.int32)
    target, offsets = np.zeros(20, np.uint8), np.full(3, -1, np.int32)
    kernel(*sources, order, starts, lengths, target, offsets)
    assert bytes(target).rstrip(b"\0") == b"name_ondfime_"
    assert offsets.tolist() == [0, 10, 13]


@given(names=NAMES)
def test_parts_agree_with_reference(names: list[bytes]) -> None:
    assert parts_of(name_parts, names) == parts_of(name_parts_reference, names)


@given(names=NAMES)
def test_marks_agree_with_reference(names: list[bytes]) -> None:
    assert failed_of(casava_failed, names) == failed_of(casava_failed_reference, names)


@given(rows=st.lists(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=5, max_size=5), max_size=6))
def test_joined_agrees_with_reference(rows: list[list[tuple[int, int]]]) -> None:
    sources = [np.arange(first, first + 30, dtype=np.uint8) for first in (0, 50, 100, 150)]
    order = np.array([0, 1, 2, 3, 0], np.uint8)
    starts, lengths = np.array(rows, np.int32).reshape(-1, 5, 2).transpose(2, 1, 0).copy()
    target, offsets = np.full((2, 50 * len(rows) + 1), 255, np.uint8), np.full((2, len(rows) + 1), -1, np.int32)
    kernels: tuple[Any, ...] = (joined, joined_reference)
    for place, kernel in enumerate(kernels):
        kernel(*sources, order, starts, lengths, target[place], offsets[place])
    assert np.array_equal(*target)
    assert np.array_equal(*offsets)
