"""The base of all plots."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from engine.run.snapshot import RunSnapshot
from gui.models.plot_modules import Module
from gui.models.plot_series import Array
from gui.views.plots.canvas import Canvas
from gui.views.plots.picture import as_image, as_png, as_svg
from gui.views.plots.posed import Posed
from gui.views.plots.readout import Readout
from gui.views.plots.result_card import ResultCard


class PlotCard(ResultCard):
    """A plot with title, note, axes, cursor and menu.

    Subclasses say beside what :class:`ResultCard` wants the values at a place (:meth:`_stops`, :meth:`_value`).

    Attributes:
        canvas: axes and what is between them.
    """

    _least_top = 0.0
    """What the left axis of plots that grow has at least."""

    def __init__(
        self,
        title: str,
        note: str,
        *,
        x_label: str,
        y_label: str,
        module: Module | None = None,
    ) -> None:
        self.canvas = Canvas(x_label, y_label)
        super().__init__(title, note, self.canvas, module=module)
        self.canvas.setAccessibleName(f"{title}: {y_label} by {x_label}")
        self._readout = Readout(self.canvas)
        self._stop: int | None = None
        self._top = self._least_top
        self.canvas.pointed.connect(self._point)
        self.canvas.walked.connect(self._walk)
        self.canvas.left.connect(self._leave)
        self.canvas.menu_requested.connect(self.menu.open_at)
        self.canvas.focused.connect(self._outline)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot``; cheap, and does nothing when its part of the results did not change."""
        if snapshot.run_id != self._run_id:
            self.canvas.reset_zoom()
        super().set_snapshot(snapshot)

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the bottom axis is shown."""
        return bool(self.canvas.is_zoomed)

    def reset_zoom(self) -> None:
        """Show all along the bottom axis."""
        self.canvas.reset_zoom()

    def refresh(self) -> None:
        """Draw what was set if it is not drawn yet, as it is while nobody looks."""
        if self._stale:
            super().refresh()
            if self._stop is not None:
                self._stand(self._stop)

    def image(self) -> QImage:
        """The plot with title, note and axes, at twice the size."""
        self.refresh()
        with Posed(self.canvas) as size:
            return as_image(size, self.caption, self._paint)

    def _svg(self) -> bytes:
        with Posed(self.canvas) as size:
            return as_svg(size, self.caption, self._paint)

    def _png(self) -> bytes:
        return as_png(self.image())

    def _stops(self) -> Array:
        """Where values stand on the bottom axis, ascending."""
        raise NotImplementedError

    def _value(self, stop: int) -> tuple[float | None, str]:
        """Height of the crosshair at a stop, and the values there in words, one a line."""
        raise NotImplementedError

    def _forget(self) -> None:
        self._top = self._least_top

    def _paint(self, painter: QPainter, target: QRectF) -> None:
        if self._stack.currentIndex() == 1:
            self.canvas.draw_on(painter, target)
        else:
            painter.drawText(target, Qt.AlignmentFlag.AlignCenter, self._empty.text())

    def _restyle(self) -> None:
        self.canvas.restyle()
        super()._restyle()

    def _outline(self, wanted: bool) -> None:
        self.set_outline("accent" if wanted else "line")

    def _point(self, x: float) -> None:
        stops = self._stops()
        if len(stops):
            self._stand(int(np.argmin(np.abs(stops - x))))

    def _walk(self, direction: int) -> None:
        stops = self._stops()
        low, high = self.canvas.x_range
        seen = np.flatnonzero((stops >= low) & (stops <= high))
        if not len(seen):
            return
        if self._stop is None:
            self._stand(int(seen[0] if direction > 0 else seen[-1]))
        else:
            self._stand(int(np.clip(self._stop + direction, seen[0], seen[-1])))

    def _stand(self, stop: int) -> None:
        stops = self._stops()
        if not 0 <= stop < len(stops):
            self._leave()
            return
        self._stop = stop
        height, words = self._value(stop)
        x = float(stops[stop])
        self.canvas.show_crosshair(x, height)
        self._readout.tell(words, x, height)
        self.canvas.setAccessibleDescription(words.replace("\n", ", "))

    def _leave(self) -> None:
        if self._stop is not None:
            self._stop = None
            self.canvas.hide_crosshair()
            self._readout.hide()
