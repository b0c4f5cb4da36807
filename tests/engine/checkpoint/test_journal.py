"""What stages remember, on a real disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.checkpoint.journal import Journal
from engine.errors import CheckpointError


def test_what_counts_is_read_back_and_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "journal-0.lsj"
    journal = Journal(path)
    assert journal.write() == {"length": 0, "crc": 0}
    assert not path.exists()
    journal.add(np.arange(6, dtype=np.uint64).reshape(3, 2))
    first = journal.write()
    journal.add(np.arange(6, 10, dtype=np.uint64))
    journal.add(np.arange(10, 12, dtype=np.uint64))
    second = journal.write()
    assert Journal.of(path, second)[1].tolist() == list(range(12))
    again, words = Journal.of(path, first)
    assert words.tolist() == list(range(6))
    again.add(np.array([77], np.uint64))
    assert Journal.of(path, again.write())[1].tolist() == [*range(6), 77]
    with pytest.raises(CheckpointError, match=r"journal-0\.lsj is damaged"):
        Journal.of(path, second)


def test_what_cannot_be_written_is_written_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "later" / "journal-0.lsj"
    journal = Journal(path)
    journal.add(np.arange(3, dtype=np.uint64))
    with pytest.raises(OSError, match="No such file"):
        journal.write()
    path.parent.mkdir()
    journal.add(np.arange(3, 5, dtype=np.uint64))
    assert Journal.of(path, journal.write())[1].tolist() == list(range(5))


def test_a_journal_cut_short_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "journal-0.lsj"
    journal = Journal(path)
    journal.add(np.arange(9, dtype=np.uint64))
    state = journal.write()
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(CheckpointError):
            Journal.of(path, state)
    path.write_bytes(whole[:-1] + b"?")
    with pytest.raises(CheckpointError):
        Journal.of(path, state)
    for nonsense in (None, {}, {"length": -1, "crc": 0}, {"length": "x", "crc": 0}, {"length": 1 << 40, "crc": 0}):
        with pytest.raises(CheckpointError):
            Journal.of(path, nonsense)
