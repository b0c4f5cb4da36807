from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.views.tuning_card import TuningCard
from tests.gui.desk import Desk, write_reads
from tests.gui.models.test_tuning import TUNED

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")

MakeSnapshot = Callable[..., RunSnapshot]


def test_it_is_switched_on_in_the_settings_and_a_run_is_frozen_by_a_button(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "run7"
    folder.mkdir()
    write_reads(folder / "a_1.fastq", 10)
    desk.open()
    card = desk.window.runs.run.tuning
    desk.window.settings_page.tuning.click()
    desk.conductor.follow(folder)
    desk.until(lambda: desk.window.runs.run.page is not None and desk.shown.tuning is not None)
    desk.until(card.freeze.isVisible)
    assert card.note.startswith(f"{desk.shown.workers} worker")
    card.freeze.click()
    desk.until(lambda: desk.shown.tuning is not None and desk.shown.tuning.is_frozen)
    desk.until(lambda: card.freeze.text() == "Frozen")
    card.freeze.click()
    desk.until(lambda: desk.shown.tuning is not None and not desk.shown.tuning.is_frozen)
    desk.session.finish(desk.page.run_id)
    desk.until(lambda: desk.shown.state is RunState.COMPLETED)
    desk.until(lambda: not card.freeze.isVisible())
    desk.close()

    desk.open()
    assert desk.window.settings_page.tuning.isChecked()


def test_runs_are_not_tuned_by_default(desk: Desk, tmp_path: Path) -> None:
    desk.open([write_reads(tmp_path / "reads.fastq", 10)])
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    assert desk.shown.tuning is None
    assert not desk.window.runs.run.tuning.isVisible()


def test_few_decisions_are_shown_until_somebody_wants_all(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    card = TuningCard()
    qtbot.addWidget(card)
    run = make_snapshot(state=RunState.RUNNING, tuning=replace(TUNED, decisions=()))
    card.set_snapshot(run)
    card.show()
    assert card.none.isVisible()
    assert not card.all.isVisible()
    card.set_snapshot(replace(run, tuning=replace(TUNED, decisions=TUNED.decisions * 4)))
    assert not card.none.isVisible()
    assert sum(line.isVisible() for line in card.lines) == 5
    card.all.click()
    assert sum(line.isVisible() for line in card.lines) == 8
    assert card.all.text() == "Show fewer"
    assert card.buffers.text().startswith("3 earlier decisions were not kept.")
