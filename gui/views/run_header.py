"""What a run is, how it stands, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.models.run_page import RunPage
from gui.theme.fonts import font
from gui.theme.icons import bind_icon
from gui.theme.tokens import GAP, SPACE
from gui.views.keys import key_names
from gui.views.widgets.badge import Badge
from gui.views.widgets.elided_label import ElidedLabel
from gui.views.widgets.tooltip import set_tooltip

_PAUSE_WIDTH = 104
_AFTER_ICON = 4
_LEAST_ABOUT = 150
_LEAST_PLACE = 120
"""Points below which nothing can be told from a path."""


class _About(ElidedLabel):
    """What the input is; where there is no room for its path, the tooltip has that too."""

    _more = ""

    def set_more(self, more: str) -> None:
        self._more = more
        self._tell()

    def _tell(self) -> None:
        whole = self.text() if self.shown_text() != self.text() else ""
        set_tooltip(self, "\n".join(filter(None, (self._more, whole))))


class RunHeader(QWidget):
    """Name, badge, input and buttons.

    Signals:
        pause_requested: the run shall wait.
        resume_requested: the run shall go on.
        finish_requested: the run shall follow its input no longer and end with what has come.
        cancel_requested: the run shall end.
        report_requested: reports shall be written.
        again_requested: the input shall be run once more.
        continue_requested: the run shall go on from its last checkpoint.
    """

    pause_requested = Signal()
    resume_requested = Signal()
    finish_requested = Signal()
    cancel_requested = Signal()
    report_requested = Signal()
    again_requested = Signal()
    continue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can_resume = False
        self._in_words = True
        self.title = ElidedLabel()
        self.title.setFont(font("title"))
        self.title.setProperty("role", "title")
        self.badge = Badge()
        self.place = ElidedLabel()
        self.place.setProperty("role", "muted")
        self.about = _About(mode=Qt.TextElideMode.ElideRight)
        self.about.setProperty("role", "muted")
        self.pause = QPushButton("Pause")
        self.pause.clicked.connect(self._toggle_pause)
        self.finish = QPushButton("Stop following")
        self.finish.setToolTip("Read what has come until now and complete the run")
        self.finish.clicked.connect(self.finish_requested)
        self.finish.hide()
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancel_requested)
        bind_icon(self.cancel, "cancel")
        self.report = QPushButton("Report…")
        self.report.setToolTip(f"Write pages, tables or plots of this run into a folder ({key_names('Ctrl+E')})")
        self.report.clicked.connect(self.report_requested)
        self.again = QPushButton("Run again")
        self.again.setToolTip(f"Read the same input once more ({key_names('Ctrl+R')})")
        self.again.clicked.connect(self.again_requested)
        self.go_on = QPushButton("Continue")
        self.go_on.setProperty("role", "primary")
        self.go_on.clicked.connect(self.continue_requested)
        self.go_on.hide()
        self._about = ""
        self._buttons = (self.report, self.pause, self.finish, self.cancel, self.again, self.go_on)
        self._lay_out()

    def show_page(self, page: RunPage) -> None:
        """Show name, state and what can be done."""
        self.title.setText(page.title)
        self.badge.set_state(page.state)
        self.place.setText(page.place)
        self._about = page.about
        self._can_resume = page.can_resume
        focused = self._focused_button()
        resuming = page.can_resume
        self._mark_pause(resuming)
        is_ours = not (page.can_run_again or page.is_elsewhere)
        self.pause.setVisible(is_ours)
        self.pause.setEnabled(page.can_pause or page.can_resume)
        self.finish.setVisible(page.can_finish)
        self.cancel.setVisible(is_ours)
        self.cancel.setEnabled(page.can_cancel)
        self.again.setVisible(page.can_run_again)
        self.go_on.setVisible(page.can_continue)
        self.go_on.setToolTip(page.continue_detail)
        self.go_on.setAccessibleDescription(page.continue_detail)
        self._make_room()
        if focused is not None and not focused.isVisibleTo(self):
            self._hand_on_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's call: where there is room for a few letters of the path alone, it stands in the tooltip."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        badge = self.badge.sizeHint().width() + GAP
        about = self.about.fontMetrics().horizontalAdvance(self._about) + 6 * SPACE
        # Pictures alone on buttons that have some, where else too little could be read of what the run is.
        self._name_buttons(in_words=self._room(in_words=True) >= badge + min(about, _LEAST_ABOUT))
        room = self._room(in_words=self._in_words)
        # A name that is long has its line to itself.
        is_above = room >= self.title.sizeHint().width() + badge
        is_wide = room - about - (0 if is_above else badge) >= _LEAST_PLACE
        self.place.setVisible(is_wide)
        self.about.setText(f"·  {self._about}" if is_wide else self._about)
        # Where there is a path, that gives way.
        self.about.setMinimumWidth(self.about.sizeHint().width() if is_wide else 0)
        self.about.set_more("" if is_wide else self.place.text())
        if is_wide:
            self._fit_place(room - self.about.sizeHint().width() - 2 * SPACE - (0 if is_above else badge))
        self._put_badge(above=is_above)

    def _fit_place(self, room: int) -> None:
        """Be as wide as what is left of the path, so that what follows it stands close."""
        metrics = self.place.fontMetrics()
        shown = metrics.elidedText(self.place.text(), Qt.TextElideMode.ElideMiddle, room)
        self.place.setMaximumWidth(metrics.horizontalAdvance(shown) + 1)

    def _room(self, *, in_words: bool) -> int:
        """Points that the buttons leave, with their words or without."""
        room = self.width()
        for button in self._buttons:
            if not button.isHidden():
                room -= button.sizeHint().width() + 2 * SPACE
        if in_words != self._in_words:
            metrics = self.pause.fontMetrics()
            words = [word for button, word in self._words().items() if not button.isHidden()]
            room += (-1 if in_words else 1) * sum(_AFTER_ICON + metrics.horizontalAdvance(word) for word in words)
        return room

    def _words(self) -> dict[QPushButton, str]:
        """What the buttons say that have a picture too."""
        return {self.pause: "Resume" if self._can_resume else "Pause", self.cancel: "Cancel"}

    def _name_buttons(self, *, in_words: bool) -> None:
        self._in_words = in_words
        # Room for the longer word, so that pausing moves nothing.
        self.pause.setMinimumWidth(_PAUSE_WIDTH if in_words else 0)
        keys = {self.pause: "Ctrl+P", self.cancel: "Ctrl+."}
        for button, word in self._words().items():
            button.setText(word if in_words else "")
            button.setAccessibleName(word)
            button.setToolTip(f"{word} ({key_names(keys[button])})")

    def _put_badge(self, *, above: bool) -> None:
        line, other = (self._name, self._origin) if above else (self._origin, self._name)
        if line.indexOf(self.badge) < 0:
            other.removeWidget(self.badge)
            line.insertWidget(1 if above else 0, self.badge)

    def _lay_out(self) -> None:
        self._name_buttons(in_words=True)
        self._mark_pause(resuming=False)
        self._name = name = QHBoxLayout()
        name.setSpacing(GAP)
        name.addWidget(self.title)
        name.addWidget(self.badge)
        name.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(SPACE)
        words.addLayout(name)
        self._origin = origin = QHBoxLayout()
        origin.setSpacing(SPACE * 2)
        origin.addWidget(self.place)
        origin.addWidget(self.about)
        origin.addStretch(1)
        words.addLayout(origin)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE * 2)
        row.addLayout(words, 1)
        for button in self._buttons:
            row.addWidget(button)

    def _mark_pause(self, resuming: bool) -> None:
        name = "resume" if resuming else "pause"
        if self.pause.property("shows") != name:
            self.pause.setProperty("shows", name)
            bind_icon(self.pause, name)

    def _focused_button(self) -> QPushButton | None:
        buttons = (self.pause, self.finish, self.cancel, self.again, self.go_on)
        return next((button for button in buttons if button.hasFocus()), None)

    def _hand_on_focus(self) -> None:
        """Buttons that go must not throw the keyboard's focus to the far end of the window."""
        for button in (self.again, self.pause, self.cancel):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus()
                return

    def _toggle_pause(self) -> None:
        (self.resume_requested if self._can_resume else self.pause_requested).emit()
