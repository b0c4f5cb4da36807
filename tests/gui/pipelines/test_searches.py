"""Pipelines for searches and results in the builder: their palette, faults and trials."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.search.query_stages import QUERY_KINDS
from gui.models.pipelines.palette import StageNote
from gui.views.pipeline.desk import PipelineDesk
from tests.document_plugins import install, writing
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _pipelines(desk: Desk) -> PipelineDesk:
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    return pipelines


def _offered(pipelines: PipelineDesk) -> dict[str, StageNote]:
    model = pipelines.bench.palette_panel.model
    notes = (model.note(row) for row in range(model.rowCount()))
    return {note.name: note for note in notes if note is not None}


def test_a_pipeline_for_searches_is_built_and_tried(desk: Desk) -> None:
    install("longer", writing('{"minimum_length":50}'), "query")
    desk.open()
    pipelines = _pipelines(desk)
    builder, trials, bench = pipelines.builder, pipelines.trials, pipelines.bench
    assert "search_limit" not in _offered(pipelines)
    builder.set(None, ("type",), "query")
    assert _offered(pipelines).keys() == {*QUERY_KINDS, "longer"}
    assert bench.trial.motif.isVisible()
    assert not bench.trial.choose.isVisible()

    builder.add(_offered(pipelines)["search_tolerance"])
    builder.add(_offered(pipelines)["longer"])
    assert not builder.troubles
    bench.trial.motif.setText("GATTACAGATTACA")
    QTest.mouseClick(bench.trial.start, Qt.MouseButton.LeftButton)
    desk.until(lambda: trials.result is not None and not trials.is_going)
    assert bench.trial.result.text() == "mismatches: 0 → 1 · minimum length: 0 → 50"
    assert [stage.line for stage in trials.stages.values()] == ["mismatches: 0 → 1", "minimum length: 0 → 50"]
    bench.trial.motif.setText("GATTAXA")
    QTest.keyClick(bench.trial.motif, Qt.Key.Key_Return)
    desk.until(lambda: "stands for no base" in bench.trial.fault.text())

    # What works on searches is told as a fault once results are to go through it.
    builder.set(None, ("type",), "result")
    assert len(builder.troubles) == 2


def test_a_pipeline_for_results_is_tried_on_reads(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = _pipelines(desk)
    builder, trials = pipelines.builder, pipelines.trials
    builder.set(None, ("type",), "result")
    assert {"cut", "yield-gate", "gc-content"} <= _offered(pipelines).keys()
    assert "search_limit" not in _offered(pipelines)
    gate = builder.add(_offered(pipelines)["yield-gate"])
    builder.set(gate, ("parameters", "reject"), True)
    trials.start(write_reads(tmp_path / "a.fastq", 20))
    desk.until(lambda: trials.result is not None and not trials.is_going)
    assert trials.stages[gate].line == "Rejects the numbers"
    assert pipelines.bench.trial.result.text().endswith("rejected by yield-gate")
