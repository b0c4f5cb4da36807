from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from engine.run.state import RunState
from gui.models.run_page import Key
from gui.views.keys import key_names
from tests.gui.desk import MANY_READS, Desk, write_many_reads, write_reads

# Dialogs and menus ask for more than the platform of the tests can do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def names(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.entries()]


def fill(desk: Desk, folder: Path, *file_names: str) -> None:
    """Run a small file of each name, one after another."""
    for count, name in enumerate(file_names, start=1):
        desk.run(write_reads(folder / name, count))


def test_pause_resume_and_cancel(desk: Desk, tmp_path: Path) -> None:
    path = write_many_reads(tmp_path / "many.fastq.gz")
    desk.open()
    header = desk.window.runs.run.header
    desk.drop(path)
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_pause)

    header.pause.click()
    desk.until(lambda: desk.page.state is RunState.PAUSED)
    assert header.pause.text() == "Resume"
    assert desk.page.progress_text.endswith("paused")
    # What the workers had in hand when it was paused is still counted; then nothing is.
    QTest.qWait(300)
    reads = desk.shown.results.basic.reads
    QTest.qWait(300)
    assert desk.shown.results.basic.reads == reads

    header.pause.click()
    desk.until(lambda: desk.page.state is RunState.RUNNING and desk.shown.results.basic.reads > reads)
    assert header.pause.text() == "Pause"

    header.cancel.click()
    desk.until(lambda: desk.page.state is RunState.CANCELLED)
    assert "The numbers are partial" in desk.window.runs.run.partial.text.text()
    assert desk.window.runs.run.partial.isVisible()
    assert desk.shown.results.basic.reads < MANY_READS
    assert header.again.isVisible()
    assert not header.cancel.isVisible()


def test_files_wait_for_each_other_and_can_be_taken_out(desk: Desk, tmp_path: Path) -> None:
    many = write_many_reads(tmp_path / "many.fastq.gz")
    small = [write_reads(tmp_path / f"{name}.fastq", 5) for name in "ab"]
    desk.open()

    desk.drop(many, *small)
    desk.until(lambda: desk.states() == [RunState.RUNNING, RunState.CREATED, RunState.CREATED])
    assert names(desk) == ["many.fastq.gz", "a.fastq", "b.fastq"]
    assert desk.page.title == "many.fastq.gz"

    desk.window.runs.panel.choose(desk.entries()[1].run_id)
    assert desk.page.word == "queued"
    assert not desk.window.runs.run.header.pause.isEnabled()
    desk.window.runs.run.header.cancel.click()
    desk.until(lambda: desk.page.state is RunState.CANCELLED)

    desk.window.runs.panel.choose(desk.entries()[0].run_id)
    desk.window.commands.cancel.trigger()
    desk.until(lambda: not desk.session.is_busy)
    states = {entry.name: entry.state for entry in desk.entries()}
    assert states == {
        "many.fastq.gz": RunState.CANCELLED,
        "a.fastq": RunState.CANCELLED,
        "b.fastq": RunState.COMPLETED,
    }


def test_a_file_that_joins_a_run_does_not_take_its_place_on_the_page(desk: Desk, tmp_path: Path) -> None:
    many = write_many_reads(tmp_path / "many.fastq.gz")
    desk.open()
    desk.drop(many)
    desk.until(lambda: desk.states() == [RunState.RUNNING])

    desk.drop(write_reads(tmp_path / "a.fastq", 5))
    desk.until(desk.window.toast.isVisible)

    assert len(desk.entries()) == 2
    assert desk.page.title == "many.fastq.gz"
    assert desk.window.toast.text.text() == "Queued a.fastq"


def test_search(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "liver_R1.fastq", "liver_R2.fastq", "brain_R1.fastq")

    desk.window.commands.search.trigger()
    search = desk.window.runs.panel.search
    assert search.hasFocus()
    QTest.keyClicks(search, "liver r1")
    assert names(desk) == ["liver_R1.fastq"]
    assert desk.window.runs.panel.count.text() == "1 of 3 runs"

    QTest.keyClicks(search, "x")
    assert names(desk) == []
    assert "liver r1x" in desk.window.runs.panel.nothing.text()

    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert names(desk) == ["brain_R1.fastq", "liver_R2.fastq", "liver_R1.fastq"]


