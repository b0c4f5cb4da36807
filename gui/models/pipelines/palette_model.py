"""The palette as a list: groups, and the stages in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt

from gui.models.entry_list import EntryListModel, Index
from gui.models.pipelines.chain_model import KIND_MIME
from gui.models.pipelines.palette import Palette, StageNote

NOTE_ROLE = Qt.ItemDataRole.UserRole + 1


class PaletteModel(EntryListModel):
    """Lines of :class:`StageNote` under ``NOTE_ROLE``; where it has none the line is the title of a group."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._palette = Palette()
        self._searched = ""
        self._type = "document"
        self._entries: list[str | StageNote] = []

    def _said(self, row: int) -> dict[int, object]:
        line = self._entries[row]
        if isinstance(line, str):
            return {Qt.ItemDataRole.DisplayRole: line}
        return {
            Qt.ItemDataRole.DisplayRole: line.title,
            Qt.ItemDataRole.AccessibleTextRole: f"{line.title}. {line.help}",
            Qt.ItemDataRole.ToolTipRole: f"{line.help}\n\n{line.origin}".rstrip(),
            NOTE_ROLE: line,
        }

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt's call: stages can be dragged; titles of groups are only read."""
        if index.isValid() and isinstance(self._entries[index.row()], StageNote):
            return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        return Qt.ItemFlag.ItemIsEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """Qt's call: what is dragged from here."""
        return [KIND_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Qt's call: the kind that is dragged."""
        data = QMimeData()
        for index in indexes:
            line = self._entries[index.row()]
            if isinstance(line, StageNote):
                data.setData(KIND_MIME, line.key.encode())
        return data

    def set_palette(self, palette: Palette) -> None:
        """Show the kinds of ``palette``."""
        self._palette = palette
        self._fill()

    def set_type(self, pipeline_type: str) -> None:
        """Show what can be a stage of pipelines of this type."""
        if pipeline_type != self._type:
            self._type = pipeline_type
            self._fill()

    def search(self, text: str) -> None:
        """Show only what has all words of ``text``."""
        self._searched = text
        self._fill()

    def note(self, row: int) -> StageNote | None:
        """The stage in a row, ``None`` for the title of a group."""
        line = self._entries[row] if 0 <= row < len(self._entries) else None
        return line if isinstance(line, StageNote) else None

    def row_of(self, name: str) -> int:
        """Where the first stage of this name stands, -1 if it does not."""
        lines = enumerate(self._entries)
        return next((row for row, line in lines if isinstance(line, StageNote) and line.name == name), -1)

    def _fill(self) -> None:
        self.beginResetModel()
        self._entries = []
        for title, notes in self._palette.groups(self._searched, self._type):
            self._entries += [title, *notes]
        self.endResetModel()
