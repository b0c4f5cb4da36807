"""A grid that has as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.theme.tokens import GAP


class ReflowGrid(QWidget):
    """Widgets side by side in equal columns, broken into rows where the width does not do for one.

    The rows are filled evenly: seven cards with room for six stand four and three, not six and one.

    Attributes:
        columns: columns at the moment.
    """

    def __init__(
        self,
        widgets: Sequence[QWidget],
        *,
        least_width: int,
        most_columns: int,
        even: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = 0
        self._widgets = list(widgets)
        self._left_out: set[QWidget] = set()
        self._least_width = least_width
        self._most_columns = most_columns
        self._even = even
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._arrange(most_columns)

    def add(self, widget: QWidget) -> None:
        """Put one more widget at the end."""
        self._widgets.append(widget)
        self._place()

    def set_shown(self, widget: QWidget, shown: bool) -> None:
        """Give a widget its place, or take it away and let those behind it move up."""
        if shown == (widget not in self._left_out):
            return
        (self._left_out.discard if shown else self._left_out.add)(widget)
        self._place()
        widget.setVisible(shown)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: one column is always possible."""
        return QSize(self._least_width, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Qt's call: no higher than it must be; room that is left over is taken all the same."""
        return QSize(super().sizeHint().width(), super().minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Qt's call: no; the height follows from the number of columns, which is settled only when resized."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: break the rows anew."""
        super().resizeEvent(event)
        room = max(1, (event.size().width() + GAP) // (self._least_width + GAP))
        self._arrange(min(room, self._most_columns))

    def _arrange(self, columns: int) -> None:
        if self._even:
            rows = max(1, -(-len(self._widgets) // columns))
            columns = max(1, -(-len(self._widgets) // rows))
        if columns == self.columns:
            return
        for column in range(max(columns, self.columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, 0)
        self.columns = columns
        self._place()

    def _place(self) -> None:
        for widget in self._left_out:
            self._grid.removeWidget(widget)
        for place, widget in enumerate(widget for widget in self._widgets if widget not in self._left_out):
            self._grid.addWidget(widget, place // self.columns, place % self.columns)