def test_delete_and_undo(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq", "c.fastq")
    panel = desk.window.runs.panel

    panel.choose(desk.entries()[1].run_id)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    desk.until(lambda: names(desk) == ["c.fastq", "a.fastq"])
    assert desk.window.toast.isVisible()
    assert desk.window.toast.text.text() == "Deleted b.fastq"
    # The one that took its place is shown.
    desk.until(lambda: desk.page.title == "a.fastq")

    desk.window.toast.undo.click()
    desk.until(lambda: names(desk) == ["c.fastq", "b.fastq", "a.fastq"])
    desk.until(lambda: desk.page.title == "b.fastq")
    assert not desk.window.commands.undo.isEnabled()


def test_many_are_deleted_at_once_and_come_back_by_key(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq", "c.fastq")
    panel = desk.window.runs.panel

    panel.list.setFocus()
    panel.list.selectAll()
    assert panel.count.text() == "3 of 3 runs selected"
    desk.window.commands.delete.trigger()
    desk.until(lambda: not desk.entries())
    assert panel.nothing.text() == "No runs yet."
    desk.until(lambda: desk.window.status.database.text().startswith("database: 0 runs"))

    QTest.keySequence(desk.window, "Ctrl+Z")
    desk.until(lambda: names(desk) == ["c.fastq", "b.fastq", "a.fastq"])
    desk.until(lambda: desk.window.status.database.text().startswith("database: 3 runs"))


def test_what_was_deleted_is_gone_when_the_window_opens_again(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq")
    desk.window.runs.panel.choose(desk.entries()[0].run_id)
    desk.window.commands.delete.trigger()
    desk.until(lambda: names(desk) == ["a.fastq"])
    desk.close()

    desk.open()

    assert names(desk) == ["a.fastq"]
    assert not desk.window.commands.undo.isEnabled()


def test_a_run_that_is_going_cannot_be_deleted(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING])
    assert not desk.window.commands.delete.isEnabled()

    desk.window.runs.panel.list.setFocus()
    QTest.keyClick(desk.window.runs.panel.list, Qt.Key.Key_Delete)
    desk.until(lambda: desk.window.notices.notices)

    assert desk.window.notices.notices[0].message.title == "This run is still going"
    assert len(desk.entries()) == 1


def test_a_stored_run_opens_with_the_same_numbers(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 777))
    results = desk.shown.results
    numbers = {key: desk.number(key) for key in Key}
    desk.close()

    desk.open()
    desk.until(lambda: desk.window.runs.run.page is not None)

    assert desk.window.place == "runs"
    assert desk.page.title == "a.fastq"
    assert desk.shown.results == results
    assert {key: desk.number(key) for key in Key} == numbers
    assert desk.shown.threads


def test_run_again(desk: Desk, tmp_path: Path) -> None:
    path = write_reads(tmp_path / "a.fastq", 12)
    desk.open()
    desk.run(path)

    desk.window.runs.run.header.again.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)
    assert [entry.reads for entry in desk.entries()] == [12, 12]
    desk.until(lambda: desk.page.run_id == desk.entries()[0].run_id)

    path.unlink()
    desk.window.commands.again.trigger()
    desk.until(lambda: desk.window.notices.notices)
    assert "a.fastq" in desk.window.notices.notices[0].message.sentence
    assert len(desk.entries()) == 2


def test_the_context_menu(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq")
    panel = desk.window.runs.panel
    panel.choose(desk.entries()[0].run_id)

    panel.list.customContextMenuRequested.emit(QPoint(5, 5))
    menu = panel.findChild(QMenu)
    assert menu is not None
    actions = {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}
    assert actions["Run again"].text() == f"Run again\t{key_names('Ctrl+R')}"
    pipelines = ["Pipeline for this folder…", "Pipeline for this sample…"]
    shared = ["Compare", "Report…", "Judge by", "Run again"]
    assert list(actions) == ["Open folder", "Copy path", *pipelines, *shared, "Delete"]
    actions["Open folder"].trigger()
    assert opened == [str(tmp_path)]
    actions["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "b.fastq")
    menu.close()

    panel.list.selectAll()
    menu = panel._menu(panel.chosen())
    assert [action.text().partition("\t")[0] for action in menu.actions() if action.text()] == [
        "Open folder",
        "Copy paths",
        *pipelines,
        *shared,
        "Delete 2 runs",
    ]
    of_one = {action.text() for action in menu.actions() if action.text() and not action.isEnabled()}
    assert of_one == {"Open folder", *pipelines}
    menu.deleteLater()


def test_space_pauses_from_the_list(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_pause)

    panel = desk.window.runs.panel
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Space)

    desk.until(lambda: desk.page.state is RunState.PAUSED)


def test_cancelling_asks_when_much_would_be_lost(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.models.run_page._CONFIRM_AFTER", 0.0)
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.asks_before_cancel)

    desk.window.commands.cancel.trigger()
    question = desk.question()
    assert question.text() == "Cancel many.fastq.gz?"
    question.keep.click()
    QTest.qWait(100)
    assert desk.page.state is RunState.RUNNING

    desk.window.commands.cancel.trigger()
    desk.question().go.click()
    desk.until(lambda: desk.page.state is RunState.CANCELLED)


def test_an_input_of_this_session_leads_to_its_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq")
    desk.window.go_to("reads")
    inputs = desk.window.reads.list

    assert desk.window.reads.card.isVisible()
    place = inputs.visualRect(inputs.model().index(0, 0)).center()
    QTest.mouseClick(inputs.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert desk.window.place == "runs"
    assert desk.page.title == "a.fastq"

    desk.window.go_to("reads")
    desk.window.reads.clear.click()
    assert not desk.window.reads.card.isVisible()
    assert len(desk.entries()) == 2


def test_a_shift_click_chooses_many(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    fill(desk, tmp_path, "a.fastq", "b.fastq", "c.fastq")
    panel = desk.window.runs.panel
    panel.choose(desk.entries()[0].run_id)

    selection = panel.list.selectionModel()
    selection.select(desk.session.runs.index(2), QItemSelectionModel.SelectionFlag.Select)

    assert panel.chosen() == [desk.entries()[0].run_id, desk.entries()[2].run_id]
    assert panel.count.text() == "2 of 3 runs selected"
