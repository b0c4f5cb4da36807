"""Reports, written from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from engine.run.state import RunState
from gui.views.report_dialog import ReportDialog
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


class _Browser(QObject):
    """Takes what would be shown by another program."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.shown.append(Path(url.toLocalFile()))


def dialog_of(desk: Desk) -> ReportDialog:
    desk.until(lambda: desk.conductor.reports.dialog is not None)
    dialog = desk.conductor.reports.dialog
    assert dialog is not None
    return dialog


def written(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_report_of_a_run_is_written_and_shown(desk: Desk, tmp_path: Path) -> None:
    browser = _Browser()
    QDesktopServices.setUrlHandler("file", browser, "take")  # type: ignore[arg-type] # it takes no bytes, whatever its types say
    try:
        desk.open()
        desk.run(write_reads(tmp_path / "a.fastq", 50))
        desk.window.runs.run.header.report.click()
        dialog = dialog_of(desk)
        assert "Report of a.fastq" in [label.text() for label in dialog.findChildren(QLabel)]
        assert dialog.folder.text() == str(tmp_path / "lanescope-reports")
        assert [kind for kind, box in dialog.kinds.items() if box.isChecked()] == ["html", "tsv"]
        dialog.write.click()
        desk.until(lambda: browser.shown)
        folder = tmp_path / "lanescope-reports"
        assert browser.shown == [folder / "a.html"]
        assert written(folder) == {"a.html", "lanescope.tsv", "lanescope_modules.tsv"}
        assert desk.window.toast.text.text() == f"Wrote 3 files into {folder}"
        assert desk.conductor.reports.dialog is None
    finally:
        QDesktopServices.unsetUrlHandler("file")


def test_reports_of_several_runs_and_what_was_wanted_is_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 50), write_reads(tmp_path / "b.fastq", 50))
    desk.window.runs.panel.list.selectAll()
    desk.until(desk.window.commands.report.isEnabled)
    desk.window.commands.report.trigger()
    dialog = dialog_of(desk)
    for kind, box in dialog.kinds.items():
        box.setChecked(kind in {"html", "json"})
    dialog.show_page.setChecked(False)
    dialog.folder.setText("reports")
    assert not dialog.write.isEnabled()
    dialog.folder.setText(str(tmp_path / "out"))
    assert dialog.write.isEnabled()
    dialog.write.click()
    desk.until(lambda: desk.window.toast.text.text().startswith("Wrote "))
    assert written(tmp_path / "out") == {"a.html", "a.json", "b.html", "b.json", "index.html"}

    desk.window.runs.panel.ask_for_report()
    again = dialog_of(desk)
    assert again.folder.text() == str(tmp_path / "out")
    assert [kind for kind, box in again.kinds.items() if box.isChecked()] == ["html", "json"]
    for box in again.kinds.values():
        box.setChecked(False)
    assert not again.write.isEnabled()
    assert not again.show_page.isEnabled()
    again.reject()
    desk.until(lambda: desk.conductor.reports.dialog is None)


def test_a_folder_that_cannot_be_made_is_told_of(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 50))
    assert desk.shown.state is RunState.COMPLETED
    desk.window.runs.run.header.report.click()
    dialog = dialog_of(desk)
    dialog.folder.setText(str(tmp_path / "a.fastq" / "reports"))
    dialog.write.click()
    desk.until(lambda: any("cannot be made" in label.text() for label in desk.window.notices.findChildren(QLabel)))
    assert not desk.conductor.reports.is_writing
