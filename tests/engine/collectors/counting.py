"""What collectors make of reads."""

from __future__ import annotations

from engine.collectors.collector_set import CollectorSet
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import QcResults
from tests.naive_parser import Read
from tests.strategies import batch_of


def results_of(reads: list[Read]) -> QcResults:
    """Results of all modules, of reads that came in one batch."""
    collectors = CollectorSet()
    collectors.add(batch_of(reads))
    return qc_results(collectors)
