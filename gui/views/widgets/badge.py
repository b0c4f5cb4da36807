"""The state of a run, to be seen at a glance."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.run.state import RunState
from gui.models.run_page import STATE_LOOKS, STATE_WORDS
from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme

_HEIGHT = 24
_SYMBOL = 12
_SIDE = 9
_BETWEEN = 5


class Badge(QWidget):
    """The state of a run as symbol, word and colour; never by colour alone.

    As wide as the longest word, so that a change of state moves nothing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.CREATED
        self._font = font("strong")
        self._font.setPixelSize(self._font.pixelSize() - 1)
        self._metrics = QFontMetricsF(self._font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("State of the run")
        self.setAccessibleDescription(STATE_WORDS[self._state])

    @property
    def state(self) -> RunState:
        """The state shown."""
        return self._state

    def set_state(self, state: RunState) -> None:
        """Show ``state``."""
        if state != self._state:
            self._state = state
            self.setAccessibleDescription(STATE_WORDS[state])
            self.update()

    def sizeHint(self) -> QSize:
        """Room for any state."""
        widest = max(self._metrics.horizontalAdvance(word) for word in STATE_WORDS.values())
        return QSize(round(2 * _SIDE + _SYMBOL + _BETWEEN + widest), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill, as wide as its own word, at the left."""
        symbol, token = STATE_LOOKS[self._state]
        tokens = theme().tokens
        word = STATE_WORDS[self._state]
        width = 2 * _SIDE + _SYMBOL + _BETWEEN + self._metrics.horizontalAdvance(word)
        top = (self.height() - _HEIGHT) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.soft(token)))
        painter.drawRoundedRect(QRectF(0, top, width, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        drawn = image(symbol, tokens[token], _SYMBOL, self.devicePixelRatioF())
        painter.drawImage(QPointF(_SIDE, top + (_HEIGHT - _SYMBOL) / 2), drawn)
        painter.setPen(QColor(tokens[token]))
        painter.setFont(self._font)
        left = _SIDE + _SYMBOL + _BETWEEN
        painter.drawText(QRectF(left, top, width - left, _HEIGHT), Qt.AlignmentFlag.AlignVCenter, word)
