"""Runs come and go while the overview is looked at."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.report.standing_out import Measured
from gui.models.outliers import PartMeasured
from gui.models.overview import RunVerdicts, Side
from gui.models.verdict_table import STANDS_OUT, VerdictTable
from gui.views.compare_page import ComparePage
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


def test_all_of_a_row_answers_to_the_pointer(qtbot: QtBot) -> None:
    _, view = shown(qtbot)
    body = view.viewport()
    middle = QPoint(300, view.rowViewportPosition(3) + 10)
    QTest.mouseMove(body, middle)
    qtbot.waitUntil(lambda: view.cells.hovered == 3, timeout=30_000)
    at, below = (body.grab().toImage().pixelColor(QPoint(12, view.rowViewportPosition(row) + 3)) for row in (3, 4))
    assert at != below, "the name far from the pointer is lit"
    QApplication.sendEvent(body, QEvent(QEvent.Type.Leave))
    assert view.cells.hovered == -1


def test_the_keyboard_tells_in_what_a_run_stands_out(qtbot: QtBot) -> None:
    page = ComparePage()
    qtbot.addWidget(page)
    page.show_all([(number, f"S{number}") for number in range(6)])
    for number in range(6):
        values = (4_000.0, 150.0, 60.0 if number == 4 else 45.0, 34.0, 90.0, 1.0, 0.0, 0.0)
        measured = (PartMeasured("", Measured((1, False, False), values)),)
        page.table.set_judged(number, RunVerdicts(Side(measured=measured), by="Standard"))
    assert "1 stands out \N{MIDDLE DOT} judged by Standard" in page.note.text()
    assert page.why.text().startswith("Stands out: further from the median")
    page.view.setCurrentIndex(page.table.index(3, 0))
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    assert page.why.text() == "S4 stands out: GC 60.0 %, usually 45.0 %"
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    assert page.why.text().startswith("Stands out:")
    assert page.minimumSizeHint().width() < 700, "words do not widen the window"


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_no_runs_lead_to_where_they_begin(qtbot: QtBot) -> None:
    page = ComparePage()
    qtbot.addWidget(page)
    page.show_all([])
    page.show()
    assert not page.view.isVisible()
    assert not page.note.isVisible()
    page.take_keys()
    assert page.focusWidget() is page.nothing.go
    with qtbot.waitSignal(page.nothing.reads_wanted):
        QTest.keyClick(page.nothing.go, Qt.Key.Key_Space)
    page.show_all([], are_searched=True)
    assert not page.nothing.go.isVisible()
    page.show_all(RUNS[:2])
    assert not page.nothing.isVisible()
    assert page.view.isVisible()
