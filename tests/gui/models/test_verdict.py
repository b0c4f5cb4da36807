from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.collectors.judged_by import JudgedBy
from engine.collectors.profiles import profile
from engine.collectors.results import (
    AdapterContent,
    BasicStatistics,
    Duplication,
    LengthDistribution,
    NContent,
    Overrepresented,
    OverrepresentedSequence,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.collectors.verdicts import Status
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.overview import verdicts_of, verdicts_of_part
from gui.models.plot_modules import MODULES
from gui.models.verdict import judge, judge_mates, tally

BASIC = BasicStatistics(reads=1000, bases=150_000, shortest=35, longest=150)


def found(**modules: object) -> QcResults:
    return QcResults(basic=BASIC, **modules)  # type: ignore[arg-type]  # any module


@pytest.mark.parametrize(
    ("results", "key", "status", "number"),
    [
        (found(), "basic", Status.PASS, "1,000 reads"),
        (
            found(
                tile_quality=TileQuality(starts=(1,), ends=(1,), tiles=(1101,), average=(30.0,), deviation=((-7.0,),))
            ),
            "tile_quality",
            Status.WARN,
            "7.0 Phred, tile 1101",
        ),
        (
            found(sequence_quality=SequenceQuality(qualities=(12, 37), counts=(1, 9))),
            "sequence_quality",
            Status.PASS,
            "mostly Q37",
        ),
        (found(n_content=NContent(starts=(1,), ends=(4,), n=(0.0,))), "n_content", Status.PASS, "none"),
        (found(n_content=NContent(starts=(1,), ends=(4,), n=(21.5,))), "n_content", Status.FAIL, "up to 21.50 %"),
        (
            found(lengths=LengthDistribution(starts=(35, 150), ends=(35, 150), counts=(1, 999))),
            "lengths",
            Status.WARN,
            "35\N{EN DASH}150 bp",
        ),
        (found(duplication=Duplication(remaining=60.0)), "duplication", Status.WARN, "60.0 % would remain"),
        (found(overrepresented=Overrepresented()), "overrepresented", Status.PASS, "none above 0.1 %"),
        (
            found(
                overrepresented=Overrepresented(
                    sequences=(OverrepresentedSequence(sequence="ACGT", count=20, percent=2.0, source="No Hit"),)
                )
            ),
            "overrepresented",
            Status.FAIL,
            "up to 2.00 % of reads, 1 sequence",
        ),
        (
            found(adapters=AdapterContent(names=("A",), percent=((),), too_short=True)),
            "adapters",
            Status.WARN,
            "reads too short",
        ),
        (
            found(adapters=AdapterContent(starts=(1, 2), ends=(1, 9), names=("PolyA",), percent=((0.0, 12.5),))),
            "adapters",
            Status.FAIL,
            "12.50 % PolyA",
        ),
    ],
)
def test_the_number_that_decided(results: QcResults, key: str, status: Status, number: str) -> None:
    entry = next(entry for entry in judge(results, profile()) if entry.module.key == key)
    assert (entry.status, entry.number) == (status, number)
    assert entry.words.startswith(entry.look.word)
    assert number in entry.words
    assert entry.number.startswith(entry.brief) or key in {"lengths", "duplication"}


def test_modules_stand_in_fastqcs_order() -> None:
    judged = judge(
        found(lengths=LengthDistribution(starts=(35,), ends=(35,), counts=(1,)), duplication=Duplication()), profile()
    )
    places = [MODULES.index(entry.module) for entry in judged]
    assert places == sorted(places)
    assert MODULES[0].title == "Basic Statistics"


def test_a_tally_leaves_out_what_there_is_none_of() -> None:
    judged = judge(found(duplication=Duplication(remaining=60.0)), profile())
    assert tally(judged) == "1 pass · 1 warn"
    assert tally(()) == ""


def test_without_reads_nothing_is_judged() -> None:
    assert judge(QcResults(), profile()) == ()


def test_another_profile_judges_otherwise() -> None:
    results = found(duplication=Duplication(remaining=60.0))
    by_default, by_rna = (judge(results, profile(name))[1].status for name in ("default", "rna_seq"))
    assert (by_default, by_rna) == (Status.WARN, Status.PASS)


def test_of_pairs_the_worse_mate_is_told() -> None:
    first, second = (found(duplication=Duplication(remaining=share)) for share in (90.0, 20.0))
    told = judge_mates(first.model_copy(update={"mate": second}), profile())[1]
    assert (told.status, told.words) == (Status.FAIL, "failed: 20.0 % would remain (limit 50), of read 2")
    told = judge_mates(second.model_copy(update={"mate": first}), profile())[1]
    assert told.words.endswith(", of read 1")
    assert judge_mates(first.model_copy(update={"mate": first}), profile()) == judge(first, profile())


def test_a_part_of_a_run_is_judged_alone_and_by_the_profile_of_the_run() -> None:
    first, second = (found(duplication=Duplication(remaining=share)) for share in (90.0, 20.0))
    pair = RunSnapshot(
        run_id=1,
        name="a",
        path=Path("a"),
        kind="",
        state=RunState.COMPLETED,
        created=datetime.now(UTC),
        results=first.model_copy(update={"mate": second}),
        judged_by=JudgedBy("rna_seq", profile("rna_seq")),
    )
    assert verdicts_of(pair).before.judged[1].status is Status.WARN
    assert (verdicts_of(pair).by, verdicts_of(pair).after) == ("RNA-seq", None)
    assert verdicts_of_part(pair.results, pair).before.judged[1].status is Status.PASS
