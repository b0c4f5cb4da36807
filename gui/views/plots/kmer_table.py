"""Words of seven bases that favour a place in the read."""

from __future__ import annotations

from engine.collectors.results import KmerContent, QcResults
from engine.run.snapshot import RunSnapshot
from gui.models.format import plural
from gui.models.plot_modules import module_of
from gui.views.plots.table_card import TableCard
from gui.views.plots.table_rows import Column

_COLUMNS = (
    Column("Sequence", is_sequence=True),
    Column("Count", "{:,}"),
    Column("P-value", "{:.2g}"),
    Column("Enriched", "{:.1f} \N{MULTIPLICATION SIGN}"),
    Column("From (bp)", "{:,}"),
    Column("To (bp)", "{:,}"),
)


class KmerTable(TableCard):
    """The most enriched k-mers, how much more frequent they are where they peak, and where that is."""

    def __init__(self) -> None:
        super().__init__("Kmer Content", _COLUMNS, module=module_of("kmers"))
        for number in range(len(_COLUMNS) - 1):
            self.view.setColumnWidth(number, 72)
        self._result: KmerContent | None = None

    def is_wanted(self, results: QcResults) -> bool:
        """Only where k-mers were counted, as few want."""
        return results.kmers is not None

    def _why_nothing(self, snapshot: RunSnapshot) -> str:
        if self._result is None:
            return super()._why_nothing(snapshot)
        return "No k-mer favours a place in the read"

    def _draw(self) -> bool:
        found = self._result.kmers if self._result is not None else ()
        self.rows.set_rows(
            [[entry.sequence, entry.count, entry.p_value, entry.enrichment, entry.start, entry.end] for entry in found]
        )
        self.set_note(plural(len(found), "k-mer") if found else "")
        return bool(found)
