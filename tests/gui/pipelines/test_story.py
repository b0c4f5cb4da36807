"""From an empty table to trimmed reads, by mouse and keyboard: built, undone, mended, tried, saved and run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.run.state import RunState
from gui.views.pipeline.bench import Bench
from gui.views.pipeline.editors import FieldRow, LineEditor
from tests.gui.desk import Desk, write_reads
from tests.gui.pipelines.test_bench import _drag, _names, _place, _type

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_LEFT = Qt.MouseButton.LeftButton
_CONTROL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def _drag_in(bench: Bench, name: str, row: int) -> None:
    """Drag a stage from the palette to the end of the chain, or above a stage."""
    model = bench.palette_panel.model
    dragged = model.mimeData([model.index(model.row_of(name))])
    place = _place(bench, row) if bench.builder.draft.stages else bench.chain.viewport().rect().center()
    assert _drag(dragged, bench.chain.viewport(), place)


def _line(bench: Bench, key: str) -> LineEditor:
    assert bench.form.parameters is not None
    row = bench.form.parameters.rows[key]
    assert isinstance(row, FieldRow)
    assert isinstance(row.editor, LineEditor)
    return row.editor


def test_a_pipeline_is_built_tried_and_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    bench, builder, trials = pipelines.bench, pipelines.builder, pipelines.trials
    _drag_in(bench, "length", 0)
    _drag_in(bench, "cut", 0)
    assert _names(bench) == ["cut", "length"]

    # Into another order by mouse, back by key, and both undone and done again.
    dragged = bench.chain.chain.mimeData([bench.chain.chain.index(0)])
    assert _drag(dragged, bench.chain.viewport(), _place(bench, 1, below=True))
    assert _names(bench) == ["length", "cut"]
    bench.chain.setFocus()
    QTest.keyClick(bench.chain, Qt.Key.Key_Up, _ALT)
    assert _names(bench) == ["cut", "length"]
    QTest.keyClick(bench.chain, Qt.Key.Key_Z, _CONTROL)
    assert _names(bench) == ["length", "cut"]
    QTest.keyClick(bench.chain, Qt.Key.Key_Z, _CONTROL | _SHIFT)
    assert _names(bench) == ["cut", "length"]

    builder.choose(builder.draft.stages[0].key)
    _type(_line(bench, "five_prime"), "-3")
    assert builder.troubles
    assert not bench.head.save.isEnabled()
    _type(_line(bench, "five_prime"), "10")
    builder.choose(builder.draft.stages[1].key)
    _type(_line(bench, "minimum"), "60")
    assert not builder.troubles

    reads = write_reads(tmp_path / "a.fastq", 200)
    reads.write_bytes(reads.read_bytes() + write_reads(tmp_path / "b.fastq", 100, length=65).read_bytes())
    trials.start(reads)
    desk.until(lambda: trials.result is not None and not trials.is_going)
    assert bench.trial.result.text().startswith("200 of 300 reads kept")

    builder.set(None, ("name",), "mine")
    QTest.mouseClick(bench.head.save, _LEFT)
    desk.until(lambda: builder.saved_version == "1.0.0")
    desk.window.go_to("reads")
    bar = pipelines.bar
    desk.until(lambda: bar.pipeline.findData("mine") >= 0)
    bar.pipeline.setCurrentIndex(bar.pipeline.findData("mine"))
    bar.pipeline.activated.emit(bar.pipeline.currentIndex())
    bar.format.setCurrentIndex(bar.format.findData("plain"))
    bar.format.activated.emit(bar.format.currentIndex())
    desk.run(reads)
    assert desk.states() == [RunState.COMPLETED]
    lines = (tmp_path / "a.mine.fastq").read_bytes().splitlines()
    assert [len(lines), *{len(line) for line in lines[1::4]}] == [4 * 200, 70]
