from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from engine.run.state import RunState
from gui.models.compare import OVERLAYS
from gui.models.compare_tiles import TILE_MAPS
from gui.models.grouping import Grouping
from gui.models.verdict_table import FIRST_MODULE, JUDGED_ROLE
from gui.views.compare_page import ComparePage
from gui.views.compare_plot import ComparePlot
from tests.gui.desk import SAMPLES, Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")

PAIR = [SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz"]


def said(desk: Desk) -> str:
    return "\n".join(label.text() for label in desk.window.reads.proposal.findChildren(QLabel))


def test_a_pair_on_the_command_line_is_asked_about_as_a_dropped_one(desk: Desk) -> None:
    desk.open(PAIR)
    desk.until(desk.window.reads.proposal.isVisible)
    assert desk.session.runs.total == 0
    assert "illumina_pair_1.fastq.gz + illumina_pair_2.fastq.gz" in said(desk)


def test_a_dropped_pair_is_shown_as_one_and_read_as_one(desk: Desk) -> None:
    desk.open()
    reads = desk.window.reads
    assert reads.grouping.grouping is Grouping.PAIRS
    desk.drop(*PAIR)
    desk.until(reads.proposal.isVisible)
    assert desk.session.runs.total == 0
    assert "illumina_pair_1.fastq.gz + illumina_pair_2.fastq.gz" in said(desk)
    assert reads.proposal.start.text() == "Start 1 run"
    reads.proposal.start.click()
    assert reads.proposal.isHidden()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] and desk.window.place == "runs")
    desk.until(lambda: desk.shown.state.is_final)
    assert desk.shown.results.pairs is not None
    assert desk.shown.results.mate is not None
    run = desk.window.runs.run
    assert run.mates.isVisible()
    assert desk.page.place.endswith("illumina_pair_1.fastq.gz and 1 more file")
    first, second = desk.shown.results, desk.shown.results.mate
    assert second is not None
    plot = next(plot for plot in run.plots.plots if plot.title == "Per base sequence quality")
    assert first.base_quality is not None
    assert second.base_quality is not None
    wanted = first.base_quality.mean
    desk.until(lambda: [row[2] for row in plot.table()[1]] == list(wanted))
    run.mates.second.click()
    other = second.base_quality.mean
    desk.until(lambda: [row[2] for row in plot.table()[1]] == list(other))
    assert plot.run_name == "illumina_pair, read 2"
    run.mates.compare.click()
    desk.until(lambda: isinstance(desk.window.runs.right.currentWidget(), ComparePage))
    page = desk.conductor._compare.page
    assert page is not None
    desk.until(lambda: len(page.plots) == len(OVERLAYS) + len(TILE_MAPS))
    quality, pairs = page.plots[0], page.plots[len(OVERLAYS) - 1]
    assert isinstance(quality, ComparePlot)
    assert isinstance(pairs, ComparePlot)
    desk.until(lambda: quality.named)
    assert quality.named == ["Read 1", "Read 2"]
    desk.until(lambda: {row[0] for row in pairs.table()[1]} == {"Both reads"})
    desk.until(lambda: [plot.isHidden() for plot in page.plots[-2:]] == [first.tile_yield is None] * 2)
    table = page.table
    desk.until(lambda: all(table.index(row, FIRST_MODULE).data(JUDGED_ROLE) is not None for row in range(2)))
    page.view.opened.emit(table.run_at(0))
    assert desk.window.runs.right.currentWidget() is run
    assert run.mates.first.isChecked()
    insert = next(plot for plot in desk.window.runs.run.plots.plots if plot.title == "Insert size")
    desk.until(lambda: not insert.isHidden())

    desk.conductor._actions.run_again([desk.shown.run_id])
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)
    desk.until(lambda: all(len(entry.inputs) == 2 for entry in desk.session._newest.values()))


def test_the_choice_regroups_what_was_dropped_and_is_remembered(desk: Desk) -> None:
    desk.open()
    reads = desk.window.reads
    desk.drop(*PAIR)
    desk.until(reads.proposal.isVisible)
    reads.grouping.buttons[Grouping.EACH].click()
    assert reads.proposal.start.text() == "Start 2 runs"
    reads.proposal.start.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)
    desk.close()

    desk.open()
    assert desk.window.reads.grouping.grouping is Grouping.EACH


def test_what_is_not_wanted_is_not_read(desk: Desk) -> None:
    desk.open()
    desk.drop(*PAIR)
    desk.until(desk.window.reads.proposal.isVisible)
    desk.window.reads.proposal.dismiss.click()
    assert desk.window.reads.proposal.isHidden()
    assert desk.session.runs.total == 0


def test_a_lane_without_its_mate_is_told_and_each_can_be_read_by_itself(desk: Desk, tmp_path: Path) -> None:
    for name in ("S_L001_R1_001.fastq", "S_L001_R2_001.fastq", "S_L002_R1_001.fastq"):
        write_reads(tmp_path / name, 5)
    desk.open()
    desk.drop(tmp_path)
    card = desk.window.reads.proposal
    desk.until(card.isVisible)
    assert "S_L002_R1_001.fastq has no mate" in said(desk)
    assert not card.start.isEnabled()
    desk.window.reads.grouping.buttons[Grouping.EACH].click()
    card.start.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 3)


def test_mates_that_do_not_match_are_told_with_their_names(desk: Desk, tmp_path: Path) -> None:
    record = "@{}\nACGT\n+\nIIII\n"
    (tmp_path / "a_R1.fastq").write_text(record.format("one") + record.format("two"))
    (tmp_path / "a_R2.fastq").write_text(record.format("one") + record.format("other"))
    desk.open()
    desk.drop(tmp_path)
    desk.until(desk.window.reads.proposal.isVisible)
    desk.window.reads.proposal.start.click()
    desk.until(lambda: desk.states() == [RunState.FAILED] and desk.window.place == "runs")
    desk.until(lambda: desk.page.failure is not None)
    told = desk.window.runs.run.failure.message.text()
    assert "two" in told
    assert "other" in told


def test_mates_that_take_turns(desk: Desk, tmp_path: Path) -> None:
    record = "@{}\nACGTACGTAC\n+\nIIIIIIIIII\n"
    path = tmp_path / "turns.fastq"
    path.write_text("".join(record.format(name) for name in ("one/1", "one/2", "two/1", "two/2")))
    desk.open()
    desk.window.reads.grouping.buttons[Grouping.INTERLEAVED].click()
    desk.drop(path)
    desk.until(desk.window.reads.proposal.isVisible)
    assert "mates in turn" in said(desk)
    desk.window.reads.proposal.start.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] and desk.window.place == "runs")
    desk.until(lambda: desk.shown.state.is_final)
    assert desk.shown.results.mate is not None
    assert desk.shown.results.mate.basic.reads == 2
