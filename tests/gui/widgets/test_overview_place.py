"""Runs come and go while the overview is looked at."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.models.verdict_table import STANDS_OUT, VerdictTable
from gui.views.verdict_table_view import VerdictTableView

RUNS = [(number, f"S{number}") for number in range(200, 0, -1)]


def shown(qtbot: QtBot) -> tuple[VerdictTable, VerdictTableView]:
    table = VerdictTable()
    view = VerdictTableView(table)
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    table.setParent(view)
    table.set_runs(RUNS)
    return table, view


def test_the_run_at_the_top_stays_there(qtbot: QtBot) -> None:
    table, view = shown(qtbot)
    view.setCurrentIndex(table.index(90, 0))
    view.verticalScrollBar().setValue(1_234)
    top, offset = table.run_at(view.rowAt(0)), view.rowViewportPosition(view.rowAt(0))
    with view.place_kept():
        table.set_runs([(300, "new"), (299, "newer"), *(run for run in RUNS if run[0] not in {180, 20})])
    assert (table.run_at(view.rowAt(0)), view.rowViewportPosition(view.rowAt(0))) == (top, offset)
    assert table.run_at(view.currentIndex().row()) == RUNS[90][0]
    with view.place_kept():
        table.set_runs(RUNS[:3])
    assert table.run_at(view.rowAt(0)) == RUNS[0][0]


def test_at_its_beginning_the_newest_is_seen(qtbot: QtBot) -> None:
    table, view = shown(qtbot)
    with view.place_kept():
        table.set_runs([(300, "new"), *RUNS])
    assert table.run_at(view.rowAt(0)) == 300


def test_what_stands_out_has_room_or_none(qtbot: QtBot) -> None:
    _, view = shown(qtbot)
    narrow = view.columnWidth(STANDS_OUT)
    view.resize(1_600, 400)
    assert view.columnWidth(STANDS_OUT) > narrow
    view.tell_what_stands_out(False)
    assert view.isColumnHidden(STANDS_OUT)
    assert sum(view.columnWidth(at) for at in range(view.model().columnCount())) <= view.viewport().width()
