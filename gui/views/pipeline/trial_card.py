"""Trying the draft on the first reads of a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.models.pipelines.trial import SearchStageTrial, SearchTrial, StageTrial, Trial
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel

_INVITATION = "Choose reads, or drop them here, to see what each stage does to the first 10,000."
_SEARCH_INVITATION = "Name a motif to see what each stage makes of a search for it."


class TrialCard(Card):
    """The file, what came out, and what the chosen stage did.

    Signals:
        file_wanted: reads shall be chosen.
        trial_wanted: the draft shall be tried.
        cancel_wanted: the trial that is going shall end.
        search_wanted: the draft shall be tried on a search for this motif.
    """

    file_wanted = Signal()
    trial_wanted = Signal()
    cancel_wanted = Signal()
    search_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_of_searches = False
        self._is_going = False
        self.file = ElidedLabel()
        self.preparing = PlainLabel(wraps=True)
        self.preparing.hide()
        self.result = PlainLabel(wraps=True)
        self.fault = PlainLabel(role="note", wraps=True)
        self.fault.setProperty("role", "error")
        self.details = PlainLabel(role="note", muted=True, wraps=True, selectable=True)
        self.choose = QPushButton("Choose…")
        self.choose.setAccessibleName("Choose reads")
        self.choose.clicked.connect(self.file_wanted)
        self.start = QPushButton("Try")
        self.start.clicked.connect(self._try)
        self.motif = QLineEdit()
        self.motif.setPlaceholderText("Motif to search for")
        self.motif.setAccessibleName("Motif that the trial searches for")
        self.motif.returnPressed.connect(self._try)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancel_wanted)
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(PlainLabel("Trial", role="strong"))
        head.addWidget(self.file, 1)
        head.addWidget(self.motif, 1)
        for button in (self.choose, self.start, self.cancel):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GAP, PADDING, GAP)
        column.setSpacing(SPACE)
        column.addLayout(head)
        for label in (self.preparing, self.result, self.fault, self.details):
            column.addWidget(label)
        self.setAccessibleName("Trial")
        self.show_search("", is_of_searches=False)
        self.show_files(None, None)
        self.show_going(False)
        self.show_result(None, is_outdated=False)
        self.show_fault("")
        self.show_stage(None)

    def show_files(self, path: Path | None, mates: Path | None) -> None:
        """Name what is tried on."""
        self.file.setText(" + ".join(each.name for each in (path, mates) if each is not None))
        self.start.setVisible(path is not None or self._is_of_searches)

    def show_search(self, motif: str, is_of_searches: bool) -> None:
        """Ask for what to search, where that is what goes through the draft, and not for reads."""
        if self._is_of_searches != is_of_searches:
            self.motif.setText(motif)
        self._is_of_searches = is_of_searches
        self.motif.setVisible(is_of_searches)
        self.file.setVisible(not is_of_searches)
        self._show_buttons()
        words = (
            "Take a search through the stages" if is_of_searches else "Run the first 10,000 reads through the stages"
        )
        self.start.setAccessibleDescription(words)

    def _try(self) -> None:
        if self._is_of_searches:
            self.search_wanted.emit(self.motif.text())
        else:
            self.trial_wanted.emit()

    def show_going(self, is_going: bool) -> None:
        """Tell whether a trial is going."""
        self.choose.setEnabled(not is_going)
        self.start.setEnabled(not is_going)
        self._is_going = is_going
        self._show_buttons()
        if is_going:
            self.result.setText("Trying a search…" if self._is_of_searches else "Trying the first 10,000 reads…")
            self.result.show()

    def show_preparing(self, words: str) -> None:
        """Tell that stages are being prepared, which happens once; nothing hides it."""
        self.preparing.setText(words)
        self.preparing.setVisible(bool(words))
        self.result.setVisible(not words and bool(self.result.text()))
        self._show_buttons()

    def _show_buttons(self) -> None:
        """Cancel takes the place of choosing: there is no room for both in a small window."""
        is_busy = self._is_going or not self.preparing.isHidden()
        self.cancel.setVisible(is_busy)
        self.choose.setVisible(not is_busy and not self._is_of_searches)

    def show_result(self, trial: Trial | SearchTrial | None, *, is_outdated: bool) -> None:
        """Show what came out, or what to do where nothing has been tried."""
        if trial is None:
            invitation = _SEARCH_INVITATION if self._is_of_searches else _INVITATION
            self.result.setText("" if self.file.text() and not self._is_of_searches else invitation)
        else:
            self.result.setText(f"{trial.line}{' · before your last change' if is_outdated else ''}")
        self.result.setVisible(bool(self.result.text()) and self.preparing.isHidden())

    def show_stage(self, stage: StageTrial | SearchStageTrial | None) -> None:
        """Tell what the chosen stage did."""
        self.details.setText("" if stage is None else "\n".join((f"In the stage {stage.name}:", *stage.details)))
        self.details.setVisible(stage is not None)

    def show_fault(self, words: str) -> None:
        """Tell why it could not be tried; an empty text where it could."""
        self.fault.setText(words)
        self.fault.setVisible(bool(words))
