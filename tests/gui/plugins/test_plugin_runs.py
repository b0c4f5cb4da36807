"""What plugins did in runs: plotted on the run's page, listed on the plugin's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from engine.run.snapshot import PipelineSummary, RunSnapshot, StageMetric, StageSummary
from gui.models.plugin_metrics import MetricBoard
from gui.views.metric_tile import MetricTile
from tests.gui.conftest import MakeSnapshot
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_PIPELINE = """name = "simple"
version = "1.0.0"

[[stages]]
name = "complexity"
type = "wasm"
udf_name = "low-complexity"
parameters = { threshold = 76.0 }
"""


def _hover(tile: MetricTile, share: float) -> None:
    place = QPointF(12 + share * (tile.width() - 24), 80)
    none, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        tile, QMouseEvent(QEvent.Type.MouseMove, place, tile.mapToGlobal(place), none, none, nothing)
    )


def _is_saved(tile: MetricTile, folder: Path) -> None:
    for ending in ("png", "svg", "csv"):
        tile.menu.save_or_tell(str(folder / f"metric.{ending}"))
    image = QImage(str(folder / "metric.png"))
    assert image.width() >= 2 * 640
    drawn = (folder / "metric.svg").read_text("utf-8")
    assert f">{tile.title}: {tile.plot.value}<" in drawn
    assert QSvgRenderer(str(folder / "metric.svg")).isValid()
    rows = (folder / "metric.csv").read_text("utf-8").splitlines()
    assert rows[0] == "from,to,count"
    assert sum(float(row.split(",")[2]) for row in rows[1:]) == 300


def test_metrics_are_plotted_and_runs_are_listed(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = desk.conductor.pipelines
    desk.window.go_to("pipelines")
    desk.until(lambda: pipelines.is_ready)
    (tmp_path / "simple.toml").write_text(_PIPELINE)
    pipelines.take_files([tmp_path / "simple.toml"])
    desk.until(lambda: pipelines.library.shelf.entry("simple"))
    pipelines.choices.choose(pipeline="simple", writes=False)
    desk.window.go_to("reads")
    desk.run(write_reads(tmp_path / "a.fastq", 300))

    card = desk.window.runs.run.metrics
    desk.until(lambda: card.isVisible() and len(card.tiles) == 2)
    plots = {tile.plot.title: tile for tile in card.tiles}
    desk.until(lambda: sum(plots["Complexity"].plot.counts) == 300)
    complexity = plots["Complexity"]
    assert complexity.plot.value.startswith("mean 7")
    assert complexity.plot.value.endswith("%")
    assert "300 reads" in complexity.readout
    _hover(complexity, 0.75)
    assert complexity.readout.endswith(f"{complexity.plot.counts[len(complexity.plot.counts) * 3 // 4]:,.0f}")
    QApplication.sendEvent(complexity, QEvent(QEvent.Type.Leave))
    assert "300 reads" in complexity.readout
    complexity.copy_values()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "from\tto\tcount"
    assert sum(float(line.split("\t")[2]) for line in copied[1:]) == 300
    assert [action.text() for action in complexity.make_menu().actions() if action.text()] == [
        "Save as PNG…", "Save as SVG…", "Save as CSV…", "Copy image", "Copy values",
    ]  # fmt: skip
    _is_saved(complexity, tmp_path)

    desk.window.go_to("plugins")
    desk.until(lambda: desk.conductor.plugins.is_ready)
    page = desk.window.plugins
    page.panel.choose("low-complexity")
    desk.until(lambda: page.details.runs)
    words = "\n".join(label.text() for label in page.details.findChildren(QLabel))
    assert "of 300 reads" in words
    page.details.runs[0].click()
    assert desk.window.place == "runs"


def test_the_board_keeps_how_single_numbers_went(make_snapshot: MakeSnapshot) -> None:
    board, snapshot = MetricBoard(), make_snapshot()
    assert board.present(snapshot) == ()

    def after(seconds: int) -> RunSnapshot:
        metric = StageMetric("cut", "Reads cut", "reads", "sum", float(seconds * 10))
        stage = StageSummary("inner", "trimmer", metrics=(metric,))
        whole = StageSummary("outer", "composite", stages=(stage,))
        return replace(snapshot, elapsed=float(seconds), pipeline=PipelineSummary("p", "1.0.0", whole, (whole,)))

    for seconds in range(999):
        board.present(after(seconds))
    plot = board.present(after(999))[0]
    assert (plot.stage, plot.value) == ("inner", "9,990 reads")
    assert 100 < len(plot.trend) <= 301
    assert (plot.trend[0], plot.trend[-1]) == ((0.0, 0.0), (999.0, 9990.0))
    assert plot.at(1.0) == "999.0 s: 9,990 reads"
    assert plot.table.splitlines()[1] == "0\t0"
    assert len(board.present(replace(after(1), run_id=7))[0].trend) == 1


def test_metrics_without_values_yet(make_snapshot: MakeSnapshot) -> None:
    metrics = (
        StageMetric("gc", "GC", "%", "per_read", low=0.0, high=100.0, histogram=(0.0,) * 4),
        StageMetric("least", "", "", "minimum"),
    )
    stage = StageSummary("s", "p", metrics=metrics)
    plots = MetricBoard().present(replace(make_snapshot(), pipeline=PipelineSummary("p", "1.0.0", stage, (stage,))))
    assert [plot.value for plot in plots] == ["–", "–"]  # noqa: RUF001 - the dash for what is not known
    assert plots[0].at(0.99) == "75 to 100 %: 0"
    assert plots[1].at(0.5) == ""
