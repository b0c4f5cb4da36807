"""Samples of runs in the store: written once each, though every snapshot brings the whole series."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from engine.run.snapshot import Sample
from engine.store.rows import sample_values

if TYPE_CHECKING:
    from sqlite_utils import Database

SAMPLE_COLUMNS = ", ".join(field.name for field in fields(Sample))
"""Columns of table ``samples`` in the order of ``Sample``."""

_INSERT = (
    f"INSERT OR REPLACE INTO samples (run_id, position, {SAMPLE_COLUMNS}) "  # noqa: S608 (names of our own fields)
    f"VALUES (?, ?{', ?' * len(fields(Sample))})"
)


class SampleWriter:
    """Remembers what of each live series the store has, so that only the rest need be written."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[Sample, ...]] = {}

    def write(self, db: Database, run_id: int, samples: tuple[Sample, ...]) -> int:
        """Bring a run's series to ``samples``, inside a transaction of the caller.

        Returns:
            The number of rows written.
        """
        known = self._written.get(run_id, ())
        # Samples are shared by successive snapshots, so this compares addresses. A series that
        # was thinned does not begin with the old one any more and is written anew.
        first = len(known) if samples[: len(known)] == known else 0
        rows = ((run_id, position, *sample_values(samples[position])) for position in range(first, len(samples)))
        db.conn.executemany(_INSERT, rows)
        db.conn.execute("DELETE FROM samples WHERE run_id = ? AND position >= ?", (run_id, len(samples)))
        return len(samples) - first

    def remember(self, run_id: int, samples: tuple[Sample, ...]) -> None:
        """Note that the transaction with this series has been committed."""
        self._written[run_id] = samples

    def forget(self, run_id: int) -> None:
        """Drop a run that ended, or of which nothing is known any more; its series would be written whole."""
        self._written.pop(run_id, None)
