"""What can be set for the stage that is worked on, or for the pipeline itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.models.pipelines.builder import Builder
from gui.models.pipelines.draft import Path
from gui.models.pipelines.fields import Field
from gui.models.pipelines.general import PIPELINE_FIELDS, STAGE_FIELDS
from gui.models.pipelines.palette import Palette, StageNote, key_of
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.pipeline.form import Form
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card

_PIPELINE = "The pipeline"
_PIPELINE_HELP = "What holds for all of its stages."
_NOTHING = "Nothing can be set."


class FormPanel(Card):
    """The form of the chosen stage: its own parameters first, then what every stage has.

    Attributes:
        parameters: the form of the stage's parameters; ``None`` for the pipeline itself.
        general: the form of what every stage, or every pipeline, has.
    """

    def __init__(self, builder: Builder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._builder = builder
        self._palette = Palette()
        self.parameters: Form | None = None
        self.general: Form | None = None
        self._shown: tuple[int | None, str] | None = None
        self.heading = PlainLabel(role="heading", wraps=True)
        self.help = PlainLabel(muted=True, wraps=True)
        self.fault = PlainLabel(role="note", wraps=True)
        self.fault.setProperty("role", "error")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, PADDING, 0, SPACE)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        self.setAccessibleName("Settings of the stage")
        builder.changed.connect(self._follow)
        builder.chosen_changed.connect(self._follow)
        self._follow()

    def set_palette(self, palette: Palette) -> None:
        """Know the stages of ``palette``."""
        self._palette = palette
        self._shown = None
        self._follow()

    def _follow(self) -> None:
        builder = self._builder
        stage = builder.draft.stage(builder.chosen)
        wanted = (builder.chosen, "" if stage is None else key_of(stage.type, stage.kind))
        if wanted != self._shown:
            self._shown = wanted
            self._build(None if stage is None else self._palette.note(wanted[1]), wanted[1])
        self._fill()

    def _build(self, note: StageNote | None, kind: str) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(PADDING, 0, PADDING, PADDING)
        column.setSpacing(GAP)
        self.heading = PlainLabel(note.title if note else kind.partition(":")[2] or _PIPELINE, "heading", wraps=True)
        column.addWidget(self.heading)
        self.help = PlainLabel(note.help if note else "" if kind else _PIPELINE_HELP, muted=True, wraps=True)
        self.fault = PlainLabel(role="note", wraps=True)
        self.fault.setProperty("role", "error")
        column.addWidget(self.help)
        column.addWidget(self.fault)
        self.parameters = None
        if kind:
            self.parameters = self._form(note.fields if note else (), ("parameters",))
            nothing = PlainLabel(_NOTHING, role="note", muted=True)
            column.addWidget(self.parameters if self.parameters.rows else nothing)
            column.addWidget(_Line())
        self.general = self._form(STAGE_FIELDS if kind else PIPELINE_FIELDS, ())
        column.addWidget(self.general)
        if note is not None and note.origin:
            column.addWidget(_Line())
            column.addWidget(PlainLabel(note.origin, role="note", muted=True, wraps=True))
        column.addStretch(1)
        self._scroll.setWidget(body)

    def _form(self, fields: tuple[Field, ...], base: Path) -> Form:
        form = Form(fields)
        form.edited.connect(lambda path, value: self._builder.set(self._builder.chosen, (*base, *path), value))
        return form

    def _fill(self) -> None:
        builder, key = self._builder, self._builder.chosen
        faults = [(trouble.path, trouble.words) for trouble in builder.troubles_of(key)]
        known: set[str] = set()
        if self.parameters is not None:
            inside = [(path[1:], words) for path, words in faults if path[:1] == ("parameters",)]
            self.parameters.show_values(builder.value(key, ("parameters",)), inside)
            known = {f"parameters.{name}" for name in self.parameters.rows}
        if self.general is not None:
            self.general.show_values(builder.value(key, ()), faults)
            known |= set(self.general.rows)
        # What no field can show is told above them all.
        others = [
            f"{'.'.join(map(str, path))} {words}".strip()
            for path, words in faults
            if not path or (".".join(map(str, path[:2])) not in known and str(path[0]) not in known)
        ]
        self.fault.setText("\n".join(others))
        self.fault.setVisible(bool(others))


class _Line(QFrame):
    """A line between what belongs to the stage and what every stage has."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)
        self.setProperty("role", "line")
