"""Many inputs on the page of reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.run.snapshot import RunFailure, RunSnapshot
from engine.run.state import RunState
from gui.models.input_list import InputListModel
from gui.views.reads_page import ReadsPage

MakeSnapshot = Callable[..., RunSnapshot]


def test_what_failed_among_many_is_found_by_one_key(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    model = InputListModel()
    page = ReadsPage(model)
    qtbot.addWidget(page)
    page.resize(800, 500)
    model.update([make_snapshot(number, f"S{number}.fastq", RunState.COMPLETED) for number in range(1, 41)])
    assert page.failed.isHidden()
    failure = RunFailure("Not valid", "record 3 has no @", "")
    for number in (5, 30):
        model.update([make_snapshot(number, f"S{number}.fastq", RunState.FAILED, failure=failure)])
    model.refuse([InputError("c.txt holds no reads.", path=Path("/data/c.txt"))])
    assert not page.failed.isHidden()
    rows = []
    for _ in range(4):
        QTest.keyClick(page.failed, Qt.Key.Key_Space)
        rows.append(page.list.currentIndex().row())
        assert page.list.viewport().rect().contains(page.list.visualRect(page.list.currentIndex()).center())
    assert rows == [4, 29, 40, 4]
    model.clear_finished()
    assert page.failed.isHidden()
