from __future__ import annotations

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from engine.collectors.profiles import profile
from engine.collectors.results import BasicStatistics, Duplication, QcResults
from engine.collectors.verdicts import Status
from gui.models.overview import RunVerdicts, Side
from gui.models.verdict import Judged, judge
from gui.models.verdict_table import FIRST_MODULE, JUDGED_ROLE, RUN_ROLE, SHOWN, VerdictTable

RESULTS = QcResults(basic=BasicStatistics(reads=10), duplication=Duplication(remaining=60.0))
TOLD = RunVerdicts(Side(judge(RESULTS, profile())), by="Standard")
DUPLICATION = FIRST_MODULE + [module.key for module in SHOWN].index("duplication")


@pytest.fixture
def table() -> VerdictTable:
    made = VerdictTable()
    made.set_runs([(7, "a"), (8, "<b>")])
    return made


def test_a_row_a_run_and_a_column_a_module(table: VerdictTable) -> None:
    assert (table.rowCount(), table.columnCount()) == (2, 12)
    assert table.headerData(0, Qt.Orientation.Horizontal) == "Run"
    assert table.index(1, 0).data() == "<b>"
    assert table.index(1, 5).data(RUN_ROLE) == 8
    assert [table.run_at(row) for row in (-1, 0, 1, 2)] == [0, 7, 8, 0]


def test_only_what_is_looked_at_is_asked_for(table: VerdictTable) -> None:
    asked: list[int] = []
    table.missing.connect(asked.append)
    table.index(0, 0).data()
    assert not asked
    table.index(1, DUPLICATION).data(JUDGED_ROLE)
    assert asked == [8]


def test_verdicts_come_in(table: VerdictTable) -> None:
    table.set_judged(7, TOLD)
    asked: list[int] = []
    table.missing.connect(asked.append)
    cell = table.index(0, DUPLICATION)
    judged = cell.data(JUDGED_ROLE)
    assert isinstance(judged, Judged)
    assert judged.status is Status.WARN
    assert "60.0 % would remain" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "1 warn" in table.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert table.index(0, FIRST_MODULE).data(JUDGED_ROLE) is None
    assert table.index(0, FIRST_MODULE).data(Qt.ItemDataRole.AccessibleTextRole).endswith("not judged")
    assert not asked
    table.forget(7)
    cell.data(JUDGED_ROLE)
    assert asked == [7]


def names(table: VerdictTable) -> list[str]:
    return [str(table.index(row, 0).data()) for row in range(table.rowCount())]


def test_names_sort_as_people_sort_them_and_come_back(table: VerdictTable) -> None:
    table.set_runs([(1, "S10"), (2, "s2"), (3, "a")])
    table.sort(0)
    assert names(table) == ["a", "s2", "S10"]
    table.sort(0, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["S10", "s2", "a"]
    table.sort(-1)
    assert names(table) == ["S10", "s2", "a"]
    table.set_runs([(1, "S10"), (3, "a")])
    assert names(table) == ["S10", "a"]


def test_sorting_by_a_module_asks_for_all_verdicts_and_puts_the_worst_first(table: VerdictTable, qtbot: QtBot) -> None:
    table.set_runs([(1, "good"), (2, "none"), (3, "bad"), (4, "middling")])
    kept = QPersistentModelIndex(table.index(2, 0))
    asked: list[int] = []
    table.missing.connect(asked.append)
    table.sort(DUPLICATION)
    assert asked == [1, 2, 3, 4]
    remaining = {1: 90.0, 3: 20.0, 4: 60.0}
    with qtbot.waitSignal(table.completed):
        for run_id in asked:
            share = remaining.get(run_id)
            results = RESULTS.model_copy(update={"duplication": Duplication(remaining=share) if share else None})
            table.set_judged(run_id, RunVerdicts(Side(judge(results, profile()))))
    assert names(table) == ["bad", "middling", "good", "none"]
    assert kept.row() == 0
    table.sort(DUPLICATION, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["good", "middling", "bad", "none"]
    assert [table.run_at(row) for row in range(4)] == [1, 4, 3, 2]


def test_the_table_as_text(table: VerdictTable) -> None:
    table.set_judged(7, TOLD)
    assert table.unknown == (8,)
    lines = [line.split("\t") for line in table.as_text().splitlines()]
    assert [line[0] for line in lines] == ["Run", "a", "<b>"]
    assert [line[1:3] for line in lines] == [["Reads", "Judged by"], ["as they came", "Standard"], ["", ""]]
    at = lines[0].index("Sequence Duplication Levels")
    assert [line[at] for line in lines[1:]] == ["warn", ""]


def test_names_are_no_cells_and_no_formulas_as_text(table: VerdictTable) -> None:
    table.set_runs([(1, "=1+2"), (2, "a\tb\nc")])
    assert [line.split("\t")[0] for line in table.as_text().split("\n")] == ["Run", "'=1+2", "a b c"]


def test_all_is_known_once_what_was_missing_is_gone(table: VerdictTable, qtbot: QtBot) -> None:
    table.set_judged(7, TOLD)
    with qtbot.waitSignal(table.completed):
        table.set_runs([(7, "a")])


def test_what_is_forgotten_is_asked_for_again_where_it_is_sorted_by(table: VerdictTable) -> None:
    table.sort(DUPLICATION)
    for run_id in (7, 8):
        table.set_judged(run_id, TOLD)
    asked: list[int] = []
    table.missing.connect(asked.append)
    table.forget(8)
    assert asked == [8]


def test_thousands_of_runs_are_sorted_at_once(table: VerdictTable) -> None:
    table.sort(DUPLICATION)
    runs = [(number, f"sample {number}") for number in range(20_000)]
    table.set_runs(runs)
    assert [table.run_at(row) for row in (0, 19_999)] == [0, 19_999]
    table.sort(0, Qt.SortOrder.DescendingOrder)
    assert table.run_at(0) == 19_999


def test_reads_as_they_came_or_as_they_were_kept(table: VerdictTable, qtbot: QtBot) -> None:
    better = RESULTS.model_copy(update={"duplication": Duplication(remaining=90.0)})
    table.set_judged(7, RunVerdicts(Side(judge(RESULTS, profile())), Side(judge(better, profile())), "Standard"))
    assert table.has_after
    table.set_judged(8, RunVerdicts(Side(judge(RESULTS, profile())), by="RNA-seq"))
    assert table.profiles == ("Standard", "RNA-seq")

    def told() -> list[str]:
        return [table.index(row, DUPLICATION).data(JUDGED_ROLE).status.value for row in range(2)]

    assert told() == ["warn", "warn"]
    assert names(table) == ["a", "<b> \N{MIDDLE DOT} RNA-seq"]
    table.sort(DUPLICATION)
    table.show_side(is_after=True)
    assert names(table)[0] == "<b> \N{MIDDLE DOT} raw \N{MIDDLE DOT} RNA-seq"
    assert told() == ["warn", "pass"]
    assert [line.split("\t")[1] for line in table.as_text().splitlines()[1:]] == ["as they came", "after the pipeline"]
    assert table.index(0, 0).data(Qt.ItemDataRole.ToolTipRole).endswith("1 pass \N{MIDDLE DOT} 1 warn, by RNA-seq")
    table.show_side(is_after=False)
    assert told() == ["warn", "warn"]
    table.set_runs([(8, "<b>")])
    assert (table.has_after, names(table)) == (False, ["<b>"])
