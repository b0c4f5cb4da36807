"""What the checks of a plugin have found, before it is installed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.models.plugin_list import CAPABILITY_WORDS
from gui.models.plugin_manager import Candidate
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card

_LEAST_HEIGHT = 72


class PluginCheckCard(Card):
    """One candidate: what it is, each check with its outcome, and whether to install it.

    Attributes:
        install: installs it.
        dismiss: forgets it.
        text: all words on the card, for tests and screen readers.

    Signals:
        install_wanted: it shall be installed.
        dismissed: it shall not.
    """

    install_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.install = QPushButton("Install")
        self.install.setProperty("role", "primary")
        self.install.clicked.connect(self.install_wanted)
        self.dismiss = QPushButton("Dismiss")
        self.dismiss.clicked.connect(self.dismissed)
        self._words = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(PADDING, PADDING - 2, PADDING, PADDING)
        self._column.setSpacing(GAP)
        self._area = QScrollArea()
        self._area.setAccessibleName("What was checked")
        self._area.setProperty("role", "stop")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        self._area.setMinimumHeight(_LEAST_HEIGHT)
        self._area.setWidget(self._words)
        self._column.addWidget(self._area)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.install)
        buttons.addWidget(self.dismiss)
        buttons.addStretch(1)
        self._column.addLayout(buttons)
        self.hide()

    @property
    def text(self) -> str:
        """All words on the card."""
        return "\n".join(label.text() for label in self._words.findChildren(PlainLabel))

    def show_candidate(self, candidate: Candidate | None) -> None:
        """Show what was found, or take the card away."""
        self.setVisible(candidate is not None)
        if candidate is None:
            return
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SPACE + 2)
        well = candidate.may_be_installed
        head = f"{candidate.title} can be installed" if well else f"{candidate.title} cannot be installed"
        lines.addWidget(PlainLabel(head, "heading", wraps=True))
        for sentence in _sentences(candidate):
            lines.addWidget(PlainLabel(sentence, muted=True, wraps=True))
        if candidate.trouble:
            lines.addWidget(_line("", candidate.trouble))
        for finding in candidate.findings:
            lines.addWidget(_line(finding.check, finding.trouble))
        if candidate.hint:
            lines.addWidget(PlainLabel(candidate.hint, muted=True, wraps=True))
        self._area.setWidget(words)  # the old one goes
        self._words = words
        self._fit()
        self.install.setText(f"Replace {candidate.replaces}" if candidate.replaces else "Install")
        self.install.setVisible(well)
        self.set_outline("accent" if well else "failed")
        self.setAccessibleName(head)
        self.setAccessibleDescription(self.text)
        (self.install if well else self.dismiss).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: lines break elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """No higher than the words; where the page has less room, the rest is scrolled to."""
        wanted = self._words.heightForWidth(self.width() - 2 * PADDING) if self._words.layout() else 0
        self._area.setMaximumHeight(max(_LEAST_HEIGHT, wanted + SPACE))


def _sentences(candidate: Candidate) -> list[str]:
    facts = {fact.name: fact.value for fact in candidate.facts}
    found = [f"Version {facts['Version']} by {facts['Author']}, {facts['Interface']}"] if facts else []
    found += [
        f"It asks for: {CAPABILITY_WORDS.get(each, each)}. Grant it afterwards." for each in candidate.capabilities
    ]
    return found


def _line(check: str, trouble: str) -> QWidget:
    """A check with its outcome, never by colour alone."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2 * SPACE)
    name = "failed" if trouble else "passed"
    row.addWidget(Symbol(name, name, 14), 0, Symbol.TOP)
    words = ": ".join(part for part in (check[:1].upper() + check[1:], trouble) if part)
    row.addWidget(PlainLabel(words, wraps=True, selectable=bool(trouble)), 1)
    return line
