from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.run.snapshot import Activity, QueueLoad, RunSnapshot, ThreadLoad
from gui.theme.tokens import DARK, SERIES
from gui.views.widgets.progress_line import ProgressLine
from gui.views.widgets.queue_gauge import QueueGauge
from gui.views.widgets.worker_strip import WorkerStrip

MakeSnapshot = Callable[..., RunSnapshot]


def load(name: str, *shares: dict[Activity, float]) -> ThreadLoad:
    return ThreadLoad(name=name, activity=Activity.WAITING, shares=shares, batches=12, busy=0.75)


@pytest.fixture
def strip(qtbot: QtBot, make_snapshot: MakeSnapshot) -> WorkerStrip:
    made = WorkerStrip()
    qtbot.addWidget(made)
    made.resize(400, 160)
    reader = [{Activity.PARSING: 0.5, Activity.READING: 0.25, Activity.WAITING: 0.25}] * 200
    worker = [{Activity.COMPUTING: 1.0}] * 10
    made.set_snapshot(make_snapshot(threads=(load("read + parse", *reader), load("worker 1", *worker))))
    return made


def test_cells_are_filled_in_proportion(strip: WorkerStrip) -> None:
    image = strip.grab().toImage()
    row = strip._rows()[0]
    column = [image.pixelColor(strip.width() - 2, row.top + y).name() for y in range(row.height)]
    assert column.count(SERIES["A"]) == row.height // 2
    assert column.count(SERIES["G"]) == pytest.approx(row.height / 4, abs=1)
    assert column.count(DARK.line) == pytest.approx(row.height / 4, abs=1)
    assert column[-1] == SERIES["A"]


def test_the_newest_interval_stands_at_the_right_edge(strip: WorkerStrip) -> None:
    image = strip.grab().toImage()
    row = strip._rows()[1]
    middle = row.top + row.height // 2
    assert image.pixelColor(strip.width() - 2, middle) == QColor(DARK.accent)
    assert image.pixelColor(strip.width() - 32, middle) == QColor(DARK.line)
    assert image.pixelColor(row.left + 1, middle) == QColor(DARK.line)


def test_values_are_told_below_the_pointer(strip: WorkerStrip) -> None:
    first, second = strip._rows()
    told = strip.describe(QPoint(strip.width() - 2, first.top + 3))
    assert told == "read + parse, 0.1 s ago: parsing 50%, waiting 25%, reading 25%"
    assert strip.describe(QPoint(5, second.top + 3)).startswith("worker 1: 12 batches, busy 75%")
    assert strip.describe(QPoint(second.left + 1, second.top + 3)) == ""
    assert strip.describe(QPoint(5, strip.height() - 1)) == ""


def test_many_threads_ask_for_room(strip: WorkerStrip, make_snapshot: MakeSnapshot) -> None:
    before = strip.minimumSizeHint().height()
    strip.set_snapshot(make_snapshot(threads=tuple(load(f"worker {number}") for number in range(33))))
    assert strip.minimumSizeHint().height() > before
    strip.resize(400, strip.minimumSizeHint().height())
    rows = strip._rows()
    assert all(row.height >= 11 for row in rows)
    assert rows[-1].top + rows[-1].height <= strip.height()
    strip.grab()


def test_no_threads_are_explained(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    strip = WorkerStrip()
    qtbot.addWidget(strip)
    strip.resize(300, 100)
    strip.set_snapshot(make_snapshot(threads=()))
    image = strip.grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(300) for y in range(100)}) > 1
    assert strip.describe(QPoint(10, 10)) == ""


@pytest.mark.parametrize(
    ("queue", "bars"),
    [
        (QueueLoad(), (0, 0, 0)),
        (QueueLoad(size=3, capacity=8, high_water=6), (8, 3, 6)),
        (QueueLoad(size=8, capacity=8, high_water=8), (8, 8, 8)),
        (QueueLoad(size=1, capacity=64, high_water=64), (12, 1, 12)),
        (QueueLoad(size=63, capacity=64, high_water=64), (12, 11, 12)),
    ],
)
def test_bars_of_the_queue(qtbot: QtBot, queue: QueueLoad, bars: tuple[int, int, int]) -> None:
    gauge = QueueGauge()
    qtbot.addWidget(gauge)
    gauge.set_queue(queue)
    assert gauge.bars() == bars
    gauge.resize(gauge.sizeHint())
    gauge.grab()


def test_the_queue_is_told_in_words(qtbot: QtBot) -> None:
    gauge = QueueGauge()
    qtbot.addWidget(gauge)
    gauge.set_queue(QueueLoad(size=3, capacity=8, high_water=6, push_blocked=1.25))
    assert "3 of 8 batches" in gauge.accessibleDescription()
    assert "3 of 8 batches" in gauge.toolTip()
    gauge.set_queue(QueueLoad(size=3, capacity=8, high_water=6, push_blocked=1.25), "Buffers: 5 of 4 MiB")
    assert gauge.accessibleDescription().endswith("\nBuffers: 5 of 4 MiB.")


def test_progress_is_drawn_to_its_fraction(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.resize(200, 5)
    line.set_fraction(0.5)
    image = line.grab().toImage()
    assert image.pixelColor(90, 2) == QColor(DARK.accent)
    assert image.pixelColor(110, 2) == QColor(DARK.line)
    line.set_color("failed")
    assert line.grab().toImage().pixelColor(90, 2) == QColor(DARK.failed)


def test_progress_stays_within_its_bounds(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.set_fraction(1.7)
    assert line.fraction == 1.0
    line.set_fraction(-1)
    assert line.fraction == 0.0


def test_progress_nobody_can_know_is_dashed(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.resize(200, 5)
    line.set_fraction(None)
    image = line.grab().toImage()
    assert {image.pixelColor(x, 2).name() for x in range(4, 196)} >= {DARK.accent, DARK.line}
    assert line.accessibleDescription() == "unknown"


def test_time_on_a_gpu_is_told_apart(strip: WorkerStrip, make_snapshot: MakeSnapshot) -> None:
    shares = {Activity.COMPUTING: 0.5, Activity.ON_DEVICE: 0.5}
    strip.set_snapshot(make_snapshot(threads=(load("cuda:0", shares),)))
    image = strip.grab().toImage()
    (row,) = strip._rows()
    column = [image.pixelColor(strip.width() - 2, row.top + y).name() for y in range(row.height)]
    assert column.count(SERIES["T"]) == row.height // 2
    assert "on the GPU 50%" in strip.describe(QPoint(strip.width() - 2, row.top + 3))
