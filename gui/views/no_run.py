"""What stands in the place of a run, or of all runs, while there is none to show."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui.models.run_list import RunListModel
from gui.theme.fonts import font
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol

_NONE_YET = "Every run stands here from its beginning, with its numbers and plots, and is kept."
_CHOOSE = "Choose a run in the list to see it."
_SYMBOL = 48


class Nothing(QWidget):
    """One picture, one sentence, and a button that leads to where runs begin.

    Attributes:
        sentence: what to do.
        go: leads there.

    Signals:
        reads_wanted: the page where reads come in shall be shown.
    """

    reads_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = Symbol("runs", "muted", _SYMBOL)
        self.sentence = PlainLabel(wraps=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.go = QPushButton("Choose reads")
        self.go.setProperty("role", "primary")
        self.go.clicked.connect(self.reads_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[6 * SPACE] * 4)
        column.addStretch(1)
        column.addWidget(self._symbol, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4 * SPACE)
        column.addWidget(self.sentence)
        column.addSpacing(5 * SPACE)
        column.addWidget(self.go, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def tell(self, sentence: str, *, leads: bool) -> None:
        """Show ``sentence``; with picture and button where it ``leads`` to the page where reads come in."""
        self.sentence.setText(sentence)
        self.sentence.setFont(font("heading" if leads else "text"))
        self.go.setVisible(leads)
        self._symbol.setVisible(leads)


class NoRun(Nothing):
    """In the place of a run: it leads to where runs begin while there are none at all."""

    def __init__(self, model: RunListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._adapt)
        self._adapt()

    def _adapt(self, *_: object) -> None:
        is_empty = self._model.total == 0
        self.tell(_NONE_YET if is_empty else _CHOOSE, leads=is_empty)
