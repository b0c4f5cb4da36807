from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.collectors.profiles import profile
from engine.collectors.results import BasicStatistics, Duplication, QcResults
from engine.collectors.verdicts import Status
from gui.models.verdict import Judged, judge
from gui.models.verdict_table import JUDGED_ROLE, RUN_ROLE, SHOWN, VerdictTable

RESULTS = QcResults(basic=BasicStatistics(reads=10), duplication=Duplication(remaining=60.0))
DUPLICATION = 1 + [module.key for module in SHOWN].index("duplication")


@pytest.fixture
def table() -> VerdictTable:
    made = VerdictTable()
    made.set_runs([(7, "a"), (8, "<b>")])
    return made


def test_a_row_a_run_and_a_column_a_module(table: VerdictTable) -> None:
    assert (table.rowCount(), table.columnCount()) == (2, 11)
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
    table.set_judged(7, judge(RESULTS, profile()))
    asked: list[int] = []
    table.missing.connect(asked.append)
    cell = table.index(0, DUPLICATION)
    judged = cell.data(JUDGED_ROLE)
    assert isinstance(judged, Judged)
    assert judged.status is Status.WARN
    assert "60.0 % would remain" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "1 warn" in table.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert table.index(0, 1).data(JUDGED_ROLE) is None
    assert table.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole).endswith("not judged")
    assert not asked
    table.forget(7)
    cell.data(JUDGED_ROLE)
    assert asked == [7]
