"""Many runs at a glance, and several of them in the same plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.report.standing_out import FEWEST
from engine.run.state import RunState
from gui.models.compare import OVERLAYS, SERIES, Compared, ends_told, names_apart
from gui.models.format import plural
from gui.models.outliers import HEADING, WHY, Unlike
from gui.models.verdict_table import STANDS_OUT, UNLIKE_ROLE, VerdictTable
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.choice_group import ChoiceGroup
from gui.views.no_run import Nothing
from gui.views.plain_label import PlainLabel
from gui.views.reflow import ReflowGrid
from gui.views.stagger import Stagger
from gui.views.verdict_table_view import VerdictTableView
from gui.views.widgets.card import Card

if TYPE_CHECKING:
    from gui.views.compared_plot import ComparedPlot

_LEAST_WIDTH = 310
_LEAST_HEIGHT = 300
_MOST_HEIGHT = 460
_SIDE = 20
_TOLD_EVERY = 10
_ALL_READ: Mapping[int, RunState] = MappingProxyType({})
_NONE_YET = "All runs stand here, a row a run, with how they came out and which are unlike the others."
_NONE_FOUND = "The search above the list finds no run."
_TILES = ("yield by tile", "quality by tile")


class ComparePage(QWidget):
    """A table with a row a run; below it, where some runs were chosen, their plots with a line a run.

    Attributes:
        table: the verdicts.
        view: the table on the screen.
        before: tells of reads as they came.
        after: tells of reads as pipelines left them.
        report: asks for reports of all runs of the overview that are over.
        why: in what the run stands out that the keyboard is on.
        nothing: stands in the place of the table while there is no run.
        plots: the plots, made when first wanted.

    Signals:
        opened: key of the run to show.
        report_requested: keys (a list) of the runs to write reports of.
        closed: back to the run that was shown before.
    """

    opened = Signal(int)
    report_requested = Signal(list)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = VerdictTable(self)
        self.view = VerdictTableView(self.table)
        self.plots: list[ComparedPlot] = []
        self.title = PlainLabel(role="title")
        self.note = PlainLabel(muted=True, wraps=True)
        self.why = PlainLabel(muted=True, wraps=True)
        self.before, self.after = QPushButton("Reads as they came"), QPushButton("Reads that are kept")
        self.report = QPushButton("Report…")
        self.report.setToolTip("Write pages, tables and plots of all these runs that are over into a folder")
        self.back = QPushButton("Back")
        self.nothing = Nothing()
        self.nothing.hide()
        self._grid = ReflowGrid((), least_width=_LEAST_WIDTH, most_columns=4)
        self._runs: tuple[Compared, ...] = ()
        self._is_overview = False
        self._stagger = Stagger(self)
        self._frame = Card()
        self._sides = QWidget()
        self._lay_out()
        self.view.opened.connect(self.opened)
        self.after.toggled.connect(self._choose_side)
        self.back.clicked.connect(self.closed)
        self.report.clicked.connect(lambda: self.report_requested.emit(self.table.over))
        self.table.completed.connect(self._tell_all)
        self.view.selectionModel().currentRowChanged.connect(self._tell_why)

    def show_all(
        self,
        runs: Sequence[tuple[int, str]],
        states: Mapping[int, RunState] = _ALL_READ,
        *,
        are_searched: bool = False,
    ) -> None:
        """Show the verdicts of all ``runs``.

        Args:
            runs: each with its key and name.
            states: where they stand, by key; runs that are not in it were read whole.
            are_searched: whether there are other runs.
        """
        self.title.setText("Overview")
        self.view.cells.series = {}
        self.view.tell_what_stands_out(True)
        self._is_overview = True
        self.table.show_side(is_after=self.after.isChecked())
        with self.view.place_kept():
            self.table.set_states(states)
            self.table.set_runs(runs)
        self._tell_all()
        self._grid.hide()
        self.nothing.tell(_NONE_FOUND if are_searched else _NONE_YET, leads=not are_searched)
        self.nothing.setVisible(not runs)
        for part in (self._frame, self.why, self.note, self.report):
            part.setVisible(bool(runs))
        self._frame.setMaximumHeight(16_777_215)
        self._frame.setMinimumHeight(_LEAST_HEIGHT)

    def take_keys(self) -> None:
        """Put the keyboard where one goes on."""
        shown = (each for each in (self.view, self.nothing.go) if each.isVisibleTo(self))
        next(shown, self.back).setFocus()

    def show_runs(self, runs: Sequence[Compared], title: str = "", note: str = "") -> None:
        """Show ``runs``, six at most, in the same plots, under a title and a note that tell what they are."""
        self._runs = tuple(runs)
        self._is_overview = False
        self.table.show_side(is_after=False)
        self._sides.hide()
        self.view.allow_sorting(False)
        self.view.tell_what_stands_out(False)
        self.title.setText(title or f"Compare {plural(len(runs), 'run')}")
        told = note or "a line a run in every plot, reads as shares of their own run"
        self.note.setText(" · ".join(words for words in (told, ends_told(self._runs)) if words))
        names = names_apart(self._runs)
        self.view.cells.series = {run.run_id: series for run, series in zip(self._runs, SERIES, strict=False)}
        self.table.set_runs([(run.run_id, name) for run, name in zip(self._runs, names, strict=True)])
        self._frame.setFixedHeight(self.view.whole_height() + PADDING)
        for part in (self._frame, self.note, self._grid):
            part.show()
        self.why.hide()
        self.report.hide()
        self.nothing.hide()
        for number in range(len(OVERLAYS) + len(_TILES)):
            self._stagger.ask(number, partial(self._fill, number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def tell_progress(self, left: int) -> None:
        """Tell how many runs are still to be looked at before it is known which stand out."""
        if self._is_overview and left % _TOLD_EVERY == 0:
            self._tell_all()

    def _tell_all(self) -> None:
        if not self._is_overview:
            return
        self.report.setEnabled(bool(self.table.over))
        self._sides.setVisible(self.table.has_after)
        runs, found, left = self.table.rowCount(), self.table.standing_out, len(self.table.unknown)
        told = ""
        if left and runs >= FEWEST:
            told = f" · comparing, {left:,} to go"
        elif found is not None:
            told = f" · {found:,} stand{'s' if found == 1 else ''} out" if found else " · none stands out"
        profiles = self.table.profiles
        told += f" · judged by {profiles[0]}" if profiles else ""
        told += " unless another profile is named" if len(profiles) > 1 else ""
        broken_off = f" · {self.table.broken_off}" if self.table.broken_off else ""
        self.note.setText(f"{plural(runs, 'run')}{broken_off}{told} · click one to open it, a title to sort by it")
        self._tell_why()

    def _tell_why(self) -> None:
        """In what the run stands out where the keyboard is, or what standing out means."""
        index = self.table.index(self.view.currentIndex().row(), STANDS_OUT)
        found = index.data(UNLIKE_ROLE)
        if isinstance(found, Unlike):
            self.why.setText(f"{index.siblingAtColumn(0).data()} stands out: {found.words}")
        else:
            self.why.setText(f"{HEADING}: {WHY[0].lower()}{WHY[1:]}")

    def _choose_side(self, is_after: bool) -> None:
        if self._is_overview:
            self.table.show_side(is_after=is_after)
            self._tell_all()

    def _fill(self, number: int) -> None:
        if number == len(self.plots):
            # Here and not above: it brings the plotting library.
            plot = _made(number)
            plot.setMinimumHeight(_LEAST_HEIGHT)
            plot.setMaximumHeight(_MOST_HEIGHT)
            self.plots.append(plot)
            self._grid.add(plot)
        plot = self.plots[number]
        plot.set_runs(self._runs)
        self._grid.set_shown(plot, plot.is_told(self._runs))

    def _lay_out_sides(self) -> None:
        group = ChoiceGroup(self)
        row = QHBoxLayout(self._sides)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(PlainLabel("Verdicts, and what stands out, of", role="note", muted=True))
        for button in (self.before, self.after):
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            button.setAccessibleName(f"Verdicts of: {button.text()}")
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.before.setChecked(True)
        self._sides.hide()

    def _lay_out(self) -> None:
        self._lay_out_sides()
        words = QVBoxLayout()
        words.setSpacing(SPACE)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addSpacing(SPACE)
        words.addWidget(self._sides)
        head = QHBoxLayout()
        head.setContentsMargins(_SIDE, _SIDE - SPACE, _SIDE, GAP)
        head.addLayout(words, 1)
        head.setSpacing(2 * SPACE)
        head.addWidget(self.report)
        head.addWidget(self.back)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(PADDING // 2, PADDING // 2, PADDING // 2, PADDING // 2)
        inside.addWidget(self.view)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 0, _SIDE, _SIDE)
        column.setSpacing(GAP)
        column.addWidget(self._frame, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.why)
        self.why.setMinimumHeight(2 * self.why.fontMetrics().lineSpacing())
        column.addWidget(self._grid, 1)
        scroll = QScrollArea()
        bar = scroll.verticalScrollBar()
        # Cards end where the header ends, with a scroll bar or without.
        bar.rangeChanged.connect(
            lambda _low, high: column.setContentsMargins(
                _SIDE, 0, _SIDE - (bar.sizeHint().width() if high else 0), _SIDE
            )
        )
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(scroll, 1)


def _made(number: int) -> ComparedPlot:
    plot: ComparedPlot
    if number < len(OVERLAYS):
        plot = import_module("gui.views.compare_plot").ComparePlot(OVERLAYS[number])
    else:
        plot = import_module("gui.views.compare_tiles_plot").CompareTilesPlot(_TILES[number - len(OVERLAYS)])
    return plot
