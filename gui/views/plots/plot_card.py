"""The base of all plots."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from engine.run.snapshot import RunSnapshot
from gui.models.plot_series import Array
from gui.theme.theme import theme
from gui.views.plots.canvas import Canvas
from gui.views.plots.picture import PlotNotSaved, Table, as_csv, as_image, as_png, as_svg, write_whole
from gui.views.plots.plot_menu import PlotMenu
from gui.views.plots.posed import Posed
from gui.views.plots.readout import Readout
from gui.views.widgets.card import TitledCard


class PlotCard(TitledCard):
    """A plot with title, note, axes, cursor and menu.

    A card that is not seen draws nothing. Subclasses say what part of a snapshot they show (:meth:`_adopt`), draw it
    (:meth:`_draw`), and tell the values at a place (:meth:`_stops`, :meth:`_value`).

    Attributes:
        canvas: axes and what is between them.
        menu: the button that saves and copies.
        run_name: name of the run that is shown.
    """

    def __init__(
        self,
        title: str,
        note: str,
        *,
        x_label: str,
        y_label: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, note, parent)
        self.canvas = Canvas(x_label, y_label)
        self.canvas.setAccessibleName(f"{title}: {y_label} by {x_label}")
        self._empty = QLabel("No reads yet")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedLayout()
        # Before anything is in it: a stack shows its first widget, as a window where it has no parent yet.
        self.content.addLayout(self._stack)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.canvas)
        self._readout = Readout(self.canvas)
        self.menu = PlotMenu(self, self)
        self.header.addWidget(self.menu)
        self._run_id: int | None = None
        self.run_name = ""
        self._stale = False
        self._stop: int | None = None
        self.canvas.pointed.connect(self._point)
        self.canvas.walked.connect(self._walk)
        self.canvas.left.connect(self._leave)
        self.canvas.menu_requested.connect(self.menu.open_at)
        self.canvas.focused.connect(self._outline)
        theme().changed.connect(self._restyle)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot``; cheap, and does nothing when its part of the results did not change."""
        if snapshot.run_id != self._run_id:
            self._run_id = snapshot.run_id
            self.canvas.reset_zoom()
            self._forget()
        self.run_name = snapshot.name
        self._empty.setText(self._sentence(snapshot))
        if self._adopt(snapshot):
            self._stale = True
            if self.isVisible():
                self.refresh()

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part of the bottom axis is shown."""
        return bool(self.canvas.is_zoomed)

    def reset_zoom(self) -> None:
        """Show all along the bottom axis."""
        self.canvas.reset_zoom()

    def refresh(self) -> None:
        """Draw what was set if it is not drawn yet, as it is while nobody looks."""
        if not self._stale:
            return
        self._stale = False
        drawn = self._draw()
        self._stack.setCurrentIndex(1 if drawn else 0)
        if self._stop is not None:
            self._stand(self._stop)

    def table(self) -> Table:
        """What is drawn, as a header and rows; ``None`` where a value is not known."""
        raise NotImplementedError

    def image(self) -> QImage:
        """The plot with title, note and axes, at twice the size."""
        self.refresh()
        with Posed(self.canvas) as size:
            return as_image(size, self.title, self.note, self._paint)

    def save(self, path: Path) -> None:
        """Write the plot to ``path`` as PNG, SVG or CSV, by its suffix.

        Raises:
            LanescopeError: it cannot be written.
        """
        self.refresh()
        kind = path.suffix.lower()
        if kind == ".csv":
            content = as_csv(self.table())
        elif kind == ".svg":
            with Posed(self.canvas) as size:
                content = as_svg(size, self.title, self.note, self._paint)
        elif kind == ".png":
            content = as_png(self.image())
        else:
            raise PlotNotSaved(
                f"A plot can be saved as PNG, SVG or CSV, and {path.name} is none of them.",
                hint="Let the name end in .png, .svg or .csv.",
            )
        write_whole(path, content)

    def copy_image(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        """Keep the part of ``snapshot`` that is shown; whether it differs from the one before."""
        raise NotImplementedError

    def _draw(self) -> bool:
        """Draw the part kept; whether there was anything to draw."""
        raise NotImplementedError

    def _stops(self) -> Array:
        """Where values stand on the bottom axis, ascending."""
        raise NotImplementedError

    def _value(self, stop: int) -> tuple[float | None, str]:
        """Height of the crosshair at a stop, and the values there in words, one a line."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Another run is shown from now on."""

    def _sentence(self, snapshot: RunSnapshot) -> str:
        """What stands where there is nothing to draw."""
        if snapshot.results.basic.reads:
            return "Not measured in this run"
        return "This run has no reads" if snapshot.state.is_final else "No reads yet"

    def _paint(self, painter: QPainter, target: QRectF) -> None:
        if self._stack.currentIndex() == 1:
            self.canvas.draw_on(painter, target)
        else:
            painter.drawText(target, Qt.AlignmentFlag.AlignCenter, self._empty.text())

    def _restyle(self) -> None:
        self.canvas.restyle()
        self._stale = True
        if self.isVisible():
            self.refresh()

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
