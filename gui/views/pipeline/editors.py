"""One value at a time: how numbers, switches, choices and texts are edited."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.models.pipelines.fields import Field, Kind
from gui.theme.tokens import SPACE
from gui.views.plain_label import PlainLabel

_NUMBER_WIDTH = 96


class Editor(QWidget):
    """Shows a value and tells what the user makes of it.

    Attributes:
        field: what is edited.

    Signals:
        edited: where in the value (a tuple, empty for all of it), and what stands there now; ``None`` is the default.
    """

    edited = Signal(object, object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field

    def show_value(self, value: object) -> None:
        """Show ``value``; ``None`` shows the default."""
        raise NotImplementedError

    def _say(self, value: object) -> None:
        """Tell a new value; the default is told as nothing, so that definitions hold only what was set."""
        self.edited.emit((), None if value == self.field.default and not self.field.is_required else value)


class LineEditor(Editor):
    """A line of text, or a number with its unit; Up and Down step through whole numbers."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.line.setAccessibleName(field.title)
        self.line.setAccessibleDescription(" ".join(part for part in (field.help, field.unit, field.hint) if part))
        self.line.textEdited.connect(lambda text: self._say(self._value(text)))
        self._is_number = field.kind in {Kind.WHOLE, Kind.NUMBER}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.line)
        if self._is_number:
            self.line.setFixedWidth(_NUMBER_WIDTH)
            note = " · ".join(part for part in (field.unit, field.hint) if part)
            row.addWidget(PlainLabel(note, role="note", muted=True))
            row.addStretch(1)

    def show_value(self, value: object) -> None:
        """Show ``value``, unless that is what already stands there in other letters, such as 0.50."""
        value = self.field.default if value is None else value
        text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        if self._value(self.line.text()) != value or (not self.line.hasFocus() and self.line.text() != text):
            self.line.setText(text)
            if not self.line.hasFocus():
                self.line.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's call: step."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        value = self._value(self.line.text())
        if step is None or self.field.kind is not Kind.WHOLE or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif isinstance(value, int):
            stepped = value + step
            if (self.field.least is None or stepped >= self.field.least) and (
                self.field.most is None or stepped <= self.field.most
            ):
                self.line.setText(str(stepped))
                self._say(stepped)

    def _value(self, text: str) -> object:
        """What a text means; one that is no number stays a text, and the check says so."""
        if not self._is_number:
            return text or (None if self.field.is_optional else text)
        text = text.strip()
        if not text and self.field.is_optional:
            return None
        for number in (int, float):
            try:
                value = number(text)
            except ValueError:
                continue
            # Neither belongs into a file, and "nan" would never be equal to itself.
            return value if value - value == 0 else text
        return text


class SwitchEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QCheckBox(field.title.replace("&", "&&"))
        self.box.setAccessibleDescription(field.help)
        self.box.clicked.connect(self._say)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)

    def show_value(self, value: object) -> None:
        """Show ``value``."""
        self.box.setChecked(bool(self.field.default if value is None else value))


class ChoiceEditor(Editor):
    """One of some."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = CalmComboBox()
        self.box.setAccessibleName(field.title)
        self.box.setAccessibleDescription(field.help)
        self._choices: list[str | None] = [None, *field.choices] if field.is_optional else list(field.choices)
        words = list(field.words or field.choices)
        self.box.addItems([field.empty_word, *words] if field.is_optional else words)
        self.box.activated.connect(lambda place: self._say(self._choices[place]))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)

    def show_value(self, value: object) -> None:
        """Show ``value``; nothing is chosen where it is none of the choices."""
        value = self.field.default if value is None else value
        self.box.setCurrentIndex(self._choices.index(value) if value is None or value in self._choices else -1)


class CalmComboBox(QComboBox):
    """A combo box that a wheel meant for the page does not change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt's call: let the page scroll."""
        event.ignore()


class FieldRow(QWidget):
    """Title, editor, help, and what is wrong.

    Attributes:
        field: what is edited.
        editor: with what.
        fault: what is wrong, where something is.

    Signals:
        edited: as :class:`Editor` tells it.
    """

    edited = Signal(object, object)

    def __init__(self, field: Field, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = editor
        self.editor.edited.connect(self.edited)
        self.fault = PlainLabel(role="note", wraps=True)
        self.fault.setProperty("role", "error")
        self.fault.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        if field.kind is not Kind.SWITCH and field.title:
            column.addWidget(PlainLabel(field.title))
        column.addWidget(editor)
        column.addWidget(self.fault)
        if field.help:
            column.addWidget(PlainLabel(field.help, role="note", muted=True, wraps=True))

    def show_value(self, value: object) -> None:
        """Show ``value``."""
        self.editor.show_value(value)

    def show_faults(self, words: str) -> None:
        """Tell what is wrong; an empty text where nothing is."""
        if words != self.fault.text():
            self.fault.setText(words)
            self.fault.setVisible(bool(words))
            self.editor.setAccessibleDescription(words)
