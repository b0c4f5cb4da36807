"""Runs that were not read whole, in the overview."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from engine.run.state import RunState
from gui.models.verdict_table import STANDS_OUT, STATE_ROLE
from gui.views.compare_page import ComparePage

RUNS = [(1, "S1"), (2, "S2"), (3, "S3"), (4, "S4")]
STATES = {
    1: RunState.COMPLETED,
    2: RunState.RUNNING,
    3: RunState.FAILED,
    4: RunState.CANCELLED,
}


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    made = ComparePage()
    qtbot.addWidget(made)
    made.show_all(RUNS, STATES)
    return made


def told(page: ComparePage, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list[str]:
    return [str(page.table.index(row, STANDS_OUT).data(role)) for row in range(page.table.rowCount())]


def test_where_runs_stand_is_told_beside_their_names(page: ComparePage) -> None:
    assert told(page) == ["", "running", "failed", "cancelled"]
    assert "failed: verdicts are those of the part that was read" in told(page, Qt.ItemDataRole.ToolTipRole)[2]
    assert "failed" in told(page, Qt.ItemDataRole.AccessibleTextRole)[2]
    assert page.table.index(2, STANDS_OUT).data(STATE_ROLE) == RunState.FAILED
    assert "\tfailed\t" in page.table.as_text()
    assert page.note.text().startswith("4 runs · 1 failed · 1 cancelled · ")


def test_what_was_broken_off_comes_first_where_it_is_sorted_by(page: ComparePage) -> None:
    page.table.sort(STANDS_OUT)
    assert told(page) == ["failed", "cancelled", "", "running"]
    page.show_all(RUNS, {**STATES, 2: RunState.FAILED})
    assert told(page) == ["failed", "failed", "cancelled", ""]
    page.show_all(RUNS)
    assert told(page) == [""] * 4


def test_a_state_has_its_colour(page: ComparePage, qtbot: QtBot) -> None:
    def cell(row: int) -> QImage:
        view = page.view
        return view.viewport().grab(view.visualRect(page.table.index(row, STANDS_OUT))).toImage()

    page.resize(1_000, 400)
    page.grab()
    red = {(color.red() > 180 and color.green() < 130) for color in pixels(cell(2))}
    assert red == {True, False}
    assert len({color.name() for color in pixels(cell(0))}) <= 2, "nothing but ground and line"


def pixels(picture: QImage) -> list[QColor]:
    return [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]


def test_reports_of_all_runs_that_are_over_are_a_button_away(page: ComparePage, qtbot: QtBot) -> None:
    page.table.sort(0, Qt.SortOrder.DescendingOrder)
    with qtbot.waitSignal(page.report_requested, timeout=30_000) as asked:
        page.report.click()
    assert asked.args == [[4, 3, 1]], "the second is not over"
    page.show_all(RUNS[:1], {1: RunState.CREATED})
    assert not page.report.isEnabled()
    page.show_all([])
    assert page.report.isHidden()
