"""What shall be done with the reads that come next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.models.pipelines.choice import FORMATS, RunChoices, dropped_name
from gui.models.pipelines.shelf import ShelfModel
from gui.theme.fonts import font
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.pipeline.elided_combo import ElidedComboBox
from gui.views.plain_label import PlainLabel
from gui.views.widgets.card import Card
from gui.views.widgets.elided_label import ElidedLabel

_QC_ONLY = "QC only"
_QC_NOTE = (
    "Reads are counted and nothing is written, unless their sample or folder uses a pipeline. "
    "Choose one to trim and filter them."
)
_EXAMPLE = Path("reads.fastq.gz")
_FORMAT_WORDS = {"gzip": "gzip", "zstd": "Zstandard", "plain": "not compressed"}


class RunChoiceBar(Card):
    """A pipeline, and how and where its reads are written. What is chosen holds for files that come from then on.

    Attributes:
        pipeline: QC only, or one of the pipelines.
        writes: whether reads are written.
        drops: whether those that are dropped are, too.
        format: how.
        folder: where to.
        note: what that means.
    """

    def __init__(self, choices: RunChoices, shelf: ShelfModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._shelf = shelf
        self.pipeline = _combo("What is done with the reads", 18)
        self.writes = QCheckBox("Write kept reads")
        self.drops = QCheckBox("Write dropped reads, too")
        for box in (self.writes, self.drops):  # where there is little room, names beside them are shortened
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.drops.setToolTip("Into a file of their own, with the reason behind each name")
        self.format = _combo("Format of the files", 12)
        for name in FORMATS:
            self.format.addItem(_FORMAT_WORDS[name], name)
        self.folder = _combo("Where files are written", 14)
        self.note = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.note.setFont(font("note"))
        self.note.setProperty("role", "note")
        self.pipeline.activated.connect(self._choose_pipeline)
        self.writes.clicked.connect(lambda is_on: choices.choose(writes=is_on))
        self.drops.clicked.connect(lambda is_on: choices.choose(drops=is_on))
        self.format.activated.connect(lambda _place: choices.choose(format=self.format.currentData()))
        self.folder.activated.connect(self._choose_folder)
        self._lay_out()
        shelf.modelReset.connect(self._follow)
        choices.changed.connect(self._follow)
        self.setAccessibleName("What is done with the reads")
        self._follow()

    def _follow(self) -> None:
        chosen = self._choices.current
        self.pipeline.clear()
        self.pipeline.addItem(_QC_ONLY, "")
        names = [entry.name for entry in self._shelf.entries if entry.definition.type == "document"]
        # One that is not there, or not yet, is not forgotten for that.
        for name in names if chosen.pipeline in ("", *names) else [chosen.pipeline, *names]:
            self.pipeline.addItem(name, name)
        self.pipeline.setCurrentIndex(self.pipeline.findData(chosen.pipeline))
        self.writes.setChecked(chosen.writes)
        self.drops.setChecked(chosen.drops)
        self.format.setCurrentIndex(self.format.findData(chosen.format))
        self.folder.clear()
        self.folder.addItem("Beside the reads", None)
        if chosen.folder is not None:
            self.folder.addItem(chosen.folder.name or str(chosen.folder), str(chosen.folder))
        self.folder.addItem("Another folder…", "")
        self.folder.setCurrentIndex(0 if chosen.folder is None else 1)
        for part in (self.drops, self.format, self.folder):
            part.setVisible(bool(chosen.pipeline) and chosen.writes)
        self.writes.setVisible(bool(chosen.pipeline))
        self.note.setText(self._words())

    def _words(self) -> str:
        chosen = self._choices.current
        if not chosen.pipeline:
            return _QC_NOTE
        if not chosen.writes:
            return "Reads go through the pipeline and are counted before and after it; nothing is written."
        folder = chosen.folder or Path()
        output = chosen.output_for(folder / _EXAMPLE)
        if output is None:
            return ""
        files = [output, dropped_name(output)] if chosen.drops else [output]
        return f"{_EXAMPLE} → {' and '.join(file.name if chosen.folder is None else str(file) for file in files)}"

    def _choose_pipeline(self, place: int) -> None:
        self._choices.choose(pipeline=str(self.pipeline.itemData(place)))

    def _choose_folder(self, place: int) -> None:
        path = self.folder.itemData(place)
        if path == "":
            dialog = QFileDialog(self, "Where shall the reads be written?", str(self._choices.current.folder or ""))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.fileSelected.connect(lambda name: self._choices.choose(folder=Path(name)))
            dialog.finished.connect(self._follow)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
        else:
            self._choices.choose(folder=None if path is None else Path(path))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(PlainLabel("Next reads", role="strong"))
        for part in (self.pipeline, self.writes, self.format, self.folder):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GAP, PADDING, GAP)
        column.setSpacing(SPACE)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(GAP)
        below.addWidget(self.drops)
        below.addWidget(self.note, 1)
        column.addLayout(below)


def _combo(name: str, letters: int) -> QComboBox:
    made = ElidedComboBox()
    made.setMinimumContentsLength(letters)
    made.setAccessibleName(name)
    return made
