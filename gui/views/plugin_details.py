"""All about one plugin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.models import format as show
from gui.models.plugin_list import CAPABILITY_WORDS, PluginEntry
from gui.models.run_page import STATE_WORDS
from gui.theme.tokens import GAP, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.plugin_facts import FactGrid, Section

if TYPE_CHECKING:
    from engine.store.plugin_runs import PluginRun

_NO_RUNS = "No run has used it yet. Put it into a pipeline, then run reads through that."
_MOST_ERRORS = 3


class PluginDetails(QScrollArea):
    """What a plugin is, may and did.

    Attributes:
        remove: removes the plugin.
        grants: a box for each capability that it asks for.
        runs: a button for each of its runs.

    Signals:
        remove_wanted: the plugin shall be removed.
        grant_wanted: capability, and whether it shall be granted.
        run_wanted: key of the run whose page shall be shown.
    """

    remove_wanted = Signal()
    grant_wanted = Signal(str, bool)
    run_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName("The chosen plugin")
        self.setProperty("role", "stop")
        self.entry: PluginEntry | None = None
        self.remove = QPushButton("Remove")
        self.grants: dict[str, QCheckBox] = {}
        self.runs: list[QPushButton] = []
        self._runs = Section("Runs")
        self.verticalScrollBar().rangeChanged.connect(self._leave_room)

    def show_entry(self, entry: PluginEntry | None) -> None:
        """Show this plugin, or nothing."""
        if entry == self.entry and entry is not None:
            return
        focused = next((capability for capability, box in self.grants.items() if box.hasFocus()), "")
        self.entry = entry
        self.grants, self.runs = {}, []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        if entry is not None:
            self._fill(column, entry)
        column.addStretch(1)
        self.setWidget(page)
        self._leave_room(0, self.verticalScrollBar().maximum())
        if focused in self.grants:  # the keyboard stays where it was
            self.grants[focused].setFocus()

    def show_runs(self, name: str, runs: Sequence[PluginRun]) -> None:
        """Show what the plugin did, where it is still the one that is shown."""
        if self.entry is None or self.entry.name != name:
            return
        content = QWidget()
        lines = QVBoxLayout(content)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE)
        self.runs = []
        for run in runs:
            self._add_run(lines, run)
        if not runs:
            lines.addWidget(PlainLabel(_NO_RUNS, muted=True, wraps=True))
        old = self._runs.column.takeAt(1)
        if old is not None and (widget := old.widget()) is not None:
            widget.deleteLater()
        self._runs.column.addWidget(content)

    def _leave_room(self, _low: int, high: int) -> None:
        """Cards end where those above them do, and a little before a scroll bar."""
        page = self.widget()
        layout = None if page is None else page.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, SPACE if high else 0, 0)

    def _fill(self, column: QVBoxLayout, entry: PluginEntry) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(PlainLabel(entry.title, "heading", wraps=True), 1)
        self.remove = QPushButton("Remove")
        self.remove.setProperty("role", "danger")
        self.remove.setAccessibleName(f"Remove {entry.title}")
        self.remove.setVisible(not entry.is_shipped)
        self.remove.clicked.connect(self.remove_wanted)
        head.addWidget(self.remove)
        column.addLayout(head)
        if entry.description:
            column.addWidget(PlainLabel(entry.description, wraps=True))
        if entry.trouble:
            trouble = Section("This plugin is damaged", PlainLabel(entry.trouble, wraps=True, selectable=True))
            trouble.set_outline("failed")
            column.addWidget(trouble)
        if entry.capabilities:
            column.addWidget(self._capabilities(entry))
        column.addWidget(Section("About", FactGrid(entry.facts)))
        if entry.parameters:
            column.addWidget(Section("What can be set", FactGrid(entry.parameters)))
        if entry.metrics:
            column.addWidget(Section("What it counts", FactGrid(entry.metrics)))
        self._runs = Section("Runs")
        self._runs.column.addWidget(PlainLabel("Looking for them…", muted=True))
        column.addWidget(self._runs)

    def _capabilities(self, entry: PluginEntry) -> Section:
        words = "It computes, and nothing else, unless you grant it more. It does not run before all is granted."
        section = Section("What it asks for", PlainLabel(words, "note", muted=True, wraps=True))
        for capability in entry.capabilities:
            box = QCheckBox(CAPABILITY_WORDS.get(capability, capability))
            box.setChecked(capability in entry.granted)
            box.toggled.connect(lambda on, capability=capability: self.grant_wanted.emit(capability, on))
            self.grants[capability] = box
            section.column.addWidget(box)
        return section

    def _add_run(self, lines: QVBoxLayout, run: PluginRun) -> None:
        when = show.moment(run.created, datetime.now().astimezone())
        words = f"{STATE_WORDS[run.state]}, {when}: kept {run.reads_out:,} of {run.reads_in:,} reads"
        button = QPushButton("Show")
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"Show the run {run.name}")
        button.clicked.connect(lambda: self.run_wanted.emit(run.run_id))
        self.runs.append(button)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(PlainLabel(run.name, wraps=True))
        text.addWidget(PlainLabel(words, "note", muted=True, wraps=True))
        for error in run.errors[:_MOST_ERRORS]:
            label = PlainLabel(error, wraps=True, selectable=True)
            label.setProperty("role", "error")
            text.addWidget(label)
        row.addLayout(text, 1)
        row.addWidget(button)
        lines.addLayout(row)
