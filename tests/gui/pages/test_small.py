"""The smallest window: everything has its place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.collectors.results import QcResults
from engine.run.state import RunState
from gui.models.run_page import present
from gui.views.mates_bar import MatesBar
from gui.views.run_header import RunHeader
from tests.gui.conftest import MakeSnapshot
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _clipped(page: QWidget) -> list[str]:
    """Buttons of ``page`` whose words do not fit."""
    return [
        button.text()
        for button in page.findChildren(QPushButton)
        if button.isVisible() and (button.width() < button.minimumSizeHint().width() or not _is_inside(button, page))
    ]


def _is_inside(button: QPushButton, page: QWidget) -> bool:
    left = button.mapTo(page, button.rect().topLeft()).x()
    return left >= 0 and left + button.width() <= page.width()


def test_all_pages_fit_a_window_of_800_by_500(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    window, pipelines = desk.window, desk.conductor.pipelines
    window.resize(800, 500)
    assert (window.width(), window.height()) == (800, 500)
    window.go_to("pipelines")
    desk.until(lambda: pipelines.is_ready)
    pipelines.open("rna-seq")
    desk.until(lambda: pipelines.builder.draft.name == "rna-seq")
    pipelines.choices.choose(pipeline="rna-seq", writes=False)
    bench = pipelines.bench
    desk.until(lambda: bench.head.undo.mapTo(bench, bench.head.undo.rect().topLeft()).y() > bench.head.title.y())

    window.go_to("reads")
    desk.drop(write_reads(tmp_path / "a.fastq", 200))
    # The first time of all, the stages are compiled.
    desk.until(lambda: desk.session.runs.total and not desk.session.is_busy, timeout=110)
    window.go_to("runs")
    scroll = window.runs.run._scroll
    body = scroll.widget()
    assert body is not None
    desk.until(lambda: body.width() <= scroll.viewport().width())

    for place, page in window._places.items():
        window.go_to(place)
        desk.until(page.isVisible)
        assert page.minimumSizeHint().width() <= page.width(), place
        assert _clipped(page) == [], place


def test_a_path_of_which_nothing_could_be_read_gives_way(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "a-folder-with-a-name"
    folder.mkdir()
    desk.open()
    desk.run(write_reads(folder / "reads-of-a-sample.fastq", 20))
    desk.window.resize(800, 500)
    desk.window.go_to("runs")
    header = desk.window.runs.run.header
    desk.until(lambda: not header.place.isVisible())
    assert "reads-of-a-sample.fastq" in header.about.toolTip()
    desk.window.resize(1440, 900)
    desk.until(header.place.isVisible)
    assert not header.about.toolTip()
    assert header.about.text().startswith("·")


def test_a_long_name_has_its_line_to_itself(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    header = RunHeader(place)
    page = present(
        make_snapshot(name="sample_012_of_the_plate_S12_L001_R1_001.of-a-pair.fastq", state=RunState.COMPLETED),
        datetime.now(UTC),
    )
    header.show_page(page)
    place.show()
    whole = header.title.sizeHint().width()
    buttons = sum(button.sizeHint().width() + 8 for button in (header.report, header.again))
    header.resize(buttons + max(whole, header.badge.width() + header.about.sizeHint().width() + 40), 60)
    qtbot.waitUntil(lambda: header.badge.y() > header.title.y())
    assert header.title.shown_text() == "sample_012_of_the_plate_S12_L001_R1_001.of-a-pair.fastq"
    header.resize(1100, 60)
    qtbot.waitUntil(lambda: header.badge.y() < header.title.height())


def test_choosing_mates_says_as_much_as_there_is_room_for(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    results = QcResults(basic=make_snapshot().results.basic)
    place = QWidget()
    qtbot.addWidget(place)
    bar = MatesBar(place)
    bar.shown(make_snapshot(results=results.model_copy(update={"mate": results})))
    place.show()
    for width, words in ((bar.minimumSizeHint().width(), "Compare"), (700, "Compare read 1 and read 2")):
        bar.resize(width, 40)
        assert bar.compare.text() == words
        assert bar.compare.accessibleName() == "Compare read 1 and read 2"
        assert bar.compare.geometry().right() <= bar.width()
