from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checkpoint.state import State
from engine.collectors.collector_set import CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import TileQuality
from engine.collectors.tile_field import CASAVA_18_FIELD, NO_FIELD, OLDER_FIELD, TileField, tile_field
from engine.errors import CheckpointError
from tests.engine.collectors.comparison import assert_close
from tests.naive_parser import Read
from tests.naive_qc import naive_groups
from tests.naive_tiles import longest_looked_at, naive_tiles
from tests.strategies import batch_of


def read(name: str, qualities: str) -> Read:
    return Read(name.encode(), b"A" * len(qualities), qualities.encode())


def illumina(tile: int | str, qualities: str) -> Read:
    return read(f"LS1:45:HX5:1:{tile}:20:30 1:N:0:ACGT", qualities)


def measured(batches: Sequence[Sequence[Read]], dealing: Sequence[tuple[int, int]] | None = None) -> TileQuality | None:
    """By one collector, or by three that take batches in any order."""
    firsts = [sum(map(len, batches[:number])) for number in range(len(batches))]
    empty = [sum(not read.bases for batch in batches[:number] for read in batch) for number in range(len(batches))]
    parts = collector_sets(3)
    for number, worker in dealing or [(number, 0) for number in range(len(batches))]:
        batch = batch_of(batches[number], number, firsts[number])
        object.__setattr__(batch, "empty_before", empty[number])
        parts[worker].add(batch)
    total = CollectorSet()
    for part in parts:
        total.merge(part.copy())
    return qc_results(total).tile_quality


def assert_as_naive(found: TileQuality | None, reads: Sequence[Read]) -> None:
    expected = naive_tiles(reads, naive_groups(longest_looked_at(reads)))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert_close(found, expected)


def test_deviations_by_hand() -> None:
    # Tile 7: 40 and 20, then 20; tile 8: 30, then no read.
    found = measured([[illumina(8, "?"), illumina(7, "I5"), illumina(7, "5")]])
    assert found == TileQuality(
        starts=(1, 2), ends=(1, 2), tiles=(7, 8), average=(30.0, 10.0), deviation=((0.0, 10.0), (0.0, None))
    )


@pytest.mark.parametrize(
    ("header", "field"),
    [
        (b"LS00123:45:HX5FKDSXY:1:1101:20:30 1:N:0:ATC", CASAVA_18_FIELD),
        (b"a:b:c:d:e:f:g", CASAVA_18_FIELD),
        (b"a:b:c:d:e:f", OLDER_FIELD),
        (b"HWUSI-EAS493_0001:2:1:1000:16900#0/1", OLDER_FIELD),
        (b"a:b:c:d:e:f::::", OLDER_FIELD),
        (b"a:b:c:d", NO_FIELD),
        (b"a:b:c:d::", NO_FIELD),
        (b"9d4c runid=1 start_time=2026-03-01T10:00:00Z", NO_FIELD),
        (b"", NO_FIELD),
    ],
)
def test_where_the_tile_stands(header: bytes, field: int) -> None:
    assert tile_field(header) == field


def test_older_headers() -> None:
    found = measured([[read("HWUSI:2:17:1000:169#0/1", "II")]])
    assert found is not None
    assert found.tiles == (17,)


@pytest.mark.parametrize("name", ["a", "a:b:c:d:x:f:g", "a:b:c:d"])
def test_without_tiles_the_module_is_left_out(name: str) -> None:
    assert measured([[read(name, "II")]]) is None
    assert measured([[illumina(1, "II")], [read(name, "II")]]) is None
    assert measured([[illumina(1, "")]]) is None


def test_too_many_tiles_are_none() -> None:
    reads = [illumina(tile, "I") for tile in range(2501)]
    found = measured([reads[:1500], reads[1400:]], [(1, 0), (0, 1)])
    assert found is not None
    assert len(found.tiles) == 2501
    assert measured([reads[:1500], reads[1400:], [illumina(9999, "I")]], [(2, 0), (1, 0), (0, 1)]) is None


def test_one_read_in_ten_after_the_first_ten_thousand() -> None:
    reads = [illumina(number % 3, "I" if number % 10 else "I5+") for number in range(10_000)]
    reads += [illumina(4 + number % 10, "!~" if number % 10 == 9 else "~" * 200) for number in range(60)]
    reads.insert(77, illumina("x", ""))  # neither looked at nor numbered
    found = measured([reads[:4000], reads[4000:10_015], reads[10_015:]], [(2, 1), (1, 0), (0, 2)])
    assert found is not None
    assert found.tiles == (0, 1, 2, 13)
    assert_as_naive(found, reads)


tiles = st.one_of(st.integers(0, 3), st.sampled_from(["-7", "+2", "", "x", "2147483648"]))
names = st.one_of(
    st.integers(1, 4).map(lambda tile: f"LS1:45:HX5:1:{tile}:20:30 1:N:0"),
    tiles.map(lambda tile: f"LS1:45:1:HX5:{tile}:20:30"),
    st.integers(0, 3).map(lambda tile: f"LS1:4:{tile}:8:9"),
    st.sampled_from(["LS1:3", "LS1:4:5:6:"]),
)
usual = st.one_of(st.integers(1, 4).map(lambda tile: f"LS1:45:7:1:{tile}:20:30 1:N:0"), names)


@st.composite
def dealt_reads(draw: st.DrawFn) -> tuple[list[list[Read]], list[tuple[int, int]]]:
    one_kind = draw(st.booleans())
    first = draw(usual)
    chosen = draw(
        st.lists(st.integers(1, 4).map(lambda tile: f"LS1:45:7:1:{tile}:20:30") if one_kind else usual, max_size=30)
    )
    sizes = st.sampled_from([0, 1, 3, 80])
    reads = [
        read(name, "".join(chr(33 + (i * 7 + len(name)) % 42) for i in range(draw(sizes)))) for name in [first, *chosen]
    ]
    cuts = sorted(draw(st.lists(st.integers(0, len(reads)), max_size=5)))
    batches = [reads[start:end] for start, end in zip([0, *cuts], [*cuts, len(reads)], strict=True)]
    order = draw(st.permutations(range(len(batches))))
    return batches, [(number, draw(st.integers(0, 2))) for number in order]


@settings(max_examples=200)
@given(drawn=dealt_reads())
def test_tiles_agree_with_plain_python_whoever_counts(drawn: tuple[list[list[Read]], list[tuple[int, int]]]) -> None:
    batches, dealing = drawn
    assert_as_naive(measured(batches, dealing), [read for batch in batches for read in batch])


def test_the_first_read_that_is_kept_tells_the_field_though_its_batch_is_not_the_first() -> None:
    # By the first of these reads headers name no tile, by the second the third field is one.
    reads = [read("a:1", "II"), read("a:1:7:2:3", "II")]
    for order in ([0, 1], [1, 0]):
        batches = [batch_of([reads[number]], number + 1, number + 5) for number in range(2)]
        parts = collector_sets(2)
        for part, number in zip(parts, order, strict=True):
            part.add(batches[number])
        total = CollectorSet()
        for part in parts:
            total.merge(part.copy())
        results = qc_results(total)
        assert results.tile_quality is None
        assert results.tile_yield is None
        again = CollectorSet()
        again.restore(total.state())
        assert qc_results(again).tile_yield is None


@pytest.mark.parametrize("told", [{"field": 3}, {"field": "4"}, {"field": None, "first": [0, 7]}, {"first": [1]}])
def test_a_state_that_tells_no_field_is_refused(told: State) -> None:
    with pytest.raises(CheckpointError):
        TileField().restore(told)
