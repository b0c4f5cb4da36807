"""Folders and samples that use pipelines: set, seen, taken away and taken back in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from engine.home import find_home
from engine.pipeline.keeping.associations import Associations, Dataset
from engine.run.state import RunState
from engine.store.store import Store
from gui.models.run_list import ENTRY_ROLE
from gui.views.pipeline.uses_dialog import UsesDialog
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_LEFT = Qt.MouseButton.LeftButton


def _kept(desk: Desk) -> dict[str, str]:
    """What the store has: dataset and type to reference."""
    with Store.open(find_home().database) as store:
        return {f"{each.dataset} {each.type}": each.reference for each in Associations(store.pipelines).list()}


def _dialog(desk: Desk) -> UsesDialog:
    uses = desk.conductor.pipelines.uses
    desk.until(lambda: uses.dialog is not None and uses.dialog.isVisible())
    assert uses.dialog is not None
    return uses.dialog


def _choose(dialog: UsesDialog, name: str) -> None:
    combo = dialog.choices["document"]
    combo.setCurrentIndex(combo.findData(name))
    combo.activated.emit(combo.currentIndex())


def _trigger(widget: QWidget, text: str) -> None:
    """Choose a line of the menu that has come up."""
    for menu in widget.findChildren(QMenu):
        for action in menu.actions():
            if action.text() == text:
                action.trigger()
                menu.close()
                return
    raise AssertionError(text)


def test_a_folder_is_given_a_pipeline_and_it_is_taken_back(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    pipelines.open("nanopore")
    desk.until(lambda: pipelines.builder.draft.name == "nanopore")
    QTest.mouseClick(pipelines.bench.head.uses, _LEFT)
    dialog = _dialog(desk)
    assert "nanopore" in dialog.about.text()

    dialog.add("folder", str(tmp_path))
    desk.until(lambda: dialog.list.count() == 1)
    folder = f"the folder {tmp_path}"
    assert _kept(desk) == {f"{folder} document": "nanopore"}
    assert pipelines.bench.head.note.text().endswith(f"used for {tmp_path.name}")
    _choose(dialog, "rna-seq")
    desk.until(lambda: _kept(desk) == {f"{folder} document": "rna-seq"})
    desk.until(lambda: "rna-seq" in dialog.undo.text.text())

    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    desk.until(lambda: dialog.list.count() == 0)
    assert not _kept(desk)
    QTest.mouseClick(dialog.undo.undo, _LEFT)
    desk.until(lambda: _kept(desk) == {f"{folder} document": "rna-seq"})
    QTest.mouseClick(dialog.undo.undo, _LEFT)
    desk.until(lambda: _kept(desk) == {f"{folder} document": "nanopore"})
    QTest.mouseClick(dialog.undo.undo, _LEFT)
    desk.until(lambda: not _kept(desk))
    desk.until(lambda: not dialog.undo.isVisible())


def test_a_folder_that_is_not_there_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    gone = tmp_path / "gone"
    gone.mkdir()
    with Store.open(find_home().database) as store:
        Associations(store.pipelines).associate(Dataset.of_folder(gone), "nanopore")
    gone.rmdir()
    desk.conductor.pipelines.uses.open("rna-seq")
    dialog = _dialog(desk)
    use = dialog.chosen()
    assert use is not None
    assert use.note.endswith("is not there")

    dialog.add("watched", str(tmp_path / "nowhere"))
    desk.until(dialog.error.isVisible)
    assert str(tmp_path / "nowhere") in dialog.error.text()
    assert len(_kept(desk)) == 1


def test_what_is_dropped_says_why_it_runs_a_pipeline(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    folder = tmp_path / "long"
    folder.mkdir()
    with Store.open(find_home().database) as store:
        Associations(store.pipelines).associate(Dataset.of_folder(folder, "watched"), "nanopore")
    desk.run(write_reads(folder / "a.fastq", 20, length=600), write_reads(tmp_path / "b.fastq", 20))

    assert desk.states() == [RunState.COMPLETED] * 2
    strip = desk.window.because
    assert strip.isVisible()
    assert strip.text.text() == f"Runs nanopore because of the watched folder {folder}."
    QTest.mouseClick(strip.take, _LEFT)
    dialog = _dialog(desk)
    assert not strip.isVisible()
    use = dialog.chosen()
    assert use is not None
    assert use.key == ("watched", str(folder))
    _choose(dialog, "")
    desk.until(lambda: not _kept(desk))
    desk.run(write_reads(folder / "c.fastq", 20))
    assert not strip.isVisible()


@pytest.mark.parametrize("kind", ["folder", "sample"])
def test_a_run_in_the_list_gives_its_folder_or_sample_a_pipeline(desk: Desk, tmp_path: Path, kind: str) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "mine_R1.fastq", 20))
    panel = desk.window.runs.panel
    assert panel.list.model().index(0, 0).data(ENTRY_ROLE) is not None
    panel.list.customContextMenuRequested.emit(panel.list.visualRect(panel.list.model().index(0, 0)).center())
    _trigger(panel, f"Pipeline for this {kind}…")
    dialog = _dialog(desk)
    use = dialog.chosen()
    assert use is not None
    assert use.key == (kind, str(tmp_path) if kind == "folder" else "mine")
    _choose(dialog, "amplicon")
    desk.until(lambda: list(_kept(desk).values()) == ["amplicon"])


def test_an_input_of_the_session_has_the_same_in_its_menu(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "mine.fastq", 20))
    desk.window.go_to("reads")
    listed = desk.window.reads.list
    listed.customContextMenuRequested.emit(listed.visualRect(listed.model().index(0, 0)).center())
    _trigger(desk.window.reads, "Pipeline for this folder…")
    dialog = _dialog(desk)
    # Nothing is kept of a folder that was only looked at.
    assert dialog.list.count() == 1
    assert not _kept(desk)
    QTest.mouseClick(dialog.remove, _LEFT)
    assert dialog.list.count() == 0
