"""Runs whose process was killed, in the next window."""

from __future__ import annotations

import gzip
import re
from collections.abc import Generator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.checkpoint.beside import checkpoints_beside, safe_reads
from engine.checkpoint.folder import CheckpointFolder
from engine.home import find_home
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.run.state import RunState
from gui.views.dialogs import Question
from tests.engine.run.killing import Case, executioner
from tests.engine.run.lost_runs import lose_run, reads_of
from tests.gui.desk import MANY_READS, Desk, write_many_reads

# Menus ask for more than the platform of the tests can do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def lost(tmp_path: Path, lanescope_home: Path) -> Path:
    """The input of a run that was killed long before its end."""
    assert lanescope_home.is_absolute()
    path = write_many_reads(tmp_path / "many.fastq.gz")
    lose_run(find_home().database, [path])
    return path


@pytest.fixture
def next_desk(desk: Desk, lost: Path) -> Generator[Desk]:
    """The window that is opened after it, with the run on its page."""
    assert lost.exists()
    desk.open()
    desk.until(lambda: desk.window.runs.run.page is not None)
    yield desk
    if not desk.is_closed:
        for run in desk.session.going:
            desk.session.cancel(run.run_id)
        desk.until(lambda: not desk.session.is_busy)


def test_a_lost_run_goes_on_from_its_page(next_desk: Desk) -> None:
    desk, header = next_desk, next_desk.window.runs.run.header
    safe = safe_reads(find_home().database, 1)
    assert safe
    desk.until(lambda: desk.page.can_continue)
    assert header.go_on.isVisible()
    assert header.again.isVisible()
    assert header.go_on.toolTip() == f"Safe in the last checkpoint: {safe:,} reads. The run goes on after them."
    assert "Continue" in desk.window.runs.run.failure.hint.text()
    assert desk.window.offer.isVisible()

    header.go_on.setFocus()
    QTest.keyClick(header.go_on, Qt.Key.Key_Space)
    desk.until(lambda: desk.page.state is RunState.RUNNING and desk.shown.results.basic.reads > safe)

    assert desk.shown.run_id == 1
    assert desk.session.runs.total == 1
    assert not header.go_on.isVisible()
    assert not desk.window.offer.isVisible()
    header.cancel.click()
    desk.until(lambda: desk.page.state is RunState.CANCELLED)
    assert safe < desk.shown.results.basic.reads < MANY_READS
    assert not header.go_on.isVisible()
    words = [action.text().partition("\t")[0] for action in desk.window.runs.panel._menu([1]).actions()]
    assert "Run again" in words
    assert "Continue" not in words


def test_checkpoints_are_looked_into_and_removed(next_desk: Desk, lost: Path) -> None:
    desk, card = next_desk, next_desk.window.runs.run.checkpoints
    desk.until(card.isVisible)
    assert card.note.startswith(f"{safe_reads(find_home().database, 1):,} reads, ")
    read, *kept = card.lines.text().splitlines()
    where = r"up to record [\d,]+, line [\d,]+, byte [\d,]+ of its text, byte [\d,]+ of the file"
    assert re.fullmatch(f"Read {lost.name}: {where}", read)
    assert re.match(r"Checkpoint \d+ of \S+", kept[0])

    card.remove.setFocus()
    QTest.keyClick(card.remove, Qt.Key.Key_Space)
    desk.question().keep.click()
    desk.until(lambda: not desk.window.findChildren(Question))
    assert card.isVisible()
    card.remove.click()
    desk.question().go.click()
    desk.until(lambda: not card.isVisible())
    desk.until(lambda: "are free again" in desk.window.toast.text.text())
    assert not desk.window.runs.run.header.go_on.isVisible()
    assert not desk.window.offer.isVisible()
    assert not list(checkpoints_beside(find_home().database).iterdir())


def test_the_offer_is_taken_by_the_keyboard(next_desk: Desk) -> None:
    desk, offer = next_desk, next_desk.window.offer
    assert offer.text.text() == "many.fastq.gz was interrupted, and can go on from where it was."

    offer.take.setFocus()
    QTest.keyClick(offer.take, Qt.Key.Key_Space)
    assert not offer.isVisible()
    assert QApplication.focusWidget() is not offer.take
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_cancel)


def test_an_offer_left_is_not_made_again_but_the_menu_has_it(next_desk: Desk) -> None:
    desk, panel = next_desk, next_desk.window.runs.panel
    desk.window.offer.dismiss.click()
    listed: list[bool] = []
    desk.session.listed.connect(lambda: listed.append(True))
    desk.session.tasks.start(desk.session.list_runs())
    desk.until(lambda: listed)
    assert not desk.window.offer.isVisible()

    actions = {action.text().partition("\t")[0]: action for action in panel._menu([1]).actions() if action.text()}
    words = list(actions)
    assert words.index("Continue") + 1 == words.index("Run again")
    actions["Continue"].trigger()
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_cancel)


def test_an_input_that_changed_is_told_with_a_way_out(next_desk: Desk, lost: Path) -> None:
    desk = next_desk
    desk.until(lambda: desk.page.can_continue)
    lost.write_bytes(lost.read_bytes()[:1000])
    desk.window.runs.run.header.go_on.click()
    desk.until(lambda: desk.window.notices.notices)
    [notice] = desk.window.notices.notices
    assert notice.message.title == "The run cannot go on from its checkpoint"
    assert notice.message.sentence.startswith("many.fastq.gz shrank from")
    assert "Start the run anew" in notice.message.hint
    assert desk.page.state is RunState.INTERRUPTED


def test_without_a_checkpoint_it_can_only_be_run_again(desk: Desk, lost: Path) -> None:
    assert lost.exists()
    CheckpointFolder(checkpoints_beside(find_home().database) / "1").prune()
    desk.open()
    desk.until(lambda: desk.window.runs.run.page is not None)
    header = desk.window.runs.run.header
    assert desk.page.state is RunState.INTERRUPTED
    assert header.again.isVisible()
    assert not header.go_on.isVisible()
    assert not desk.window.offer.isVisible()
    assert "Continue" not in [action.text() for action in desk.window.runs.panel._menu([1]).actions()]


def test_a_lost_run_with_an_output_is_offered_and_ends(desk: Desk, tmp_path: Path, lanescope_home: Path) -> None:
    assert lanescope_home.is_absolute()
    reads, written = tmp_path / "reads.fastq", tmp_path / "kept.fastq.gz"
    reads.write_bytes(reads_of(9, 4000))
    trim = PipelineDefinition(name="trim", stages=(StageDefinition(name="tails", stage="quality"),))
    order = Case([reads], trim).order(tmp_path) | {"database": str(find_home().database), "outputs": [str(written)]}
    find_home().database.parent.mkdir(parents=True, exist_ok=True)
    with executioner([trim]) as by:
        by.lose(order, marks=1, delay=0)
    assert not written.exists()
    desk.open()
    desk.until(desk.window.offer.isVisible)
    desk.window.offer.take.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    with gzip.open(written) as text:
        assert text.read().count(b"\n+\n") == 4000
    assert not list(tmp_path.glob(".kept*"))
