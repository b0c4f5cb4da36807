"""Text that is shown as it is."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.theme.fonts import Role, font
from gui.views.widgets.tooltip import set_tooltip

_LONG = re.compile(r"[^\s/\\]{49,}")
"""Part of a text that may be wider than its label."""

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|[kMGT]?bp\b|[kMGT]i?B\b|Phred\b|µ?m?s\b|min\b|h\b))")
"""Spaces at which no line ends: between a number and its unit."""

_BREAK = "\N{ZERO WIDTH SPACE}"
_BEGIN, _END = 28, 20
_PIECE = 12


class PlainLabel(QLabel):
    """A label whose text is data: never markup, wrapped where it is long, and selectable where it may be copied."""

    def __init__(
        self,
        text: str = "",
        role: Role = "text",
        *,
        muted: bool = False,
        wraps: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._has_tip = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(role))
        self.setWordWrap(wraps)
        if muted:
            self.setProperty("role", "note" if role == "note" else "muted")
        if selectable:
            # By mouse alone: a label in the tab order is a stop where nothing can be done.
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def text(self) -> str:
        """What is said, also where it is not shown letter by letter."""
        return self._text

    def setText(self, text: str) -> None:
        """Say ``text``. Names of files can be longer than a line, and Qt wraps between words alone."""
        self._text = shown = text
        # What may be copied is shortened, and told whole by the tooltip: nobody should paste signs not seen.
        is_copied = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if self.wordWrap() and not is_copied:
            shown = _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", shown)
        if self.wordWrap() and _LONG.search(text):
            shown = _LONG.sub(_shortened if is_copied else _breakable, shown)
            set_tooltip(self, text if is_copied else "")
            self._has_tip = is_copied
        elif self._has_tip:
            set_tooltip(self, "")
            self._has_tip = False
        super().setText(shown)

    def minimumSizeHint(self) -> QSize:
        """Qt's call: one line. What more a long text needs follows from its width, which Qt here guesses too small."""
        least = super().minimumSizeHint()
        return QSize(least.width(), self.fontMetrics().height()) if self.wordWrap() else least


def wrappable(text: str) -> str:
    """``text`` with signs nobody sees where Qt may break what is longer than a line."""
    return _LONG.sub(_breakable, text)


def _shortened(found: re.Match[str]) -> str:
    return f"{found[0][:_BEGIN]}\N{HORIZONTAL ELLIPSIS}{found[0][-_END:]}"


def _breakable(found: re.Match[str]) -> str:
    whole = found[0]
    return _BREAK.join(whole[at : at + _PIECE] for at in range(0, len(whole), _PIECE))
