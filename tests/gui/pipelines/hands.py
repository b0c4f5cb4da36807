"""What tests of the page of pipelines do over and over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gui.views.pipeline.bench import Bench
from gui.views.pipeline.desk import PipelineDesk
from tests.gui.desk import Desk

SHORT = """name = "short-reads"
version = "1.0.0"
description = "Cuts ten bases and drops what is then shorter than sixty."

[[stages]]
name = "cut"
stage = "cut"
parameters = { five_prime = 10 }

[[stages]]
name = "length"
stage = "length"
parameters = { minimum = 60 }
"""


def open_pipelines(desk: Desk) -> PipelineDesk:
    """The page of pipelines, as soon as it knows its stages."""
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    return pipelines


def drop_on(bench: Bench, *paths: Path) -> None:
    """Drop files on the bench, the way the window system does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place = bench.rect().center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, data, left, none)
    QApplication.sendEvent(bench, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(bench, QDropEvent(QPointF(place), copy, data, left, none))


def write_pipeline(path: Path, text: str = SHORT) -> Path:
    """Write a pipeline's file."""
    path.write_text(text, encoding="utf-8")
    return path
