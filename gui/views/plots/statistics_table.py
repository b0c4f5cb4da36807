"""Lengths, qualities, duplicates and pairs of a run in a few numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from engine.collectors.results import QcResults
from gui.models.plot_modules import BEYOND
from gui.models.run_statistics import Statistic, statistics
from gui.views.plots.picture import Cell
from gui.views.plots.table_card import TableCard
from gui.views.plots.table_rows import Column


class _Number(Column):
    """Whole numbers as such, others with two decimals."""

    def write(self, value: Cell) -> str:
        """``value`` as text."""
        return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


_COLUMNS = (Column("Measure", share=2.4), _Number("Value"), Column("Unit", share=0.8))


class StatisticsTable(TableCard):
    """N50 and N90, shares above Q20 and Q30, means of quality, duplicates, and what the overlap of mates tells."""

    def __init__(self) -> None:
        module = BEYOND["statistics"]
        super().__init__(module.title, _COLUMNS, module=module)
        for number, width in enumerate((160, 68)):
            self.view.setColumnWidth(number, width)
        self._result: list[Statistic] = []

    def is_wanted(self, results: QcResults) -> bool:
        """Only where more was measured than FastQC does."""
        return results.length_statistics is not None or results.error_quality is not None

    def make_menu(self) -> QMenu:
        """What a right click opens; there is no sequence to copy."""
        menu = super().make_menu()
        menu.removeAction(menu.actions()[0])
        return menu

    def _part(self, results: QcResults) -> list[Statistic]:
        return statistics(results)

    def _draw(self) -> bool:
        self.rows.set_rows([list(row) for row in self._result])
        self.set_note("over all reads")
        return bool(self._result)
