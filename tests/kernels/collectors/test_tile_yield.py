from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.collectors.tile_yield import TILE_BITS, tile_runs, tile_runs_reference

_NUMBERS = st.sampled_from([b"1", b"2", b"1101", b"2304", b"-1", b"+7", b"", b"x", b"4294967296", b"99999"])
_NAMES = st.lists(_NUMBERS, min_size=0, max_size=8).map(b":".join)


def _added_up(names: list[bytes], lengths: list[int], sums: list[int], field: int) -> dict[tuple[int, int], list[int]]:
    text = np.frombuffer(b"@" + b"@".join(names) + b"\0" * 8, np.uint8).copy()
    sizes = np.array([len(name) for name in names], np.int32)
    starts = (1 + np.concatenate([[0], np.cumsum(sizes + 1)[:-1]])).astype(np.int32)[: len(names)]
    places, values = np.empty(len(names), np.int64), np.empty((len(names), 3), np.int64)
    count = tile_runs(text, starts, sizes, np.array(lengths, np.int32), np.array(sums, np.int64), field, places, values)
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, row in zip(places[:count].tolist(), values[:count].tolist(), strict=True):
        total = found[place >> TILE_BITS, place & ((1 << TILE_BITS) - 1)]
        total[:] = (a + b for a, b in zip(total, row, strict=True))
    return found


@given(
    reads=st.lists(st.tuples(_NAMES, st.integers(0, 300), st.integers(0, 9999)), max_size=40), field=st.integers(1, 4)
)
def test_kernel_agrees_with_reference(reads: list[tuple[bytes, int, int]], field: int) -> None:
    names, lengths, sums = [read[0] for read in reads], [read[1] for read in reads], [read[2] for read in reads]
    expected = tile_runs_reference(names, lengths, sums, field)
    assert _added_up(names, lengths, sums, field) == {place: list(row) for place, row in expected.items()}


@given(
    instrument=st.integers(0, 60),
    tiles=st.lists(st.tuples(st.sampled_from([7, 1101, 1102, 1234567, 12345678]), st.integers(1, 3)), max_size=12),
    changed=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 70)), max_size=3),
)
def test_names_that_begin_alike_and_some_that_differ_in_one_byte(
    instrument: int, tiles: list[tuple[int, int]], changed: list[tuple[int, int]]
) -> None:
    names = [b"M" * instrument + b":1:FC:2:%d:5:%d" % (tile, read) for tile, reads in tiles for read in range(reads)]
    for read, at in changed:
        if read < len(names):
            names[read] = names[read][:at] + b"8" + names[read][at + 1 :]
    lengths = list(range(len(names)))
    expected = tile_runs_reference(names, lengths, lengths, 4)
    assert _added_up(names, lengths, lengths, 4) == {place: list(row) for place, row in expected.items()}


def test_by_hand() -> None:
    names = [b"M:1:FC:2:1101:5:5 1:N:0", b"M:1:FC:2:1101:7:7 1:N:0", b"M:1:FC:3:1101:7:7", b"M:1:FC:2:1101:9:9", b"odd"]
    expected = {(2, 1101): (3, 60, 600), (3, 1101): (1, 10, 100)}
    assert tile_runs_reference(names, [10, 20, 10, 30, 5], [100, 200, 100, 300, 50], 4) == expected
    found = _added_up(names, [10, 20, 10, 30, 5], [100, 200, 100, 300, 50], 4)
    assert found == {place: list(row) for place, row in expected.items()}


def test_tiles_in_any_order() -> None:
    """More places than the kernel remembers at a time."""
    names = [b"M:1:FC:%d:%d:1:1" % (read % 8, 1000 + read * 7919 % 9000) for read in range(20_000)]
    ones = [1] * len(names)
    expected = tile_runs_reference(names, ones, ones, 4)
    assert _added_up(names, ones, ones, 4) == {place: list(row) for place, row in expected.items()}
