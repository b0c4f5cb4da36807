from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.collectors import tile_yield
from engine.collectors.collector_set import CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import TileYield
from engine.collectors.tile_yield import TileYield as TileYieldCollector
from kernels.collectors.tile_yield import tile_runs_reference
from tests.naive_parser import Read
from tests.strategies import batch_of

CASAVA = "LS1:45:HX5:{}:{}:20:30 1:N:0:ACGT"
OLDER = "HWI:{}:{}:20:30#0/1"
PLACES = st.tuples(st.integers(1, 3), st.sampled_from([1101, 1102, 2203, "bad"]), st.text("!5I~", max_size=5))


def read(name: str, qualities: str) -> Read:
    return Read(name.encode(), b"A" * len(qualities), qualities.encode())


def measured(batches: Sequence[Sequence[Read]], dealing: Sequence[tuple[int, int]]) -> TileYield | None:
    """By three collectors that take batches as `dealing` says: which batch, to whom."""
    parts = collector_sets(3)
    for number, worker in dealing:
        before = [read for batch in batches[:number] for read in batch]
        batch = batch_of(batches[number], number, len(before))
        object.__setattr__(batch, "empty_before", sum(not read.bases for read in before))
        parts[worker].add(batch)
    total = CollectorSet()
    for part in parts:
        total.merge(part.copy())
    return qc_results(total).tile_yield


def in_order(*batches: Sequence[Read]) -> TileYield | None:
    return measured(batches, [(number, 0) for number in range(len(batches))])


def test_by_hand() -> None:
    reads = [read(CASAVA.format(2, 1101), "I5"), read(CASAVA.format(1, 2204), "I"), read(CASAVA.format(2, 1101), "")]
    assert in_order(reads[:2], reads[2:]) == TileYield(
        lanes=(1, 2), tiles=(2204, 1101), reads=(1, 2), bases=(1, 2), mean_quality=(40.0, 30.0)
    )


@pytest.mark.parametrize("name", ["read 1", "a:b:c:d:e:f:g", "M:1:FC:1"])
def test_names_without_tiles(name: str) -> None:
    assert in_order([read(name, "II")]) is None


def test_reads_without_a_tile_are_left_out() -> None:
    found = in_order([read(CASAVA.format(1, 1101), "I"), read("of another file", "I"), read(CASAVA.format(1, 5), "I")])
    assert found is not None
    assert (found.tiles, found.reads) == ((5, 1101), (1, 1))


@given(
    places=st.lists(PLACES, min_size=1, max_size=40),
    name=st.sampled_from([CASAVA, OLDER]),
    cuts=st.lists(st.integers(0, 40), max_size=5),
    data=st.data(),
)
def test_all_reads_count_whoever_counts_them(
    places: list[tuple[int, int | str, str]], name: str, cuts: list[int], data: st.DataObject
) -> None:
    reads = [read(name.format(1, 1101), "I"), *(read(name.format(lane, tile), text) for lane, tile, text in places)]
    ends = [0, *sorted(min(cut, len(reads)) for cut in cuts), len(reads)]
    batches = [reads[start:end] for start, end in pairwise(ends)]
    dealing = [(number, data.draw(st.integers(0, 2))) for number in data.draw(st.permutations(range(len(batches))))]
    found = measured(batches, dealing)
    field = 4 if name == CASAVA else 2
    sums = [sum(each.qualities) - 33 * len(each.bases) for each in reads]
    expected = tile_runs_reference([each.name for each in reads], [len(each.bases) for each in reads], sums, field)
    assert found is not None
    rows = zip(found.lanes, found.tiles, found.reads, found.bases, found.mean_quality, strict=True)
    assert {(lane, tile): (reads, bases, mean) for lane, tile, reads, bases, mean in rows} == {
        place: (reads, bases, total / bases if bases else None)
        for place, (reads, bases, total) in sorted(expected.items())
    }


def test_too_many_places_are_no_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_yield, "MOST_PLACES", 5)
    reads = [read(CASAVA.format(1, tile), "I") for tile in range(6)]
    assert in_order(reads[:5]) is not None
    assert in_order(reads[:5], reads[5:]) is None
    assert measured([reads[:3], reads[3:]], [(0, 0), (1, 1)]) is None


def test_a_copy_stays_as_it_is_when_reads_of_places_it_knows_follow() -> None:
    collector = TileYieldCollector()
    collector.add(batch_of([read(CASAVA.format(1, 7), "I")]))
    twin = collector.copy()
    collector.add(batch_of([read(CASAVA.format(1, 7), "II")], 1, 1))
    for each, reads in ((collector, 2), (twin, 1)):
        totals = each.result()
        assert totals is not None
        assert totals.values[:, 0].tolist() == [reads]
