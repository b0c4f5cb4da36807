"""Sequences that make up too many reads."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.collectors.results import Overrepresented, QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.format import plural
from gui.models.plot_modules import module_of
from gui.views.plots.table_card import TableCard
from gui.views.plots.table_rows import Column

_COLUMNS = (
    Column("Sequence", is_sequence=True, share=3.4),
    Column("Reads", "{:,}", share=0.8),
    Column("%", "{:.2f}", share=0.6),
    Column("Possible source", share=2.6),
)


class OverrepresentedTable(TableCard):
    """Sequences with more than 0.1 % of the reads: how many, and where they may come from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Overrepresented sequences", _COLUMNS, module=module_of("overrepresented"), parent=parent)
        for number, width in enumerate((118, 52, 46)):
            self.view.setColumnWidth(number, width)
        self._result: Overrepresented | None = None

    def _part(self, results: QcResults) -> Overrepresented | None:
        return results.overrepresented

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        if self._result is None:
            return super()._why_nothing(snapshot)
        return "No sequence makes up more than 0.1 % of the reads"

    def _draw(self) -> bool:
        found = self._result.sequences if self._result is not None else ()
        self.rows.set_rows([[entry.sequence, entry.count, entry.percent, _source(entry.source)] for entry in found])
        whole = sum(entry.percent for entry in found)
        self.set_note(f"{plural(len(found), 'sequence')}, {whole:.2f} %" if found else "")
        return bool(found)


def _source(source: str) -> str:
    return "none known" if source == "No Hit" else source
