from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.tiles import (
    NO_TILE,
    is_sampled,
    sampled_runs,
    sampled_runs_reference,
    tile_quality_sums,
    tile_quality_sums_reference,
    tile_rows,
    tile_rows_reference,
)
from tests.strategies import Columns, columns_of, quality_columns

Numbers = list[tuple[int, int]]


def numbers_of(
    names: list[bytes], lengths: list[int], indices: list[int], field: int, first: int = 0
) -> Numbers | None:
    columns = columns_of(names, junk=b":7:")
    sampled, (tiles, ends) = np.zeros(len(names), np.int32), np.zeros((2, len(names)), np.int64)
    runs = sampled_runs(
        columns.buffer,
        columns.starts,
        columns.lengths,
        np.array(lengths, np.int32),
        first,
        np.array(indices, np.int64),
        field,
        sampled,
        tiles,
        ends,
    )
    if runs == NO_TILE:
        return None
    assert all(tile != following for tile, following in pairwise(tiles[:runs].tolist()))
    each = np.repeat(tiles[:runs], np.diff(ends[:runs], prepend=0))
    return list(zip(sampled[: len(each)].tolist(), each.tolist(), strict=True))


@pytest.mark.parametrize("twin", [numbers_of, sampled_runs_reference])
def test_tiles_by_hand(twin: Callable[..., Numbers | None]) -> None:
    names = [b"LS1:45:HX5:1:1101:20:30 1:N:0:A", b"a:b:c:d:+22", b"a:b:c:d:-3:", b"", b"a:b:c:d:0005:x"]
    assert twin(names, [1, 1, 1, 0, 9], [0, 1, 2, 2, 3], 4) == [(0, 1101), (1, 22), (2, -3), (4, 5)]
    assert twin([b"HWUSI:2:17:1000:169#0/1"], [1], [0], 2) == [(0, 17)]


@pytest.mark.parametrize("name", [b"", b"a", b"a:b:c:d", b"a:b:c:d:", b"a:b:c:d::9", b"a:b:c:d:1x", b"a:b:c:d:-"])
def test_a_header_without_a_number_there(name: bytes) -> None:
    assert numbers_of([b"a:b:c:d:1", name], [5, 5], [0, 1], 4) is None
    assert numbers_of([b"a:b:c:d:1", name], [5, 0], [0, 1], 4) == [(0, 1)]


def test_numbers_have_32_bits() -> None:
    ends = {b"2147483647": 2147483647, b"-2147483648": -2147483648, b"000000000000000000000000000001": 1}
    for text, value in ends.items():
        assert numbers_of([text], [1], [0], 0) == [(0, value)]
    for text in (b"2147483648", b"-2147483649", b"99999999999999999999999999"):
        assert numbers_of([text], [1], [0], 0) is None


def test_the_first_ten_thousand_and_then_one_in_ten() -> None:
    looked_at = [index for index in range(10_030) if is_sampled(index)]
    assert looked_at == [*range(10_000), 10_009, 10_019, 10_029]


fields = st.one_of(
    st.integers(-(2**33), 2**33).map(lambda n: b"%d" % n), st.sampled_from([b"", b"+1", b"x", b"1-", b"07"])
)
headers = st.lists(fields, max_size=8).map(b":".join)


@settings(max_examples=150)
@given(names=st.lists(headers, max_size=12), field=st.sampled_from([2, 4]), seed=st.integers(0, 99))
def test_tiles_agree_with_reference(names: list[bytes], field: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    lengths = chance.integers(0, 4, len(names)).tolist()
    indices = chance.choice([5, 9999, 10_000, 10_009, 12_345], len(names)).tolist()
    assert numbers_of(names, lengths, indices, field) == sampled_runs_reference(names, lengths, indices, field)


@settings(max_examples=50)
@given(
    instrument=st.integers(0, 60),
    tiles=st.lists(st.sampled_from([7, 1101, 1102, -3, 1234567, 12345678]), max_size=40),
    first=st.one_of(st.integers(0, 20), st.integers(9_970, 10_040), st.just(1 << 40)),
)
def test_reads_that_are_numbered_on_end(instrument: int, tiles: list[int], first: int) -> None:
    names = [b"M" * instrument + b":1:FC:2:%d:5:5" % tile for tile in tiles]
    lengths = [1] * len(names)
    expected = sampled_runs_reference(names, lengths, list(range(first, first + len(names))), 4)
    assert numbers_of(names, lengths, [], 4, first) == expected


@settings(max_examples=50)
@given(
    tiles=st.lists(st.integers(-3, 9), max_size=20),
    rows=st.dictionaries(st.integers(-3, 9), st.integers(0, 99), max_size=8),
)
def test_rows_agree_with_reference(tiles: list[int], rows: dict[int, int]) -> None:
    known = np.array(sorted(rows), np.int64)
    found, new = np.full((2, len(tiles)), -1, np.int64)
    count = tile_rows(np.array(tiles, np.int64), known, np.array([rows[tile] for tile in known], np.int64), found, new)
    assert (found[found >= 0].tolist(), new[:count].tolist()) == tile_rows_reference(tiles, rows)


@settings(max_examples=50)
@given(reads=quality_columns(200), seed=st.integers(0, 99))
def test_sums_agree_with_reference(reads: Columns, seed: int) -> None:
    chance = np.random.default_rng(seed)
    count = len(reads.starts)
    sampled = np.flatnonzero(chance.random(count) < 0.5).astype(np.int32)
    ends = np.unique(chance.integers(1, len(sampled) + 1, 9)) if len(sampled) else np.zeros(0, np.int64)
    sampled = sampled[: ends.max(initial=0)]
    rows = chance.integers(0, 3, len(ends))
    sums, reach = np.zeros((3, 200), np.int64), np.zeros((3, 201), np.int64)
    tile_quality_sums(reads.buffer, reads.starts, reads.lengths, sampled, ends, rows, sums, reach)
    expected: tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]] = ({}, {})
    texts = [bytes(reads.buffer[reads.starts[i] : reads.starts[i] + reads.lengths[i]]) for i in sampled]
    tile_quality_sums_reference(texts, np.repeat(rows, np.diff(ends, prepend=0)).tolist(), *expected)
    for table, counted in zip((sums, reach), expected, strict=True):
        assert {(int(row), int(at)): int(table[row, at]) for row, at in np.argwhere(table)} == counted


def test_sums_by_hand() -> None:
    reads = columns_of([b"I5", b"!", b"~~~", b"+"], junk=b"~")
    sampled, ends, rows = np.array([0, 1, 3], np.int32), np.array([2, 3], np.int64), np.array([1, 0], np.int64)
    sums, reach = np.zeros((2, 3), np.int64), np.zeros((2, 4), np.int64)
    tile_quality_sums(reads.buffer, reads.starts, reads.lengths, sampled, ends, rows, sums, reach)
    assert sums.tolist() == [[43, 0, 0], [73 + 33, 53, 0]]
    assert reach.tolist() == [[0, 1, 0, 0], [0, 1, 1, 0]]
