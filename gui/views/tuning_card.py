"""How a run is tuned by its load, with a button that holds it as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.tuning import FIRST_SHOWN, DecisionLine, TuningPage, present_tuning
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import TitledCard


class TuningCard(TitledCard):
    """The setting by now, the decisions with their reasons, and the buffers; hidden where a run is not tuned.

    Signals:
        freeze_requested: whether the run shall stay as it is.
    """

    freeze_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Tuning", parent=parent)
        self._page = TuningPage(is_shown=False)
        self._shows_all = False
        self.lines: list[_Line] = []
        self.freeze = QPushButton("Freeze")
        self.freeze.setCheckable(True)
        self.freeze.setToolTip("Leave workers, batches and what is under way as they are")
        self.freeze.setAccessibleName("Freeze tuning")
        self.freeze.clicked.connect(self.freeze_requested)
        self.all = QPushButton()
        self.all.setCheckable(True)
        self.all.toggled.connect(self._show_all)
        self.none = PlainLabel("Nothing has been moved yet.", role="note", muted=True)
        self.buffers = PlainLabel(role="note", muted=True, wraps=True, selectable=True)
        self.header.addWidget(self.freeze)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SPACE)
        more = QHBoxLayout()
        more.addWidget(self.all)
        more.addStretch(1)
        self.content.setSpacing(2 * SPACE)
        self.content.addWidget(self.none)
        self.content.addLayout(self._lines)
        self.content.addLayout(more)
        self.content.addWidget(self.buffers)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show how ``snapshot`` is tuned."""
        page = present_tuning(snapshot)
        if page != self._page:
            self._page = page
            self._draw()

    def _show_all(self, on: bool) -> None:
        self._shows_all = on
        self._draw()

    def _draw(self) -> None:
        page = self._page
        self.setVisible(page.is_shown)
        self.set_note(page.setting)
        self.setAccessibleDescription(page.setting)
        self.freeze.setVisible(page.can_freeze)
        self.freeze.setChecked(page.is_frozen)
        self.freeze.setText("Frozen" if page.is_frozen else "Freeze")
        self.none.setVisible(not page.decisions)
        shown = page.decisions if self._shows_all else page.decisions[:FIRST_SHOWN]
        while len(self.lines) < len(shown):
            self.lines.append(_Line())
            self._lines.addWidget(self.lines[-1])
        for line, decision in zip(self.lines, shown, strict=False):
            line.set_decision(decision)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(shown))
        count = len(page.decisions)
        self.all.setVisible(count > FIRST_SHOWN)
        self.all.setText("Show fewer" if self._shows_all else f"Show all {count:,}")
        before = f"{page.left_out:,} earlier decisions were not kept. " if page.left_out else ""
        self.buffers.setText(f"{before}{page.buffers}")
        self.buffers.setVisible(bool(self.buffers.text()))


class _Line(QWidget):
    """One decision."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = Symbol("created", "muted", 14)
        self.text = PlainLabel(role="note", wraps=True, selectable=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)

    def set_decision(self, decision: DecisionLine) -> None:
        """Show ``decision``."""
        self._symbol.set_symbol(*decision.symbol)
        self.text.setText(decision.text)
