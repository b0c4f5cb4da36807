"""A choice whose text may be longer than its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gui.views.pipeline.editors import CalmComboBox
from gui.views.widgets.tooltip import set_tooltip

_MARGIN = 2


class ElidedComboBox(CalmComboBox):
    """Shortens what is chosen in the middle; where it does, the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentTextChanged.connect(self._tell)

    def shown_text(self) -> str:
        """What is chosen, as it fits now."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room - 2 * _MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: tell what does not fit any more."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's call: draw what fits."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.shown_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _tell(self, *_: object) -> None:
        set_tooltip(self, self.currentText() if self.shown_text() != self.currentText() else "")
