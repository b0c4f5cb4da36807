"""What has to outlast a power failure has been brought to the disk by the time that anything counts on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.journal import Journal
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from engine.whole_file import write_whole
from tests.engine.sink.test_ordered import batches_of, numbered_reads
from tests.strategies import four_lines

Settled = list[tuple[int, int]]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> Settled:
    """Inode and size, in bytes, of each file or folder when it was brought to the disk."""
    found: Settled = []
    sync: Callable[[int], None] = os.fsync

    def watched(descriptor: int) -> None:
        status = os.fstat(descriptor)
        found.append((status.st_ino, status.st_size))
        sync(descriptor)

    monkeypatch.setattr("os.fsync", watched)
    return found


def as_it_is(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_size


def test_whole_files_before_their_names(settled: Settled, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    write_whole(path, b"passing", durable=False)
    assert settled == []
    write_whole(path, b"content")
    assert settled == [as_it_is(path)]
    settled.clear()
    write_whole(path, b"more of it", settled=True)
    assert [inode for inode, _ in settled] == [path.stat().st_ino, tmp_path.stat().st_ino]
    assert settled[0] == as_it_is(path)


def test_checkpoints_and_what_stages_remember(settled: Settled, tmp_path: Path) -> None:
    checkpoint = CheckpointFolder(tmp_path).write({"batch": 1, "table": np.arange(9)}).path
    assert [inode for inode, _ in settled] == [checkpoint.stat().st_ino, tmp_path.stat().st_ino]
    settled.clear()
    path = tmp_path / "journal-0.lsj"
    journal = Journal(path)
    for words in (3, 5):
        journal.add(np.arange(words, dtype=np.uint64))
        journal.write()
        assert settled.pop() == as_it_is(path)


def test_outputs_at_their_end_and_where_a_checkpoint_counts_on_them(settled: Settled, tmp_path: Path) -> None:
    batches = batches_of(b"".join(map(four_lines, numbered_reads(100))), 700)
    sink = OrderedSink(OutputPlan(tmp_path / "out.fastq", split_reads=40))
    for batch in batches:
        sink.write(batch)
    sink.mark(len(batches))
    state = sink.state_at_mark()
    assert state is not None
    settled.clear()
    state.settled()
    assert settled == [as_it_is(file.place) for file in state.files()]
    paths = [file.path for file in sink.finish()]
    assert len(paths) == 3
    assert settled[-1] == as_it_is(paths[-1])
