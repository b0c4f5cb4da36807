"""Axes, and what is drawn between them, for the eye and the hand."""

from __future__ import annotations

from pyqtgraph import GraphicsView, ViewBox
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsWidget, QSizePolicy, QWidget

from gui.theme.theme import theme
from gui.views.plots.axis import Axis, hide_overflow
from gui.views.plots.trace import Crosshair, Trace, Zone

Range = tuple[float, float]

_TOP, _RIGHT = 8, 12
_ZOOM_STEP = 0.8
_DEEPEST = 0.02
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Canvas(GraphicsView):  # type: ignore[misc]  # pyqtgraph comes without types
    """Axes, and what is drawn between them.

    The wheel scrolls the page around, as everywhere; with Ctrl held it zooms along the bottom axis, dragging then moves
    along, and a double click shows all again. Arrow keys walk from value to value.

    Attributes:
        pointer_y: where the pointer stands on the left axis; ``None`` while it is elsewhere, or keys are used.

    Signals:
        pointed: the pointer is over a value of the bottom axis.
        walked: an arrow key was pressed: -1 to the left, 1 to the right.
        left: neither pointer nor keys stand on a value any more.
        menu_requested: a menu is wanted at a place on the screen.
        focused: whether the keys are here, by Tab.
    """

    pointed = Signal(float)
    walked = Signal(int)
    left = Signal()
    menu_requested = Signal(QPoint)
    focused = Signal(bool)

    def __init__(self, x_label: str, y_label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=theme().color("panel"))
        self.x_axis, self.y_axis = Axis(x_label, left=False), Axis(y_label, left=True)
        self._box = ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._x: Range = (0.0, 1.0)
        self._y: Range = (0.0, 1.0)
        self._zoomed: Range | None = None
        self._grip: QPointF | None = None
        self._items: list[Trace | Zone] = []
        self.pointer_y: float | None = None
        self._crosshair = Crosshair()
        self._box.addItem(self._crosshair, ignoreBounds=True)
        grid = self.centralLayout
        grid.setContentsMargins(0, _TOP, _RIGHT, 0)
        grid.setSpacing(0)
        grid.addItem(self.y_axis, 0, 0)
        grid.addItem(self._box, 0, 1)
        grid.addItem(self.x_axis, 1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._look()

    def add(self, *items: Trace | Zone) -> None:
        """Draw ``items`` too, later ones above earlier ones."""
        for item in items:
            self._items.append(item)
            self._box.addItem(item, ignoreBounds=True)
        self._look()

    def add_at_right(self, item: QGraphicsWidget) -> None:
        """Put ``item`` at the right of the plot, as high as the left axis."""
        self.centralLayout.addItem(item, 0, 2)

    def add_below(self, item: QGraphicsWidget) -> None:
        """Put ``item`` below the bottom axis, as wide as all."""
        self.centralLayout.addItem(item, 2, 0, 1, 2)

    def set_ranges(self, x: Range, y: Range) -> None:
        """Show ``x`` and ``y``; a zoom stays as long as it lies within."""
        if (x, y) == (self._x, self._y):
            return
        self._x, self._y = x, y
        if self._zoomed is not None and not (x[0] <= self._zoomed[0] < self._zoomed[1] <= x[1]):
            self._zoomed = None
        self._look()

    def reset_zoom(self) -> None:
        """Show all along the bottom axis."""
        if self._zoomed is not None:
            self._zoomed = None
            self._look()

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the bottom axis is shown."""
        return self._zoomed is not None

    @property
    def x_range(self) -> Range:
        """What is shown of the bottom axis."""
        return self._zoomed or self._x

    @property
    def y_range(self) -> Range:
        """What is shown of the left axis."""
        return self._y

    def plot_area(self) -> QRectF:
        """The place between the axes, logical pixels of this widget."""
        return QRectF(self._box.sceneBoundingRect())

    def show_crosshair(self, x: float, y: float | None) -> None:
        """Put the crosshair at ``x``, and at ``y`` where there is a value."""
        self._crosshair.move(x, y)

    def hide_crosshair(self) -> None:
        """Take the crosshair away."""
        self._crosshair.clear()

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self.setBackground(theme().color("panel"))
        for item in self._items:
            item.restyle()
        self.resetCachedContent()
        self.viewport().update()

    def settle(self) -> None:
        """Lay out for the present size, which a widget that was never shown would not do by itself."""
        GraphicsView.resizeEvent(self, QResizeEvent(self.size(), self.size()))
        self.centralLayout.activate()

    def draw_on(self, painter: QPainter, target: QRectF) -> None:
        """Draw all, without the crosshair, into ``target``."""
        self._crosshair.setVisible(False)
        self.scene().prepareForPaint()
        self.scene().render(painter, target, QRectF(self.rect()))
        self._crosshair.setVisible(True)
        hide_overflow(painter, QRectF(target.right() - _RIGHT, target.top(), _RIGHT, self.plot_area().bottom()))

    def sizeHint(self) -> QSize:
        """Comfortable to read."""
        return QSize(400, 220)

    def minimumSizeHint(self) -> QSize:
        """The least that a curve needs."""
        return QSize(220, 150)

    def _look(self) -> None:
        x, y = self.x_range, self._y
        self._box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
        self.x_axis.set_range(*x)
        self.y_axis.set_range(*y)
        bounds = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        self._crosshair.set_bounds(bounds)
        for item in self._items:
            item.set_bounds(bounds)

    def _value_at(self, place: float) -> float | None:
        area = self.plot_area()
        if area.width() <= 0 or not area.left() <= place <= area.right():
            return None
        low, high = self.x_range
        return low + (high - low) * (place - area.left()) / area.width()

    def _height_at(self, place: float) -> float | None:
        area = self.plot_area()
        if area.height() <= 0 or not area.top() <= place <= area.bottom():
            return None
        low, high = self._y
        return high - (high - low) * (place - area.top()) / area.height()

    def _zoom(self, factor: float, around: float) -> None:
        low, high = self.x_range
        whole = self._x[1] - self._x[0]
        width = max((high - low) * factor, whole * _DEEPEST)
        if width >= whole:
            self.reset_zoom()
            return
        begin = around - width * (around - low) / (high - low)
        self._show_part(begin, width)

    def _show_part(self, begin: float, width: float) -> None:
        begin = min(max(begin, self._x[0]), self._x[1] - width)
        self._zoomed = (begin, begin + width)
        self._look()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl held; else let the page scroll."""
        around = self._value_at(event.position().x())
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or around is None:
            event.ignore()
            return
        self._zoom(_ZOOM_STEP ** (event.angleDelta().y() / 120), around)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the plot."""
        if event.button() == Qt.MouseButton.LeftButton and self.is_zoomed:
            self._grip = event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along while held; else tell the value below the pointer."""
        if self._grip is not None:
            low, high = self.x_range
            moved = (event.position().x() - self._grip.x()) / max(1.0, self.plot_area().width()) * (high - low)
            self._grip = event.position()
            self._show_part(low - moved, high - low)
            return
        value = self._value_at(event.position().x())
        self.pointer_y = self._height_at(event.position().y())
        if value is None:
            self.left.emit()
        else:
            self.pointed.emit(value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        self.reset_zoom()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self.pointer_y = None
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the values, zoom with + and -, show all with 0, leave with Escape."""
        key = event.key()
        self.pointer_y = None
        low, high = self.x_range
        if key in _ARROWS:
            self.walked.emit(_ARROWS[Qt.Key(key)])
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            self._zoom(_ZOOM_STEP ** (-1 if key == Qt.Key.Key_Minus else 1), (low + high) / 2)
        elif key == Qt.Key.Key_0:
            self.reset_zoom()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
            event.ignore()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Nothing waits for it."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        self.focused.emit(event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason})

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget the keys."""
        self.focused.emit(False)
        self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_requested.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        # At once: axes that learn their size after the first painting would be seen to change their ticks.
        # The first resize comes out of pyqtgraph's constructor, before there is a layout.
        layout = getattr(self, "centralLayout", None)
        if layout is not None:
            layout.activate()
        self.left.emit()
