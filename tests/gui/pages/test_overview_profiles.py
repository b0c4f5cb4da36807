"""The overview tells verdicts by the profile that was chosen last, whenever that was."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.run.snapshot import RunSnapshot
from gui.models import overview
from gui.views.compare_page import ComparePage
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


def page_of(desk: Desk) -> ComparePage:
    page = desk.window.runs.right.currentWidget()
    assert isinstance(page, ComparePage)
    return page


def test_a_profile_that_is_chosen_while_a_run_is_judged_counts(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_go_on, verdicts_of = threading.Event(), threading.Event(), overview.verdicts_of

    def held(run: RunSnapshot) -> overview.RunVerdicts:
        began.set()
        assert may_go_on.wait(30)
        return verdicts_of(run)

    monkeypatch.setattr(overview, "verdicts_of", held)
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 30))
    desk.window.runs.panel.overview.click()
    table = page_of(desk).table
    try:
        desk.until(began.is_set)
        desk.session.choices.choose_for([desk.shown.run_id], "nanopore")
    finally:
        may_go_on.set()
    desk.until(lambda: not table.unknown)
    assert table.profiles == ("Nanopore",)


def test_runs_out_of_sight_are_judged_by_another_profile_too(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 30), write_reads(tmp_path / "b.fastq", 30))
    desk.window.runs.panel.overview.click()
    table = page_of(desk).table
    desk.until(lambda: not table.unknown)
    desk.window.hide()
    desk.session.choices.choose_for([entry.run_id for entry in desk.entries()], "nanopore")
    desk.until(lambda: table.profiles == ("Nanopore",))
