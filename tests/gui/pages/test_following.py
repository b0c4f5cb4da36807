from __future__ import annotations

from pathlib import Path

import pytest

from engine.run.state import RunState
from gui.models.run_page import Key
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


def test_a_folder_is_read_as_it_fills_until_it_is_told_to_stop(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "run7"
    folder.mkdir()
    write_reads(folder / "a_1.fastq", 10)
    desk.open()
    desk.conductor.follow(folder)
    desk.until(lambda: desk.window.runs.run.page is not None and desk.page.can_finish)
    assert desk.window.runs.run.header.finish.isVisible()
    assert desk.page.fraction is None
    written = write_reads(folder / "a_2.fastq", 20).stat().st_size + (folder / "a_1.fastq").stat().st_size
    # Reads are counted when there are enough for a batch, or at the end.
    desk.until(lambda: desk.shown.samples and desk.shown.samples[-1].bytes_read == written)
    desk.window.runs.run.header.finish.click()
    desk.until(lambda: desk.shown.state.is_final)
    assert desk.shown.state is RunState.COMPLETED
    assert desk.number(Key.READS) == "30"
    assert not desk.window.runs.run.header.finish.isVisible()

    desk.window.runs.run.header.again.click()
    desk.until(lambda: len(desk.states()) == 2 and desk.page.can_finish)
    desk.session.finish(desk.page.run_id)
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)


def test_what_is_not_there_cannot_be_followed(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.conductor.follow(tmp_path / "nowhere")
    desk.until(lambda: desk.window.notices.notices)
    assert desk.session.runs.total == 0


def test_following_is_offered_where_reads_come_in(desk: Desk) -> None:
    desk.open()
    menu = desk.window.reads.drop.follow_button.menu()
    assert [action.text() for action in menu.actions()] == ["A folder that fills…", "A file that grows…"]
