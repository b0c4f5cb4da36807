"""Which of many runs stand out, in the overview."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from engine.collectors.results import BasicStatistics, QcResults
from engine.report.mates import mates
from engine.report.standing_out import FEWEST, standing_out
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.outliers import parts_measured, unlike_others
from gui.models.overview import verdicts_of
from gui.models.verdict_table import FIRST_MODULE, STANDS_OUT, UNLIKE_ROLE, VerdictTable

COUNT = 12


def run(number: int, mate: BasicStatistics | None = None, **basic: float) -> RunSnapshot:
    """A run of a sample like all others but for what is given."""
    first = BasicStatistics(reads=10_000 + number, bases=1_510_000, longest=151, gc_percent=45.0, mean_quality=34.0)
    results = QcResults(basic=first.model_copy(update=basic), mate=None if mate is None else QcResults(basic=mate))
    return RunSnapshot(
        run_id=number,
        name=f"S{number}",
        path=Path(f"S{number}_R1.fastq.gz"),
        kind="gzip",
        state=RunState.COMPLETED,
        created=datetime.now(UTC),
        results=results,
    )


@pytest.fixture
def runs() -> list[RunSnapshot]:
    found = [run(number) for number in range(1, COUNT + 1)]
    found[3] = run(4, gc_percent=60.0, mean_quality=25.0)
    found[8] = run(9, gc_percent=52.0)
    return found


def filled(runs: list[RunSnapshot]) -> VerdictTable:
    table = VerdictTable()
    table.set_runs([(one.run_id, one.name) for one in runs])
    for one in runs:
        table.set_judged(one.run_id, verdicts_of(one))
    return table


def names(table: VerdictTable) -> list[str]:
    return [str(table.index(row, 0).data()) for row in range(table.rowCount())]


def odd_ones(table: VerdictTable) -> int | None:
    return table.standing_out


def test_the_same_stand_out_as_on_the_page(runs: list[RunSnapshot]) -> None:
    found = unlike_others({one.run_id: parts_measured(one) for one in runs})
    told = standing_out(runs)
    assert set(found) == {runs[one.at].run_id for one in told} == {4, 9}
    assert found[9].words == "GC 52.0 %, usually 45.0 %"
    assert found[4].short == "GC 60.0 %"
    assert "; mean quality Q25.0, usually Q34.0" in found[4].words


def test_a_mate_is_compared_with_mates_of_its_side() -> None:
    second = run(0).results.basic.model_copy(update={"mean_quality": 28.0})
    pairs = [run(number, mate=second) for number in range(1, COUNT + 1)]
    odd = run(3, mate=second.model_copy(update={"mean_quality": 20.0}))
    pairs[2] = odd
    found = unlike_others({one.run_id: parts_measured(one) for one in pairs})
    assert [(run_id, one.words) for run_id, one in found.items()] == [(3, "mean quality Q20.0, usually Q28.0 (read 2)")]
    told = standing_out([mate for one in pairs for mate in mates(one)])
    assert [(one.at, one.value) for one in told] == [(5, "Q20.0")]


def test_what_was_not_read_to_the_end_is_not_compared(runs: list[RunSnapshot]) -> None:
    assert parts_measured(replace(runs[0], state=RunState.FAILED)) == ()
    assert parts_measured(replace(runs[0], state=RunState.RUNNING)) == ()


def test_the_table_tells_why(runs: list[RunSnapshot], qtbot: QtBot) -> None:
    table = VerdictTable()
    table.set_runs([(one.run_id, one.name) for one in runs])
    odd = table.index(8, STANDS_OUT)
    assert "not known" in odd.data(Qt.ItemDataRole.AccessibleTextRole)
    assert odd_ones(table) is None
    with qtbot.waitSignal(table.completed):
        for one in runs:
            table.set_judged(one.run_id, verdicts_of(one))
    assert odd_ones(table) == 2
    assert odd.data() == "GC 52.0 %"
    assert odd.data(UNLIKE_ROLE).distance > 1
    assert odd.data(Qt.ItemDataRole.AccessibleTextRole) == "Stands out: GC 52.0 %, usually 45.0 %"
    assert table.index(3, STANDS_OUT).data(Qt.ItemDataRole.ToolTipRole).splitlines() == [
        "S4",
        "GC 60.0 %, usually 45.0 %",
        "mean quality Q25.0, usually Q34.0",
    ]
    assert table.index(0, STANDS_OUT).data(Qt.ItemDataRole.AccessibleTextRole) == "Stands out: no, like the others"
    assert table.as_text().splitlines()[9].split("\t")[3] == "GC 52.0 %, usually 45.0 %"
    assert "spread" in str(table.headerData(STANDS_OUT, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))


def test_the_furthest_come_first_either_way(runs: list[RunSnapshot]) -> None:
    table = filled(runs)
    table.sort(STANDS_OUT)
    assert names(table)[:3] == ["S4", "S9", "S1"]
    table.sort(STANDS_OUT, Qt.SortOrder.DescendingOrder)
    assert names(table)[:3] == ["S9", "S4", "S1"]


def test_of_too_few_nobody_can_say(runs: list[RunSnapshot]) -> None:
    table = filled(runs[: FEWEST - 1])
    assert odd_ones(table) is None
    assert "nobody can say" in table.index(0, STANDS_OUT).data(Qt.ItemDataRole.ToolTipRole)


def test_a_run_more_keeps_what_is_selected(runs: list[RunSnapshot]) -> None:
    table = filled(runs)
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    kept, gone = QPersistentModelIndex(table.index(8, 0)), QPersistentModelIndex(table.index(0, FIRST_MODULE))
    shown = [(99, "new"), *((one.run_id, one.name) for one in runs[1:])]
    table.set_runs(shown)
    assert (kept.row(), kept.data()) == (8, "S9")
    assert not gone.isValid()
    assert table.index(8, STANDS_OUT).data() == "GC 52.0 %", "told until it is known anew"
    assert odd_ones(table) is None
    table.set_judged(99, verdicts_of(run(99)))
    assert odd_ones(table) == 2
    table.forget(9)
    table.set_judged(9, verdicts_of(run(9)))
    assert odd_ones(table) == 1
    tester.deleteLater()


def test_thousands_come_in_without_a_look_at_each_other(runs: list[RunSnapshot]) -> None:
    """Counts what is done and not how long it takes: rows are found by key, and order is made once."""
    table = VerdictTable()
    table.sort(STANDS_OUT)
    table.set_runs([(number, f"S{number}") for number in range(5_000)])
    arranged: list[object] = []
    table.layoutChanged.connect(lambda *_: arranged.append(None))
    ordinary, odd = verdicts_of(runs[0]), verdicts_of(runs[3])
    for number in range(5_000):
        table.set_judged(number, odd if number == 4_321 else ordinary)
    assert len(arranged) == 1
    assert table.run_at(0) == 4_321
    assert table.row_of(4_321) == 0
    assert table.row_of(5_000) == -1


def test_what_stands_out_is_of_the_reads_that_verdicts_are_of(runs: list[RunSnapshot]) -> None:
    kept = runs[0].results.model_copy(update={"basic": runs[0].results.basic.model_copy(update={"gc_percent": 44.0})})
    short = kept.model_copy(update={"basic": kept.basic.model_copy(update={"bases": 400_000})})
    table = filled([replace(one, results_after=short if one.run_id == 5 else kept) for one in runs])
    assert table.index(4, STANDS_OUT).data() == ""
    table.show_side(is_after=True)
    assert odd_ones(table) == 1
    assert table.index(4, STANDS_OUT).data(UNLIKE_ROLE).words == "mean length 40.0 bp, usually 151.0 bp"
