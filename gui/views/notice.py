"""Inline notices: what went wrong, where the eye is, until it is dismissed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.errors import InputError, LanescopeError
from gui.models.format import plural
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel
from gui.views.symbol import Symbol
from gui.views.widgets.card import Card


@dataclass(frozen=True, slots=True)
class Message:
    """What a notice says.

    Attributes:
        title: one line, what went wrong.
        sentence: where and why.
        hint: what to do.
        details: more than most want to read; folded away.
    """

    title: str
    sentence: str
    hint: str = ""
    details: str = ""


def told(error: LanescopeError) -> Message:
    """The message of one error."""
    return Message(error.title, str(error), error.hint)


def refusal(errors: Sequence[InputError]) -> Message:
    """One message for all inputs that were refused together."""
    if len(errors) == 1:
        return told(errors[0])
    details = "\n".join(f"{error.path}: {error}" for error in errors)
    hints = {error.hint for error in errors}
    return Message(
        f"{plural(len(errors), 'file')} cannot be read",
        f"The first: {errors[0]}",
        hints.pop() if len(hints) == 1 else "",
        details,
    )


class Notice(Card):
    """One message with a button that dismisses it.

    Signals:
        dismissed: the user has read it.
    """

    dismissed = Signal()

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.set_outline("warned")
        self.details = PlainLabel(message.details, role="mono", muted=True, wraps=True, selectable=True)
        self.unfold = QPushButton("Details")
        self.unfold.setProperty("role", "quiet")
        self.unfold.setCheckable(True)
        self.unfold.toggled.connect(self.details.setVisible)
        self.dismiss = QPushButton("Dismiss")
        self.dismiss.setProperty("role", "quiet")
        self.dismiss.clicked.connect(self.dismissed)
        self._lay_out()
        self.details.hide()
        self.unfold.setVisible(bool(message.details))
        self.setAccessibleName(message.title)
        self.setAccessibleDescription(f"{message.sentence} {message.hint}".strip())

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(SPACE)
        words.addWidget(PlainLabel(self.message.title, role="strong", wraps=True))
        words.addWidget(PlainLabel(self.message.sentence, wraps=True, selectable=True))
        if self.message.hint:
            words.addWidget(PlainLabel(self.message.hint, wraps=True, muted=True))
        words.addWidget(self.details)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, PADDING - 2, PADDING - 6, PADDING - 2)
        row.setSpacing(GAP)
        row.addWidget(Symbol("warned", "warned"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)


class NoticeArea(QWidget):
    """Notices one below the other, newest last; never more than three, and never the same twice."""

    _MOST = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, GAP, 0, 0)
        self._column.setSpacing(SPACE * 2)
        self.notices: list[Notice] = []
        self.hide()

    def add(self, message: Message) -> Notice:
        """Show ``message``."""
        for notice in [notice for notice in self.notices if notice.message == message]:
            self._drop(notice)
        for notice in self.notices[: len(self.notices) - self._MOST + 1]:
            self._drop(notice)
        notice = Notice(message)
        notice.dismissed.connect(lambda: self._drop(notice))
        self.notices.append(notice)
        self._column.addWidget(notice)
        self.show()
        return notice

    def _drop(self, notice: Notice) -> None:
        if notice not in self.notices:
            return
        self.notices.remove(notice)
        self._column.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        if not self.notices:
            self.hide()
