"""The limits of a profile, module by module."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QWidget

from engine.collectors.profiles import Profile, ProfileError
from gui.models.profile_bench import ProfileBench
from gui.models.profile_fields import JudgementField, LimitField, ModuleFields, profile_fields
from gui.theme.fonts import font
from gui.theme.tokens import GAP, SPACE
from gui.views.dressing import dress
from gui.views.pipeline.editors import CalmComboBox
from gui.views.plain_label import PlainLabel

_Place = tuple[str, ...]
_SPIN_WIDTH = 134
_BESIDE_LIMIT = 8
_BELOW_TITLE = 27
_JUDGEMENTS = {"pass": "Passes", "warn": "Warns", "fail": "Fails"}
_SIDES = ("warn", "fail")


class LimitBox(QDoubleSpinBox):
    """A limit with its unit. The wheel scrolls the page past it and changes nothing."""

    def __init__(self, field: LimitField) -> None:
        super().__init__()
        self.setDecimals(field.decimals)
        self.setRange(0.0, field.most)
        self.setSuffix(f" {field.unit}" if field.unit else "")
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_SPIN_WIDTH)
        self.lineEdit().setTextMargins(6, 0, 0, 0)

    def textFromValue(self, value: float) -> str:
        """Qt's call: no zeros behind the last digit."""
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".") if self.decimals() else f"{value:.0f}"

    def lock(self, is_locked: bool) -> None:
        """Let the limit be read and not changed."""
        self.setReadOnly(is_locked)
        _lock(self, is_locked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's call: let the page scroll."""
        event.ignore()


class ProfileForm(QWidget):
    """Every limit of the profile that is looked at. What is set holds at once; what makes no sense is told and waits.

    Attributes:
        shown: by module, whether it is judged at all.
        limits: by place in the profile, the boxes.
        judgements: by place in the profile, the choices.

    Signals:
        told: what is wrong with what was set last; empty when all is well.
    """

    told = Signal(str)

    def __init__(self, bench: ProfileBench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._pending: dict[_Place, object] = {}
        self._names: dict[_Place, str] = {}
        self.shown: dict[str, QCheckBox] = {}
        self.limits: dict[_Place, LimitBox] = {}
        self.judgements: dict[_Place, CalmComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, SPACE * 2, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(SPACE)
        self._grid.setColumnStretch(0, 1)
        for column, words in enumerate(("Warns", "Fails"), 1):
            head = PlainLabel(words, role="note", muted=True)
            head.setIndent(_BESIDE_LIMIT)
            self._grid.addWidget(head, 0, column)
        for fields in profile_fields():
            self._add(fields)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        bench.moved.connect(self.show_profile)
        self.show_profile()

    def show_profile(self) -> None:
        """Show the profile that is looked at as it is kept."""
        self._pending.clear()
        self._follow(self._bench.profile)
        self.told.emit("")

    def _follow(self, profile: Profile) -> None:
        is_own = self._bench.is_own
        for key, box in self.shown.items():
            box.setChecked(getattr(profile, key).shown)
            _lock(box, not is_own)
        for place, limit in self.limits.items():
            if place not in self._pending:
                limit.blockSignals(True)
                limit.setValue(getattr(getattr(getattr(profile, place[0]), place[1]), place[2]))
                limit.blockSignals(False)
            limit.lock(not is_own)
            limit.setEnabled(self.shown[place[0]].isChecked())
        for place, choice in self.judgements.items():
            choice.setCurrentIndex(choice.findData(getattr(getattr(profile, place[0]), place[1])))
            _lock(choice, not is_own)
            choice.setEnabled(self.shown[place[0]].isChecked())

    def _add(self, fields: ModuleFields) -> None:
        module = fields.module
        box = QCheckBox(module.title)
        box.setFont(font("strong"))
        box.setToolTip("Show and judge this module")
        box.clicked.connect(lambda is_on: self._set((module.key, "shown"), is_on))
        self.shown[module.key] = box
        row = self._grid.rowCount()
        self._grid.setRowMinimumHeight(row, 2 * SPACE if row > 1 else 0)
        self._grid.addWidget(box, row + 1, 0, 1, 3)
        for limit in fields.limits:
            self._add_limit(module.key, module.title, limit)
        for judgement in fields.judgements:
            self._add_judgement(module.key, module.title, judgement)

    def _add_limit(self, key: str, title: str, field: LimitField) -> None:
        row = self._grid.rowCount()
        self._names[key, field.key] = f"{title}, {field.words[0].lower()}{field.words[1:]}"
        self._grid.addWidget(_words(f"{field.words}, {field.side}"), row, 0)
        for column, side in enumerate(_SIDES, 1):
            box = LimitBox(field)
            place = (key, field.key, side)
            box.setAccessibleName(f"{title}: {field.words}: {side}s {field.side}")
            box.valueChanged.connect(partial(self._set, place))
            self.limits[place] = box
            self._grid.addWidget(box, row, column)

    def _add_judgement(self, key: str, title: str, field: JudgementField) -> None:
        row = self._grid.rowCount()
        choice = CalmComboBox()
        choice.setFixedWidth(_SPIN_WIDTH)
        choice.setAccessibleName(f"{title}: {field.words}")
        for value, words in _JUDGEMENTS.items():
            choice.addItem(words, value)
        choice.activated.connect(lambda _place: self._set((key, field.key), choice.currentData()))
        self.judgements[key, field.key] = choice
        self._grid.addWidget(_words(field.words), row, 0)
        self._grid.addWidget(choice, row, 1)

    def _set(self, place: _Place, value: object) -> None:
        """Keep a value; with its partner where that waits, for both limits of a pair may have to move."""
        self._pending[place] = value
        together = {other: waiting for other, waiting in self._pending.items() if other[:2] == place[:2]}
        try:
            self._bench.set_values(together)
        except ProfileError as error:
            self.told.emit(f"{self._names.get(place[:2], self._bench.profile.title)}: {str(error).rsplit(': ', 1)[-1]}")
            return
        for other in together:
            self._pending.pop(other, None)
        self._follow(self._bench.profile)
        self.told.emit("")


def _lock(widget: QWidget, is_locked: bool) -> None:
    """Let a box be read and not changed; faint, as boxes are that are off, it would be hard to read."""
    widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, is_locked)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_locked else Qt.FocusPolicy.StrongFocus)
    if widget.property("locked") != is_locked:
        dress(widget, "locked", is_locked)


def _words(text: str) -> PlainLabel:
    label = PlainLabel(text, muted=True)
    label.setIndent(_BELOW_TITLE)
    return label
