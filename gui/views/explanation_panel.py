"""What a module shows and what to do about it, in a small panel beside its card."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.collectors.verdicts import Status
from engine.report.explanations import Explanation, explanations
from gui.models.plot_modules import Module
from gui.models.verdict import Judged
from gui.theme.fonts import font
from gui.theme.theme import theme
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol

_WIDTH = 360
_AIR = 4 * SPACE


class ExplanationPanel(QFrame):
    """A panel over the window until Escape or a click elsewhere; the keyboard then is back where it was."""

    def __init__(self, module: Module, explanation: Explanation, judged: Judged | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(_AIR, _AIR - SPACE, _AIR, _AIR)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(module.title, role="heading"))
        if judged is not None:
            column.addSpacing(SPACE)
            column.addLayout(_verdict(judged))
        parts = {"What it shows": explanation.shows}
        if module.is_judged and module.key != "basic":
            is_good = judged is None or judged.status is Status.PASS
            parts["When it warns" if is_good else "What that means"] = explanation.warn
        parts["What to do"] = explanation.act
        for title, text in parts.items():
            column.addSpacing(2 * SPACE)
            column.addWidget(PlainLabel(title, role="strong"))
            column.addWidget(_paragraph(text))
        self.setAccessibleName(f"About {module.title}")
        self.setAccessibleDescription(" ".join(f"{title}: {text}" for title, text in parts.items()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Escape closes, and so do the keys that opened."""
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: a frame with square corners, for round ones are black where nothing composes windows."""
        painter = QPainter(self)
        painter.setPen(QPen(theme().color("line"), 1))
        painter.setBrush(theme().color("raised"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def open_beside(self, anchor: QWidget) -> None:
        """Open below ``anchor``, moved as far as it takes to be on the screen."""
        self.ensurePolished()
        self.resize(_WIDTH, self.sizeHint().height())
        corner = anchor.mapToGlobal(QPoint(anchor.width() - _WIDTH, anchor.height() + SPACE))
        screen = QGuiApplication.screenAt(anchor.mapToGlobal(QPoint(0, 0))) or anchor.screen()
        self.move(within(QRect(corner, QSize(_WIDTH, self.height())), screen.availableGeometry()))
        self.show()
        self.setFocus()


def within(place: QRect, room: QRect) -> QPoint:
    """Where to put ``place`` so that it is within ``room``; its top left corner where it is too large."""
    left = max(room.left(), min(place.left(), room.right() + 1 - place.width()))
    top = max(room.top(), min(place.top(), room.bottom() + 1 - place.height()))
    return QPoint(left, top)


def explain(module: Module, judged: Judged | None, anchor: QWidget) -> None:
    """Open the explanation of ``module`` beside ``anchor``."""
    explanation = explanations().get(module.key)
    if explanation is not None:
        ExplanationPanel(module, explanation, judged, anchor.window()).open_beside(anchor)


def _paragraph(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(font())
    # A label with height for width needs its width before its height is asked for.
    label.setFixedWidth(_WIDTH - 2 * _AIR)
    return label


def _verdict(judged: Judged) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2 * SPACE)
    row.addWidget(Symbol(judged.look.symbol, judged.look.symbol, 14))
    words = _paragraph(judged.words)
    words.setFixedWidth(_WIDTH - 2 * _AIR - 14 - 2 * SPACE)
    row.addWidget(words, 1)
    return row
