"""Files that can grow no more, as on a disk that is full: what was safe before stays so, and it is tried again."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.journal import Journal
from engine.errors import CheckpointError

if sys.platform == "win32":
    pytest.skip("there are no such limits", allow_module_level=True)

import resource

NOISE = np.random.default_rng(1).integers(0, 1 << 63, 4096, dtype=np.uint64)
"""Which cannot be packed."""


@contextlib.contextmanager
def no_file_above(size: int) -> Generator[None]:
    """While it lasts, the system refuses to write beyond so many bytes of any file."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.mark.parametrize("room", [0, 1, 100, 4096, 30_000])
def test_a_checkpoint_that_finds_no_room_leaves_those_before(tmp_path: Path, room: int) -> None:
    folder = CheckpointFolder(tmp_path / "run")
    folder.write({"batch": 1})
    with no_file_above(room), pytest.raises(CheckpointError, match=r"No checkpoint can be written.*file too large"):
        folder.write({"batch": 2, "table": NOISE})
    newest = folder.newest()
    assert newest is not None
    assert newest[1] == {"batch": 1}
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["checkpoint-000001.lsc"]
    assert folder.write({"batch": 3}).number == 2


@pytest.mark.parametrize("room", [0, 800, 4096])
def test_a_journal_that_finds_no_room_goes_on_later_and_older_checkpoints_still_count(
    tmp_path: Path, room: int
) -> None:
    path = tmp_path / "journal-0.lsj"
    journal = Journal(path)
    journal.add(NOISE[:100])
    before = journal.write()
    journal.add(NOISE[100:2000])
    with no_file_above(room), pytest.raises(OSError, match="File too large"):
        journal.write()
    assert (Journal.of(path, before)[1] == NOISE[:100]).all()
    journal.add(NOISE[2000:])
    assert (Journal.of(path, journal.write())[1] == NOISE).all()
    assert (Journal.of(path, before)[1] == NOISE[:100]).all()
