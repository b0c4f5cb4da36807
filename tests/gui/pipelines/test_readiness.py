"""Stages are made ready before they are used, and the window says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.views.pipeline.desk import PipelineDesk
from kernels import jit
from tests.gui.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _pipelines(desk: Desk) -> PipelineDesk:
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    return pipelines


def _add_mask(pipelines: PipelineDesk) -> None:
    model = pipelines.bench.palette_panel.model
    note = model.note(model.row_of("mask"))
    assert note is not None
    pipelines.builder.add(note)


def test_a_stage_is_prepared_as_soon_as_it_is_there(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not jit.COMPILES:  # there is nothing to prepare
        return
    desk.open()
    pipelines = _pipelines(desk)
    cold = tmp_path / "kernels"
    monkeypatch.setenv("LANESCOPE_KERNEL_CACHE", str(cold))
    texts: list[str] = []
    pipelines.readiness.changed.connect(lambda: texts.append(pipelines.readiness.text))

    _add_mask(pipelines)
    desk.until(lambda: texts and not texts[-1], timeout=110)
    assert texts[0].startswith("Preparing the stages (once)… 0 of ")
    desk.until(lambda: list(cold.rglob("kernels.stages.trim_mask.complete")))
    # What is ready is not prepared again.
    pipelines.builder.undo()
    pipelines.builder.redo()
    desk.until(lambda: not pipelines.readiness._is_preparing)
    assert not texts[-1]
    assert pipelines.bench.trial.preparing.isHidden()


def test_preparing_is_cancelled_and_the_window_closes_meanwhile(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not jit.COMPILES:  # there is nothing to prepare
        return
    desk.open()
    pipelines = _pipelines(desk)
    monkeypatch.setenv("LANESCOPE_KERNEL_CACHE", str(tmp_path / "kernels"))
    _add_mask(pipelines)
    pipelines.readiness.cancel()
    desk.until(lambda: not pipelines.readiness._is_preparing)
    pipelines.builder.undo()
    _add_mask(pipelines)
    desk.close()
    assert desk.is_closed
