from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.batch import ReadBatch
from engine.collectors import key_ledger
from engine.collectors.key_ledger import MOST_WAITING, KeyLedger
from engine.collectors.key_table import KeyedReads
from engine.collectors.lengths import LengthCounts
from engine.run.state import RunState
from tests.engine.run.conftest import MakeRun


def test_no_worker_waits_for_one_that_has_failed(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first batch's worker fails when all batches that may wait for it do, and one more wants to."""
    path = tmp_path / "reads.fastq"
    path.write_bytes(b"".join(b"@read%d\nACGTACGTAC\n+\nIIIIIIIIII\n" % number for number in range(4 * MOST_WAITING)))
    offers, all_wait = [], threading.Event()
    offer, count = KeyLedger.offer, LengthCounts.add

    def offer_noticed(ledger: KeyLedger, number: int, reads: KeyedReads) -> bool:
        offers.append(number)
        if len(offers) > MOST_WAITING:
            all_wait.set()
        return offer(ledger, number, reads)

    def count_but_the_first(lengths: LengthCounts, batch: ReadBatch) -> None:
        if batch.number == 0:
            assert all_wait.wait(30)
            raise ArithmeticError("a defect")
        count(lengths, batch)

    # Who waited for the first batch would do so for ever.
    monkeypatch.setattr(key_ledger, "_PATIENCE", 3600.0)
    monkeypatch.setattr(KeyLedger, "offer", offer_noticed)
    monkeypatch.setattr(LengthCounts, "add", count_but_the_first)
    end = make_run(path, workers=2, batch_bytes=64).execute()
    assert end.state is RunState.FAILED
    assert end.failure is not None
    assert "a defect" in end.failure.message
