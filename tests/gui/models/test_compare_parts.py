from __future__ import annotations

from dataclasses import replace

import pytest

from engine.collectors.results import BasicStatistics, QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.compare_choice import offer
from gui.models.compare_parts import parts_of, titled
from tests.gui.conftest import MakeSnapshot


def with_reads(reads: int, mate: QcResults | None = None) -> QcResults:
    return QcResults(basic=BasicStatistics(reads=reads), mate=mate)


@pytest.fixture
def single(make_snapshot: MakeSnapshot) -> RunSnapshot:
    return replace(make_snapshot(), results=with_reads(9), results_after=None)


def told(run: RunSnapshot) -> list[tuple[str, int]]:
    return [(part.name, part.results.basic.reads) for part in parts_of(run)]


def test_mates(single: RunSnapshot) -> None:
    pair = replace(single, results=with_reads(9, with_reads(8)))
    assert told(pair) == [("Read 1", 9), ("Read 2", 8)]
    assert titled(pair)[0] == "Compare mates"
    assert [part.is_second for part in parts_of(pair)] == [False, True]
    assert {part.both for part in parts_of(pair)} == {"Both reads"}


def test_before_and_after(single: RunSnapshot) -> None:
    run = replace(single, results_after=with_reads(5))
    assert told(run) == [("Before", 9), ("After", 5)]
    assert titled(run)[0] == "Compare before and after the pipeline"


def test_mates_before_and_after(single: RunSnapshot) -> None:
    run = replace(single, results=with_reads(9, with_reads(8)), results_after=with_reads(5, with_reads(4)))
    assert told(run) == [
        ("Read 1, before", 9),
        ("Read 1, after", 5),
        ("Read 2, before", 8),
        ("Read 2, after", 4),
    ]
    assert [part.both for part in parts_of(run)] == ["Before", "After"] * 2
    keys = [part.key for part in parts_of(run)]
    assert max(keys) < 0
    others = [part.key for part in parts_of(replace(run, run_id=run.run_id + 1))]
    assert len({*keys, *others}) == 8


@pytest.mark.parametrize(
    ("is_paired", "has_sides", "words"),
    [
        (False, False, ""),
        (True, False, "Compare read 1 and read 2"),
        (False, True, "Compare before and after"),
        (True, True, "Compare all four"),
    ],
)
def test_what_is_offered(is_paired: bool, has_sides: bool, words: str) -> None:
    assert offer(is_paired, has_sides) == words
