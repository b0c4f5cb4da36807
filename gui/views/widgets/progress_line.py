"""How far a run is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme.theme import theme

_HEIGHT = 5
_DASH = 10


class ProgressLine(QWidget):
    """How far a run is, as one thin line; dashed where nobody can know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction: float | None = 0.0
        self._token = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress")

    @property
    def fraction(self) -> float | None:
        """The share shown, 0..1, or ``None``."""
        return self._fraction

    def set_fraction(self, fraction: float | None) -> None:
        """Show ``fraction``, clipped to 0..1, or ``None`` where nobody can know."""
        if fraction is not None:
            fraction = min(1.0, max(0.0, fraction))
        if fraction != self._fraction:
            self._fraction = fraction
            said = "unknown" if fraction is None else f"{fraction:.0%}"
            self.setAccessibleDescription(said)
            self.update()

    def set_color(self, token_name: str) -> None:
        """Draw the done part in the colour of a token: ``failed`` for a run that failed."""
        if token_name != self._token:
            self._token = token_name
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """A short line."""
        return QSize(40, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track and part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(0, (self.height() - _HEIGHT) / 2, self.width(), _HEIGHT)
        radius = _HEIGHT / 2
        painter.setBrush(theme().color("line"))
        painter.drawRoundedRect(whole, radius, radius)
        painter.setBrush(QColor(theme().tokens[self._token]))
        if self._fraction is None:
            for left in range(0, self.width(), 2 * _DASH):
                painter.drawRoundedRect(QRectF(left, whole.top(), _DASH, _HEIGHT), radius, radius)
        elif self._fraction > 0:
            done = max(_HEIGHT, whole.width() * self._fraction)
            painter.drawRoundedRect(QRectF(0, whole.top(), done, _HEIGHT), radius, radius)
