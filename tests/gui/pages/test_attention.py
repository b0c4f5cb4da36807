from __future__ import annotations

from pathlib import Path

import pytest

from gui.views.attention import Attention
from tests.gui.desk import Desk, write_many_reads, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_title_follows_the_work_and_settings_say_whether_its_end_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    window, attention = desk.window, desk.conductor.attention
    assert isinstance(attention, Attention)
    assert window.windowTitle() == "Lanescope"
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: "many.fastq.gz" in window.windowTitle() and "%" in window.windowTitle())
    assert desk.conductor._recent.paths == (tmp_path / "many.fastq.gz",)
    desk.session.cancel(desk.entries()[0].run_id)
    desk.until(lambda: window.windowTitle() == "Lanescope")
    # Who cancelled it knows.
    assert len(attention.last) == 0
    attention.tell("many.fastq.gz: completed")
    assert attention.last == "many.fastq.gz: completed"

    page = window.settings_page
    assert page.tells.isChecked()
    page.tells.click()
    assert not desk.conductor._settings.tells


def test_what_has_vanished_is_told_and_no_longer_offered(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    there, gone = write_reads(tmp_path / "there[*].fastq", 30), tmp_path / "gone.fastq"
    desk.drop(there)
    desk.until(lambda: desk.entries() and desk.entries()[0].state.is_final)
    desk.conductor._recent.add([gone])
    menu = desk.window.commands.recent
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    desk.until(lambda: desk.conductor._recent.paths == (there,))
