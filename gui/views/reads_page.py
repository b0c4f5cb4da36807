"""Where reads come in."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from gui.models.input_list import INPUT_ROLE, InputEntry, InputListModel
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.grouping_bar import GroupingBar
from gui.views.input_delegate import InputDelegate
from gui.views.pipeline.uses_menu import add_pipeline_actions
from gui.views.plain_label import PlainLabel
from gui.views.proposal_card import ProposalCard
from gui.views.widgets.card import Card
from gui.views.widgets.drop_area import DropArea

_SIDE = 20
_LOW = 300


class ReadsPage(QWidget):
    """The place to drop files, and below it what became of those that were.

    Attributes:
        grouping: how files become runs.
        failed: leads to the next input that failed or was refused; hidden while there is none.
        proposal: how those that were dropped will be read; hidden unless there is more than one way.

    Signals:
        run_requested: key of the run whose page shall be shown.
        pipelines_requested: key of the run whose ``folder`` or ``sample`` shall use a pipeline, and which of the two.
    """

    run_requested = Signal(int)
    pipelines_requested = Signal(int, str)

    def __init__(self, model: InputListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.grouping = GroupingBar()
        self.proposal = ProposalCard()
        self.proposal.hide()
        self.drop = DropArea()
        self.list = QListView()
        self.list.setModel(model)
        self.list.setItemDelegate(InputDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Inputs of this session")
        self.list.activated.connect(self._open_run)
        self.list.clicked.connect(self._open_run)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.clear = QPushButton("Clear finished")
        self.clear.setProperty("role", "quiet")
        self.clear.clicked.connect(model.clear_finished)
        self.failed = QPushButton("Next failed")
        self.failed.setToolTip("Go to the next input that failed or was refused")
        self.failed.setProperty("role", "quiet")
        self.failed.clicked.connect(self._go_to_failed)
        self.summary = PlainLabel(role="note", muted=True)
        self.card = self._make_card()
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _SIDE - SPACE, _SIDE, _SIDE)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel("Reads", role="title"))
        column.addWidget(self.grouping)
        column.addWidget(self.drop, 1)
        column.addWidget(self.proposal, 2)
        column.addWidget(self.card, 2)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.dataChanged):
            signal.connect(self._adapt)
        model.rowsInserted.connect(self._show_unfinished)
        self._adapt()

    def add_choices(self, bar: QWidget) -> None:
        """Put what shall be done with the reads above the place to drop them."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, bar)
        stops = [stop for part in (bar, self.grouping, self.drop) for stop in _stops(part)]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def show_proposal(self, shown: bool) -> None:
        """Show how files will be read, or take that away."""
        self.proposal.setVisible(shown)
        self._adapt()

    def _make_card(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(PlainLabel("This session", role="strong"))
        head.addWidget(self.summary)
        head.addStretch(1)
        head.addWidget(self.failed)
        head.addWidget(self.clear)
        column = QVBoxLayout(card)
        column.setContentsMargins(PADDING, PADDING - 4, PADDING, PADDING)
        column.setSpacing(SPACE)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        return card

    def _adapt(self, *_: object) -> None:
        """The drop area gives way to the list once there is one."""
        entries = self._model.entries
        self.card.setVisible(bool(entries))
        self.summary.setText(self._model.summary)
        self.failed.setVisible(len(entries) > 1 and self._model.next_failed(-1) >= 0)
        self.drop.setMaximumHeight(_LOW if entries else 16_777_215)
        # Files can be dropped anywhere; what is asked needs the room.
        self.drop.setVisible(self.proposal.isHidden())
        self.clear.setEnabled(any(entry.state is None or entry.state.is_final for entry in entries))

    def _go_to_failed(self) -> None:
        index = self._model.index(self._model.next_failed(self.list.currentIndex().row()))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _show_unfinished(self, *_: object) -> None:
        """Let what was just added be seen, or what comes before it, and move nothing under the pointer."""
        states = (entry.state for entry in self._model.entries)
        row = next((row for row, state in enumerate(states) if state is not None and not state.is_final), None)
        if row is not None and not self.list.underMouse():
            self.list.scrollTo(self._model.index(row))

    def _open_menu(self, at: QPoint) -> None:
        entry = self.list.indexAt(at).data(INPUT_ROLE)
        if not isinstance(entry, InputEntry) or entry.run_id is None:
            return
        run_id = entry.run_id
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open run", lambda: self.run_requested.emit(run_id))
        menu.addSeparator()
        add_pipeline_actions(menu, run_id, self.pipelines_requested.emit)
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _open_run(self, index: QModelIndex) -> None:
        entry = index.data(INPUT_ROLE)
        if isinstance(entry, InputEntry) and entry.run_id is not None:
            self.run_requested.emit(entry.run_id)


def _stops(part: QWidget) -> list[QWidget]:
    """What of ``part`` the Tab key reaches, in the order it was made."""
    stops = (each for each in part.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return [each for each in stops if each.window() is part.window()]  # menus and lists that come up are windows
