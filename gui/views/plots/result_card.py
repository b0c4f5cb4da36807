"""The base of all cards that show one module's result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QToolButton, QWidget

from engine.collectors.results import QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.plot_modules import Module
from gui.models.tabbed import tabbed
from gui.theme.icons import bind_icon
from gui.theme.theme import theme
from gui.views.plots.picture import Caption, Table, as_csv, save_picture
from gui.views.plots.plot_menu import PlotMenu
from gui.views.symbol import Symbol
from gui.views.widgets.card import TitledCard
from gui.views.widgets.tooltip import set_tooltip

_SYMBOL = 14


class ResultCard(TitledCard):
    """Title, verdict, note, buttons, and below them what was found or a sentence on why there is nothing.

    A card that is not seen draws nothing, and one with nothing to draw has no note. Subclasses draw what they
    show (:meth:`_draw`), give it as picture and table, and say what it is (:meth:`_part`, :meth:`_adopt`) where it is
    not the module's result alone.

    Attributes:
        module: what it shows; ``None`` where it is no module.
        verdict: the symbol before the title, hidden until there is a verdict.
        help: the button that explains the module; hidden until somebody can explain.
        menu: the button that saves and copies.
        run_name: name of the run that is shown.
    """

    _result: object
    """What is shown; subclasses say of what type it is, and what it is before there is a run."""

    def __init__(self, title: str, note: str, shown: QWidget, *, module: Module | None = None) -> None:
        super().__init__(title)
        self._usual_note = note
        self.module = module
        self.verdict = Symbol("passed", "passed", _SYMBOL)
        self.verdict.hide()
        self._empty = QLabel("No reads yet")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedLayout()
        self._run_id: int | None = None
        self.run_name = ""
        self._stale = False
        self.help = QToolButton()
        self.menu = PlotMenu(self, self)
        self._lay_out(shown)
        theme().changed.connect(self._restyle)

    def set_snapshot(self, snapshot: RunSnapshot) -> None:
        """Show ``snapshot``; cheap, and does nothing when its part of the results did not change."""
        if snapshot.run_id != self._run_id:
            self._run_id = snapshot.run_id
            self._forget()
        self.run_name = snapshot.name
        is_new = self._adopt(snapshot)
        # After what is kept now: the sentence may tell of it.
        self._empty.setText(self._sentence(snapshot))
        if is_new:
            self._stale = True
            if self._is_seen():
                self.refresh()

    def set_verdict(self, symbol: str, token: str, words: str) -> None:
        """Put the icon ``symbol`` in the colour of ``token`` before the title; an empty one takes it away."""
        self.verdict.setVisible(bool(symbol))
        if symbol:
            self.verdict.set_symbol(symbol, token)
        set_tooltip(self.verdict, words)
        self.verdict.setAccessibleName(words)
        self.setAccessibleName(f"{self.title}: {words}" if words else self.title)

    @property
    def caption(self) -> Caption:
        """What stands above the card's content in pictures."""
        return Caption(self.title, self.note, self.run_name)

    def is_wanted(self, results: QcResults) -> bool:
        """Whether the card has a place on the page of a run with ``results``; FastQC's modules always have."""
        return self.module is None or self.module.is_judged or self._part(results) is not None

    @property
    def is_zoomed(self) -> bool:
        """Whether only a part is shown."""
        return False

    def reset_zoom(self) -> None:
        """Show all."""

    def refresh(self) -> None:
        """Draw what was set if it is not drawn yet, as it is while nobody looks."""
        if self._stale:
            self._stale = False
            if self._stack.currentIndex() == 0:
                self.set_note(self._usual_note)
            is_drawn = self._draw()
            self._stack.setCurrentIndex(1 if is_drawn else 0)
            if not is_drawn:
                self.set_note("")  # it told of what was drawn before

    def table(self) -> Table:
        """What is drawn, as a header and rows; ``None`` where a value is not known."""
        raise NotImplementedError

    def image(self) -> QImage:
        """The card's content with title and note, at twice the size."""
        raise NotImplementedError

    def save(self, path: Path) -> None:
        """Write the plot to ``path`` as PNG, SVG or CSV, by its suffix.

        Raises:
            LanescopeError: it cannot be written.
        """
        self.refresh()
        save_picture(path, png=self._png, svg=self._svg, table=lambda: as_csv(self.table()))

    def copy_image(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image())

    def copy_values(self) -> None:
        """Put the values on the clipboard: apart by tabs, a row a line below titles, as spreadsheets take them."""
        titles, rows = self.table()
        QGuiApplication.clipboard().setText(tabbed([titles, *rows]))

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while nobody looked."""
        super().showEvent(event)
        if self._is_seen():
            self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, and soon what came while this card was scrolled out of sight."""
        super().paintEvent(event)
        if self._stale:
            QTimer.singleShot(0, self, self.refresh)

    def _adopt(self, snapshot: RunSnapshot) -> bool:
        """Keep the part of ``snapshot`` that is shown; whether it differs from the one before."""
        part = self._part(snapshot.results)
        if part is self._result or part == self._result:  # mostly the same object, and some are large
            return False
        self._result = part
        return True

    def _part(self, results: QcResults) -> object:
        """The part of ``results`` that is shown, as ``_result`` keeps it: that of the module."""
        return None if self.module is None else getattr(results, self.module.key)

    def _draw(self) -> bool:
        """Draw the part kept; whether there was anything to draw."""
        raise NotImplementedError

    def _svg(self) -> bytes:
        raise NotImplementedError

    def _png(self) -> bytes:
        raise NotImplementedError

    def _forget(self) -> None:
        """Another run is shown from now on."""

    def _sentence(self, snapshot: RunSnapshot) -> str:
        """What stands where there is nothing to draw."""
        if snapshot.results.basic.reads:
            return self._why_nothing(snapshot)
        return "This run has no reads" if snapshot.state.is_final else "No reads yet"

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        """What stands there although there are reads."""
        return "Not measured in this run"

    def _restyle(self) -> None:
        self._stale = True
        if self._is_seen():
            self.refresh()

    def _is_seen(self) -> bool:
        """Whether any of the card is within all that it lies in; Qt's visible region leaves out opaque children."""
        if not self.isVisible():
            return False
        shown, widget = self.rect(), self.parentWidget()
        below: QWidget = self
        while widget is not None and not below.isWindow():
            shown = shown.translated(below.pos()).intersected(widget.rect())
            below, widget = widget, widget.parentWidget()
        return not shown.isEmpty()

    def _lay_out(self, shown: QWidget) -> None:
        self.header.insertWidget(0, self.verdict)
        if self.module is not None and self.module.is_judged:
            self._title.setSizePolicy(self._title.sizePolicy().Policy.Fixed, self._title.sizePolicy().verticalPolicy())
        bind_icon(self.help, "help", "muted")
        self.help.setIconSize(QSize(16, 16))
        self.help.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.help.setToolTip("What this shows")
        self.help.setAccessibleName(f"What this shows: {self.title}")
        self.help.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.help)
        buttons.addWidget(self.menu)
        if self.module is not None and self.module.is_judged:
            self._put_note_below()
            self.header.addStretch(1)
        self.header.addLayout(buttons)
        # Before anything is in it: a stack shows its first widget, as a window where it has no parent yet.
        self.content.addLayout(self._stack)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)

    def _put_note_below(self) -> None:
        """Verdict, title and buttons fill the first line."""
        self.header.removeWidget(self._note)
        self._note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.content.insertWidget(0, self._note)
