"""The base of all plots."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QShowEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QMessageBox, QStackedLayout, QToolButton, QWidget

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from gui.models.plot_series import Array
from gui.theme.fonts import font
from gui.theme.icons import bind_icon
from gui.theme.theme import theme
from gui.theme.tokens import SPACE
from gui.views.plots.canvas import Canvas
from gui.views.plots.picture import PlotNotSaved, Table, as_csv, as_image, as_png, as_svg, write_whole
from gui.views.plots.turns import turns
from gui.views.widgets.card import TitledCard

_LEAST_PICTURE = QSize(640, 360)
_KINDS = {"png": "PNG picture (*.png)", "svg": "SVG drawing (*.svg)", "csv": "Table of values (*.csv)"}
_FORBIDDEN = '<>:"/\\|?*'


class PlotCard(TitledCard):
    """A plot with title, note, axes, cursor and menu.

    A card that is not seen draws nothing, and those that are take turns. Subclasses say what part of a snapshot they
    show (:meth:`_adopt`), draw it (:meth:`_draw`), and tell the values at a place (:meth:`_stops`, :meth:`_value`).

    Attributes:
        canvas: axes and what is between them.
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
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.canvas)
        self.content.addLayout(self._stack)
        self._readout = _Readout(self.canvas)
        self._menu_button = self._make_menu_button()
        self.header.addWidget(self._menu_button)
        self._run_id: int | None = None
        self._run_name = ""
        self._stale = False
        self._stop: int | None = None
        self.canvas.pointed.connect(self._point)
        self.canvas.walked.connect(self._walk)
        self.canvas.left.connect(self._leave)
        self.canvas.menu_requested.connect(self._pop_up)
        self.canvas.focused.connect(self._outline)
        theme().changed.connect(self._restyle)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot``; cheap, and does nothing when its part of the results did not change."""
        if snapshot.run_id != self._run_id:
            self._run_id = snapshot.run_id
            self.canvas.reset_zoom()
            self._forget()
        self._run_name = snapshot.name
        self._empty.setText(self._sentence(snapshot))
        if self._adopt(snapshot):
            self._stale = True
            if self.isVisible():
                turns().ask(self, self.refresh)

    def refresh(self) -> None:
        """Draw what was set, at once, if it is not drawn yet."""
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
        with _Posed(self) as size:
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
            with _Posed(self) as size:
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

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton()
        bind_icon(button, "more", "muted")
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip("Save or copy this plot")
        button.setAccessibleName(f"Save or copy: {self.title}")
        button.clicked.connect(lambda: self._pop_up(button.mapToGlobal(QPoint(0, button.height() + SPACE))))
        return button

    def menu(self) -> QMenu:
        """What can be done with the plot; belongs to the card, and goes when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in _KINDS:
            menu.addAction(f"Save as {kind.upper()}…").triggered.connect(partial(self._ask_for_path, kind))
        menu.addSeparator()
        menu.addAction("Copy image").triggered.connect(self.copy_image)
        if self.canvas.is_zoomed:
            menu.addAction("Show all").triggered.connect(self.canvas.reset_zoom)
        return menu

    def _pop_up(self, place: QPoint) -> None:
        self.menu().popup(place)

    def _ask_for_path(self, kind: str) -> None:
        dialog = QFileDialog(self, f"Save {self.title} as {kind.upper()}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_KINDS[kind])
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(self.file_name(kind))
        dialog.fileSelected.connect(lambda name: self._save_or_tell(Path(name)))
        dialog.open()

    def file_name(self, kind: str) -> str:
        """What to call the file: name of the run, title of the plot, suffix."""
        name = " ".join(filter(None, (self._run_name, self.title.lower())))
        kept = "".join("_" if letter in _FORBIDDEN or ord(letter) < 32 else letter for letter in name)
        return f"{kept.strip(' .')}.{kind}"

    def _save_or_tell(self, path: Path) -> None:
        try:
            self.save(path)
        except LanescopeError as error:
            box = QMessageBox(QMessageBox.Icon.Warning, error.title, str(error), parent=self)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setInformativeText(error.hint)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()


class _Posed:
    """Holds a plot that is small or was never shown at a size fit for a picture, and lets it go again."""

    def __init__(self, card: PlotCard) -> None:
        self._card = card
        self._before: QSize = card.canvas.size()

    def __enter__(self) -> QSize:
        self._card.refresh()
        size = self._before.expandedTo(_LEAST_PICTURE)
        self._resize(size)
        return size

    def __exit__(self, *_: object) -> None:
        if self._card.canvas.size() != self._before:
            self._resize(self._before)

    def _resize(self, size: QSize) -> None:
        canvas = self._card.canvas
        canvas.resize(size)
        canvas.settle()


class _Readout(QLabel):
    """The values at the crosshair, in the corner away from it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas.viewport())
        self._canvas = canvas
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("note"))
        self.setProperty("role", "readout")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, words: str, x: float, y: float | None) -> None:
        """Say ``words`` about the place ``x``, and ``y`` where it matters."""
        if words != self.text():
            self.setText(words)
            self.adjustSize()
        area = self._canvas.plot_area()
        low, high = self._canvas.x_range
        at_left = x > (low + high) / 2
        left = area.left() + 8 if at_left else area.right() - 8 - self.width()
        low, high = self._canvas.y_range
        at_foot = y is not None and y > (low + high) / 2
        top = area.bottom() - 8 - self.height() if at_foot else area.top() + 8
        self.move(round(left), round(top))
        self.show()
