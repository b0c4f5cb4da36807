"""Choosing files, folders and samples."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

_FORMATS = ("fastq", "fq")
_COMPRESSIONS = ("", ".gz", ".bgz", ".bgzf", ".bz2", ".xz", ".zst", ".zstd")
_PATTERNS = (*(f"*.{name}{packed}" for name in _FORMATS for packed in _COMPRESSIONS), "*.bam", "*.ubam", "*.sam")
_FILTERS = (f"Reads ({' '.join(_PATTERNS)})", "All files (*)")


class Choosing(QObject):
    """File dialogs that leave the event loop running.

    Signals:
        chosen: paths (a list) that the user chose.
        follow_chosen: the file or folder (a path) that shall be read while it grows.
        samples_chosen: paths (a list) of the reads that come with Lanescope.
    """

    chosen = Signal(list)
    follow_chosen = Signal(object)
    samples_chosen = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._folder = ""

    def files(self) -> None:
        """Ask for files."""
        dialog = QFileDialog(self._window, "Open FASTQ files", self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(_FILTERS)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # two dozen endings would not fit
        self._ask(dialog)

    def folder(self) -> None:
        """Ask for a folder."""
        dialog = QFileDialog(self._window, "Open a folder of FASTQ files", self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(dialog)

    def folder_to_follow(self) -> None:
        """Ask for a folder that fills."""
        dialog = QFileDialog(self._window, "Follow a folder that fills", self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask_to_follow(dialog)

    def file_to_follow(self) -> None:
        """Ask for a file that grows."""
        dialog = QFileDialog(self._window, "Follow a file that grows", self._folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(_FILTERS)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        self._ask_to_follow(dialog)

    def samples(self) -> None:
        """Take the reads that come with Lanescope."""
        self.samples_chosen.emit([Path(str(files("resources").joinpath("samples")))])

    def _ask_to_follow(self, dialog: QFileDialog) -> None:
        dialog.fileSelected.connect(lambda name: self.follow_chosen.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, names: list[str]) -> None:
        paths = [Path(name) for name in names]
        if paths:
            self._folder = str(paths[0].parent)
            self.chosen.emit(paths)
