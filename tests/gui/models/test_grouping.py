from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.run.snapshot import RunSnapshot
from gui.models.grouping import Grouping, again, is_worth_asking, listed, plan, reasons, shape

LANES = [Path(f"/d/S1_L00{lane}_R{read}_001.fastq.gz") for lane in (1, 2) for read in (1, 2)]


def test_pairs_and_lanes_of_a_sample_are_one_run() -> None:
    together = plan([*LANES, Path("/d/other.fq")], Grouping.PAIRS)
    assert together.words == "2 runs of 5 files"
    first, other = together.datasets
    assert shape(first) == "R1 and R2 of 2 lanes or chunks"
    assert listed(first)[0] == "S1_L001_R1_001.fastq.gz + S1_L001_R2_001.fastq.gz"
    assert shape(other) == "1 file"
    assert shape(plan(LANES[:2], Grouping.PAIRS).datasets[0]) == "R1 and R2"


def test_each_by_itself_and_mates_in_turn() -> None:
    each = plan(LANES, Grouping.EACH)
    assert [dataset.name for dataset in each.datasets] == [path.name for path in LANES]
    assert not each.interleaved
    turns = plan(LANES[:1], Grouping.INTERLEAVED)
    assert turns.interleaved
    assert shape(turns.datasets[0], interleaved=True) == "mates in turn"


def test_a_missing_mate_is_told_with_its_name_and_nothing_is_guessed() -> None:
    found = plan(LANES[:3], Grouping.PAIRS)
    assert not found.datasets
    assert any("S1_L002_R1_001.fastq.gz has no mate" in str(error) for error in found.refused)
    assert is_worth_asking(LANES[:3], Grouping.PAIRS)
    (reason,) = reasons(found.refused)
    assert reason.startswith("The pair of lane 2 is incomplete: S1_L002_R1_001.fastq.gz has no mate. Choose")


def test_asked_only_where_there_is_more_than_one_way() -> None:
    plain = [Path("/d/a.fq"), Path("/d/b.fq")]
    assert not is_worth_asking(plain, Grouping.PAIRS)
    assert is_worth_asking(plain, Grouping.INTERLEAVED)
    assert is_worth_asking(LANES, Grouping.EACH)
    # One file alone is read, whatever its name.
    assert not is_worth_asking(LANES[1:2], Grouping.PAIRS)


def test_very_many_lanes_are_not_all_named() -> None:
    lanes = [Path(f"/d/S_L{lane:03}_R1_001.fastq") for lane in range(1, 9)]
    lines = listed(plan(lanes, Grouping.PAIRS).datasets[0])
    assert len(lines) == 6
    assert lines[-1] == "and 3 more"


def test_again_as_it_was(make_snapshot: Callable[..., RunSnapshot]) -> None:
    alone = again(make_snapshot(name="reads", path=Path("/data/reads.fastq"))).datasets[0]
    assert (alone.name, alone.files) == ("reads", ((Path("/data/reads.fastq"),),))
    one, two, three, four = LANES
    pairs = again(make_snapshot(inputs=((one, three), (two, four))))
    assert pairs.datasets[0].files == ((one, two), (three, four))
    assert not pairs.interleaved
    turns = again(make_snapshot(inputs=((one,), (one,))))
    assert turns.interleaved
    assert turns.datasets[0].files == ((one,),)
