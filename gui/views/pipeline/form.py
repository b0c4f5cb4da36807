"""Forms made from what can be set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.models.pipelines.draft import Path
from gui.models.pipelines.fields import Field, Kind
from gui.theme.icons import bind_icon
from gui.theme.tokens import GAP, SPACE
from gui.views.pipeline.editors import ChoiceEditor, Editor, FieldRow, LineEditor, SwitchEditor
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card

Fault = tuple[Path, str]
"""Where in the value something is wrong, and what."""


class Form(QWidget):
    """A field below the other.

    Attributes:
        rows: by the key of the field.

    Signals:
        edited: where (a tuple that begins with the field's key), and what stands there now.
    """

    edited = Signal(object, object)

    def __init__(self, fields: Iterable[Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FieldRow | GroupRow | ListRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP + SPACE)
        for field in fields:
            row = row_for(field)
            row.edited.connect(partial(self._pass_on, field.key))
            self.rows[field.key] = row
            column.addWidget(row)

    def show_values(self, values: object, faults: Iterable[Fault] = ()) -> None:
        """Show what is set and what is wrong with it.

        Args:
            values: by key; those that are not there are shown as their defaults.
            faults: whose places begin with a key.
        """
        values = values if isinstance(values, Mapping) else {}
        faults = list(faults)
        for key, row in self.rows.items():
            wanted = row.field.shown_for
            if wanted is not None:
                value = values.get(wanted[0])
                row.setVisible(value == wanted[1] if wanted[1] else bool(value))
            show_in(row, values.get(key), [(path[1:], words) for path, words in faults if path[:1] == (key,)])

    def _pass_on(self, key: str, path: Path, value: object) -> None:
        self.edited.emit((key, *path), value)


class GroupRow(QWidget):
    """Fields that belong together, and stand or fall with the first one; it is alone until set, where it must be."""

    edited = Signal(object, object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.form = Form(field.fields)
        self.form.edited.connect(self._pass_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)

    def show_values(self, values: object, faults: Iterable[Fault]) -> None:
        """Show what is set and what is wrong with it."""
        self.form.show_values(values, faults)
        first, *others = self.form.rows.values()
        for row in others if first.field.is_required else ():
            row.setVisible(bool(values))

    def _pass_on(self, path: Path, value: object) -> None:
        # Without the first, the others would say something that nobody sees.
        is_all = path == (self.field.fields[0].key,) and (value is None or value == "")
        self.edited.emit(() if is_all else path, None if is_all else value)


class ListRow(QWidget):
    """Entries that can be added and taken away.

    Attributes:
        field: what is edited.
        entries: an editor for each entry.
        add: adds one.
    """

    edited = Signal(object, object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.item = field.item or Field("", "")
        self.entries: list[FieldRow | GroupRow | ListRow | Form] = []
        self._cards: list[Card] = []
        self.fault = PlainLabel(role="note", wraps=True)
        self.fault.setProperty("role", "error")
        self.fault.hide()
        own = field.title.removesuffix("s")
        singular = self.item.title or own
        self.add = QPushButton(f"Add {singular.lower()}")
        self.add.setAccessibleName(self.add.text() if singular == own else f"{self.add.text()}: {field.title}")
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(2 * SPACE)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(field.title), 1)
        head.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(head)
        if field.help:
            column.addWidget(PlainLabel(field.help, role="note", muted=True, wraps=True))
        column.addWidget(self.fault)
        column.addLayout(self._list)

    def show_values(self, value: object, faults: Iterable[Fault]) -> None:
        """Show the entries and what is wrong with each."""
        entries = list(value) if isinstance(value, list | tuple) else []
        self._fit(len(entries))
        faults = list(faults)
        own = "; ".join(words for path, words in faults if not path)
        self.fault.setText(own)
        self.fault.setVisible(bool(own))
        for place, (entry, row) in enumerate(zip(entries, self.entries, strict=True)):
            inside = [(path[1:], words) for path, words in faults if path[:1] == (place,)]
            if isinstance(row, Form):
                # A text alone may stand for a group.
                first = next(iter(row.rows), "")
                row.show_values(entry if isinstance(entry, Mapping) else {first: entry}, inside)
            else:
                show_in(row, entry, inside)

    def _fit(self, count: int) -> None:
        while len(self.entries) > count:
            self.entries.pop()
            card = self._cards.pop()
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.entries) < count:
            self._make_entry(len(self.entries))

    def _make_entry(self, place: int) -> None:
        is_group = self.item.kind is Kind.GROUP
        entry = Form(self.item.fields) if is_group else row_for(self.item)
        entry.edited.connect(lambda path, value: self.edited.emit((place, *path), value))
        away = QToolButton()
        bind_icon(away, "delete", "muted")
        away.setAccessibleName(f"Remove {self.field.title.lower()} {place + 1}")
        away.clicked.connect(lambda: self.edited.emit((place,), None))
        card = Card()
        card.fill = "raised"
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GAP, 2 * SPACE, GAP, GAP)
        inside.setSpacing(SPACE)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(f"{place + 1}", role="note", muted=True), 1)
        head.addWidget(away)
        inside.addLayout(head)
        inside.addWidget(entry)
        self._list.addWidget(card)
        self.entries.append(entry)
        self._cards.append(card)

    def _add(self) -> None:
        self.edited.emit((len(self.entries),), self.item.empty())


def row_for(field: Field) -> FieldRow | GroupRow | ListRow:
    """What edits ``field``."""
    match field.kind:
        case Kind.GROUP:
            return GroupRow(field)
        case Kind.LIST:
            return ListRow(field)
        case Kind.SWITCH:
            editor: Editor = SwitchEditor(field)
        case Kind.CHOICE:
            editor = ChoiceEditor(field)
        case _:
            editor = LineEditor(field)
    return FieldRow(field, editor)


def show_in(row: FieldRow | GroupRow | ListRow, value: object, faults: list[Fault]) -> None:
    """Show a value in its row, and what is wrong with it."""
    if isinstance(row, GroupRow | ListRow):
        row.show_values(value, faults)
    else:
        row.show_value(value)
        row.show_faults("; ".join(words for _, words in faults))
