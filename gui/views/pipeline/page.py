"""The place where pipelines are built."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from gui.models.pipelines.builder import Builder
    from gui.models.pipelines.shelf import ShelfModel
    from gui.views.pipeline.bench import Bench


class PipelinesPage(QWidget):
    """Empty until it is seen for the first time, so that the window need not wait for it.

    Attributes:
        bench: what is on it; ``None`` before.

    Signals:
        wanted: it is seen for the first time and shall be built.
        built: all of it is there.
    """

    wanted = Signal()
    built = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench: Bench | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's call: build what is to be seen."""
        super().showEvent(event)
        if self.bench is None:
            self.wanted.emit()

    def build(self, builder: Builder, shelf: ShelfModel) -> None:
        """Put the bench on the page, where it is not there yet."""
        if self.bench is None:
            self.bench = import_module("gui.views.pipeline.bench").Bench(builder, shelf)
            self._column.addWidget(self.bench)
            self.built.emit()
