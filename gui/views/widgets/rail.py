"""The rail of places at the window's left edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from gui.theme.fonts import font
from gui.theme.icons import image
from gui.theme.theme import theme
from gui.theme.tokens import GAP, RADIUS, SPACE
from gui.views.choice_group import ChoiceGroup

_WIDTH = 80
_BUTTON = QSize(64, 60)
_ICON = 22
_LOGO = 36


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One place.

    Attributes:
        key: what :attr:`Rail.selected` says.
        label: the word below the icon.
        icon: name of an icon in ``resources/icons``.
        foot: whether it stands at the foot of the rail.
    """

    key: str
    label: str
    icon: str
    foot: bool = False


class Rail(QWidget):
    """The places of the window, one below the other. Tab reaches the current one, up and down walk along them.

    Signals:
        selected: key of the entry the user chose; not emitted by :meth:`select`.
    """

    selected = Signal(str)

    def __init__(self, entries: Sequence[RailEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons = {entry.key: _RailButton(entry) for entry in entries}
        self._group = ChoiceGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE * 4, 0, SPACE * 4)
        column.setSpacing(GAP)
        column.addWidget(_Logo(), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACE)
        for foot in (False, True):
            if foot:
                column.addStretch(1)
            for entry in entries:
                if entry.foot == foot:
                    column.addWidget(self._buttons[entry.key], alignment=Qt.AlignmentFlag.AlignHCenter)
        for key, button in self._buttons.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _checked=False, key=key: self.selected.emit(key))
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Places")

    def select(self, key: str) -> None:
        """Mark the entry ``key`` as the current one.

        Raises:
            KeyError: there is no such entry.
        """
        self._buttons[key].setChecked(True)

    def tell_keys(self, keys: Mapping[str, str]) -> None:
        """Tell in tooltips by which keys the entries are reached: as they are printed on this machine's, by entry."""
        for key, combination in keys.items():
            button = self._buttons[key]
            button.setToolTip(f"{button.text()} ({combination})")

    def current(self) -> str | None:
        """Key of the current entry."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the line at the right and the mark of the current entry."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("panel"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), theme().color("line"))
        chosen = self._group.checkedButton()
        if chosen is not None:
            place = chosen.geometry()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(QRectF(-2, place.center().y() - 15, 5, 31), 2, 2)


class _Logo(QWidget):
    """The four bars."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_LOGO + 8, _LOGO + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawn = image("logo", theme().tokens.accent, _LOGO, self.devicePixelRatioF())
        painter.drawImage(QPointF((self.width() - _LOGO) / 2, (self.height() - _LOGO) / 2), drawn)


class _RailButton(QAbstractButton):
    """Icon above word."""

    def __init__(self, entry: RailEntry) -> None:
        super().__init__()
        self._icon = entry.icon
        self._plain, self._bold = font("note"), font("note")
        self._bold.setWeight(self._bold.Weight.DemiBold)
        self.setText(entry.label)
        self.setAccessibleName(entry.label)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click needs no focus ring
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(_BUTTON)
        self._by_keys = False
        self.toggled.connect(self._mark)

    def sizeHint(self) -> QSize:
        return _BUTTON

    def focusInEvent(self, event: QFocusEvent) -> None:
        # The window gives its first widget the focus when it opens, which needs no ring.
        self._by_keys = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keys = True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme().tokens
        lit = self.isChecked() or self.underMouse()
        ring = self.hasFocus() and self._by_keys
        if lit or ring:
            painter.setPen(QPen(QColor(tokens.accent), 1) if ring else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.raised) if lit else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        icon_color = tokens.accent if self.isChecked() else tokens.muted
        drawn = image(self._icon, icon_color, _ICON, self.devicePixelRatioF())
        painter.drawImage(QPointF((self.width() - _ICON) / 2, 9), drawn)
        painter.setPen(QColor(tokens.text if lit else tokens.muted))
        painter.setFont(self._bold if self.isChecked() else self._plain)
        painter.drawText(QRectF(0, 36, self.width(), 18), Qt.AlignmentFlag.AlignCenter, self.text())

    def _mark(self) -> None:
        rail = self.parentWidget()
        if rail is not None:
            rail.update()
