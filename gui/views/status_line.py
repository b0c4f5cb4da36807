"""The line at the foot of the window: how the engine, the database and the memory stand."""

from __future__ import annotations

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.errors import LanescopeError
from engine.store.size import StoreStatistics
from gui.models.format import byte_size, plural
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol

_MEMORY_EVERY_MS = 2000


class StatusLine(QWidget):
    """Facts, left and right; a problem with the store stands out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.engine = PlainLabel("engine: starting", role="note", muted=True)
        self.database = PlainLabel(role="note", muted=True)
        self.problem_symbol = Symbol("warned", "warned", 12)
        self.problem = PlainLabel(role="note")
        self.activity = PlainLabel(role="note", muted=True)
        self.memory = PlainLabel(role="note", muted=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(5 * SPACE, SPACE, 5 * SPACE, SPACE + 2)
        row.setSpacing(4 * SPACE)
        for part in (self.engine, self.database, self.problem_symbol, self.problem):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.activity)
        row.addWidget(self.memory)
        self.show_problem(None)
        self._process = psutil.Process()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._measure)
        self._timer.start(_MEMORY_EVERY_MS)
        self._measure()

    def show_workers(self, workers: int) -> None:
        """The engine is there, with so many workers a run."""
        self.engine.setText(f"engine: {plural(workers, 'worker')}")

    def show_statistics(self, statistics: StoreStatistics) -> None:
        """What the store holds."""
        self.database.setText(f"database: {plural(statistics.runs, 'run')}, {byte_size(statistics.bytes_on_disk)}")

    def show_problem(self, error: LanescopeError | None) -> None:
        """What keeps the store from writing; ``None`` when nothing does."""
        self.problem.setText("" if error is None else f"{error.title}. {error.hint}")
        self.problem.setToolTip("")
        self.problem.setVisible(error is not None)
        self.problem_symbol.setVisible(error is not None)

    def show_activity(self, text: str) -> None:
        """What goes on in the background."""
        self.activity.setText(text)

    def _measure(self) -> None:
        self.memory.setText(f"memory {byte_size(self._process.memory_info().rss)}")
