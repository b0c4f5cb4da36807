"""A pipeline from a command of another program."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from engine.pipeline.definition import PipelineDefinition
from gui.models.pipelines.command_reading import read_command
from gui.theme.tokens import GAP, PADDING, SPACE
from gui.views.plain_label import PlainLabel

_SIZE = (640, 360)
_ASKED = "Paste a command of cutadapt or fastp. Each of its steps becomes a stage; files in it are left alone."
_EXAMPLE = "cutadapt -a AGATCGGAAGAGC -q 20 -m 25 -o out.fastq.gz in.fastq.gz"


class CommandDialog(QDialog):
    """Takes a command, tells what it comes to while it is typed, and makes it a pipeline.

    Attributes:
        command: where it is written.
        told: what it comes to, or why it cannot be translated.
        make: makes the pipeline.

    Signals:
        wanted: a ``PipelineDefinition`` that shall be put on the table.
    """

    wanted = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._made: PipelineDefinition | None = None
        self.setWindowTitle("Pipeline from a command")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.command = QPlainTextEdit()
        self.command.setPlaceholderText(_EXAMPLE)
        self.command.setAccessibleName("Command")
        self.command.setAccessibleDescription(_ASKED)
        self.command.setTabChangesFocus(True)
        self.command.textChanged.connect(self._read)
        self.told = PlainLabel(role="note", wraps=True)
        self.make = QPushButton("Make a pipeline")
        self.make.setProperty("role", "primary")
        self.make.setDefault(True)
        self.make.setEnabled(False)
        self.make.clicked.connect(self._take)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.make)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GAP)
        column.addWidget(PlainLabel(_ASKED, wraps=True))
        column.addWidget(self.command, 1)
        column.addWidget(self.told)
        column.addSpacing(SPACE)
        column.addLayout(foot)

    def _read(self) -> None:
        reading = read_command(self.command.toPlainText(), self._name)
        self._made = reading.pipeline
        self.told.setProperty("role", "error" if reading.is_wrong else "note")
        self.told.style().polish(self.told)
        self.told.setText(reading.words)
        self.make.setEnabled(self._made is not None)

    def _take(self) -> None:
        if self._made is not None:
            self.wanted.emit(self._made)
            self.accept()
