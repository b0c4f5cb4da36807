"""Everything on the page where pipelines are built."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from gui.models.pipelines.builder import Builder
from gui.models.pipelines.palette import Palette
from gui.models.pipelines.readiness import Readiness
from gui.models.pipelines.shelf import ShelfModel
from gui.models.pipelines.trials import Trials
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.file_drops import FileDrops
from gui.views.keys import key_names
from gui.views.pipeline.chain_view import ChainView
from gui.views.pipeline.form_panel import FormPanel
from gui.views.pipeline.head import Head
from gui.views.pipeline.palette_panel import PalettePanel
from gui.views.pipeline.shelf_panel import ShelfPanel
from gui.views.pipeline.trial_card import TrialCard
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card

_SIDE = 20
_LEFT, _MIDDLE, _RIGHT = 232, 400, 320
_LEAST = (200, 240, 240)
_NARROW = 792
"""Below this width the cards move closer together."""

_FLOWS = {
    "document": "Reads go from top to bottom",
    "query": "A search goes from top to bottom before it begins",
    "result": "Hits go from top to bottom, and their numbers in the end",
}


class Bench(FileDrops):
    """Pipelines and palette at the left, the chain and its trial in the middle, the form at the right.

    Attributes:
        builder: the draft that is on it.
    """

    def __init__(self, builder: Builder, shelf: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.builder = builder
        self.head = Head(builder)
        self.shelf = ShelfPanel(shelf)
        self.palette_panel = PalettePanel()
        self.chain = ChainView(builder)
        self.trial = TrialCard()
        self.form = FormPanel(builder)
        self._trials: Trials | None = None
        self.palette_panel.wanted.connect(self._add)
        self.chain.menu_requested.connect(self._open_menu)
        self.head.general_wanted.connect(lambda: builder.choose(None))
        builder.opened.connect(self._follow)
        builder.changed.connect(self._follow_type)
        self._flow = PlainLabel(role="note", muted=True)
        self.setAcceptDrops(True)
        self._lay_out()
        self._follow()
        self._follow_type()

    def set_palette(self, palette: Palette) -> None:
        """Know the stages of ``palette``."""
        self.palette_panel.model.set_palette(palette)
        self.chain.chain.set_palette(palette)
        self.form.set_palette(palette)

    def follow_trials(self, trials: Trials) -> None:
        """Show what trials of the draft have found."""
        self._trials = trials
        self.trial.trial_wanted.connect(lambda: trials.start(None))
        self.trial.cancel_wanted.connect(trials.cancel)
        self.trial.search_wanted.connect(trials.search_for)
        for signal in (trials.changed, self.builder.changed, self.builder.chosen_changed):
            signal.connect(self._show_trials)
        self._show_trials()

    def follow_readiness(self, readiness: Readiness) -> None:
        """Show while stages are being prepared."""
        readiness.changed.connect(lambda: self.trial.show_preparing(readiness.text))
        self.trial.cancel_wanted.connect(readiness.cancel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: a narrow page has its room for what is on the cards."""
        super().resizeEvent(event)
        self._space_out(is_narrow=event.size().width() < _NARROW)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: as narrow as the cards are when they stand close together."""
        return QSize(sum(_LEAST) + 2 * (GAP - SPACE) + 2 * GAP, super().minimumSizeHint().height())

    def _follow_type(self) -> None:
        """Offer what can be a stage of this type of pipelines, and say what goes through them."""
        pipeline_type = str(self.builder.draft.data.get("type", "document"))
        self.palette_panel.model.set_type(pipeline_type)
        self._flow.setText(_FLOWS.get(pipeline_type, _FLOWS["document"]))

    def _follow(self) -> None:
        self.shelf.show_current(self.builder.draft.name)

    def _show_trials(self) -> None:
        trials = self._trials
        if trials is None:
            return
        self.chain.chain.set_trials({key: stage.line for key, stage in trials.stages.items()})
        self.chain.scrollTo(self.chain.currentIndex())
        self.trial.show_search(trials.motif, trials.is_of_searches)
        self.trial.show_files(trials.path, trials.mates)
        self.trial.show_result(trials.result, is_outdated=trials.is_outdated)
        self.trial.show_fault(trials.fault)
        self.trial.show_stage(trials.stages.get(self.builder.chosen or 0))
        self.trial.show_going(trials.is_going)

    def _add(self, note: object) -> None:
        self.builder.add(note)  # type: ignore[arg-type] # signals carry objects
        self.chain.scrollTo(self.chain.currentIndex())

    def _open_menu(self, key: int, place: QPoint) -> None:
        builder, stage = self.builder, self.builder.draft.stage(key)
        at = builder.draft.place(key)
        if stage is None or at is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Duplicate\t{key_names('Ctrl+D')}", lambda: builder.duplicate(key))
        word = "Switch off" if stage.is_enabled else "Switch on"
        menu.addAction(f"{word}\t{key_names('Space')}", lambda: builder.enable(key, not stage.is_enabled))
        menu.addAction(f"Move up\t{key_names('Alt+Up')}", lambda: builder.move(key, at - 1))
        menu.addAction(f"Move down\t{key_names('Alt+Down')}", lambda: builder.move(key, at + 1))
        menu.addSeparator()
        menu.addAction(f"Delete\t{key_names('Del')}", lambda: builder.remove(key))
        menu.popup(place)

    def _lay_out(self) -> None:
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.shelf)
        left.addWidget(self.palette_panel)
        left.setSizes([220, 420])
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self._chain_card(), 1)
        column.addWidget(self.trial)
        whole = QSplitter(Qt.Orientation.Horizontal)
        for part, least in zip((left, middle, self.form), _LEAST, strict=True):
            part.setMinimumWidth(least)
            whole.addWidget(part)
        whole.setSizes([_LEFT, _MIDDLE, _RIGHT])
        whole.setStretchFactor(1, 1)
        self._splitters = (left, whole)
        for splitter in self._splitters:
            splitter.setChildrenCollapsible(False)
            splitter.setProperty("role", "gap")
        self._outer = outer = QVBoxLayout(self)
        outer.setSpacing(GAP)
        self._space_out(is_narrow=False)
        outer.addWidget(self.head)
        outer.addWidget(whole, 1)

    def _space_out(self, *, is_narrow: bool) -> None:
        side = GAP if is_narrow else _SIDE
        self._outer.setContentsMargins(side, _SIDE - SPACE, side, side)
        for splitter in self._splitters:
            splitter.setHandleWidth(GAP - SPACE if is_narrow else GAP)

    def _chain_card(self) -> Card:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(PADDING - SPACE, PADDING, PADDING - SPACE, SPACE)
        column.setSpacing(SPACE)
        self._flow.setContentsMargins(SPACE, 0, SPACE, 0)
        column.addWidget(self._flow)
        column.addWidget(self.chain, 1)
        return card
