"""Sequences that make up too many reads."""

from __future__ import annotations

from math import ceil

from PySide6.QtGui import QFontMetricsF

from engine.collectors.results import Overrepresented
from engine.run.snapshot import RunSnapshot
from gui.models.format import plural
from gui.models.plot_modules import module_of
from gui.theme.fonts import font
from gui.views.plots.table_card import TableCard
from gui.views.plots.table_rows import Column

_COLUMNS = (
    Column("Sequence", is_sequence=True, share=3.4),
    Column("Reads", "{:,}", share=0.8),
    Column("%", "{:.2f}", share=0.6),
    Column("Possible source", share=2.6),
)
_LEAST = (84, 52, 46)
_BESIDE_TEXT = 14


class OverrepresentedTable(TableCard):
    """Sequences with more than 0.1 % of the reads: how many, and where they may come from.

    Sequences get the room that sources do not need, until somebody moves the edge of a column.
    """

    def __init__(self) -> None:
        super().__init__("Overrepresented sequences", _COLUMNS, module=module_of("overrepresented"))
        self._result: Overrepresented | None = None
        self._given: list[int] = []
        self._give(*_LEAST)
        self.view.resized.connect(self._share_room)

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        if self._result is None:
            return super()._why_nothing(snapshot)
        return "No sequence makes up more than 0.1 % of the reads"

    def _draw(self) -> bool:
        found = self._result.sequences if self._result is not None else ()
        self.rows.set_rows([[entry.sequence, entry.count, entry.percent, _source(entry.source)] for entry in found])
        self._share_room()
        whole = sum(entry.percent for entry in found)
        self.set_note(f"{plural(len(found), 'sequence')}, {whole:.2f} %" if found else "")
        return bool(found)

    def _share_room(self) -> None:
        if not self.rows.rows or self._widths() != self._given:
            return
        needs = [self._need(number) for number in range(len(_COLUMNS))]
        reads, percent = max(_LEAST[1], needs[1]), max(_LEAST[2], needs[2])
        room = self.view.viewport().width() - reads - percent
        sequence = max(_LEAST[0], min(needs[0], max(room - needs[3], room // 2)))
        self._give(sequence, reads, percent)

    def _give(self, *widths: int) -> None:
        for number, width in enumerate(widths):
            self.view.setColumnWidth(number, width)
        self._given = self._widths()

    def _widths(self) -> list[int]:
        return [self.view.columnWidth(number) for number in range(len(_LEAST))]

    def _need(self, number: int) -> int:
        """Width at which no text of a column is cut, logical pixels."""
        column = self.rows.columns[number]
        metrics = QFontMetricsF(font("mono" if column.is_sequence else "text"))
        widths = (metrics.horizontalAdvance(column.write(row[number])) for row in self.rows.rows)
        return _BESIDE_TEXT + ceil(max(QFontMetricsF(font("note")).horizontalAdvance(column.title), *widths))


def _source(source: str) -> str:
    return "none known" if source == "No Hit" else source
