"""Which runs of a database have something to go on from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from engine.checkpoint.beside import checkpoints_beside, reads_counted, runs_with_checkpoints, safe_reads
from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.state import State


def test_runs_with_checkpoints_are_told_by_their_folders(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    root = checkpoints_beside(database)
    assert runs_with_checkpoints(database) == frozenset()
    for key in ("3", "12", "copy of 3"):
        CheckpointFolder(root / key).write({"progress": [5, 500, 2], "table": np.arange(4)})
    (root / "4").mkdir()
    (root / "notes").mkdir()
    (root / "5").write_text("no folder")
    assert runs_with_checkpoints(database) == {3, 12}


def test_reads_of_the_newest_whole_checkpoint_are_safe(tmp_path: Path) -> None:
    database = tmp_path / "runs.sqlite"
    folder = CheckpointFolder(checkpoints_beside(database) / "1")
    assert safe_reads(database, 1) is None
    folder.write({"progress": [1_000, 90_000, 1]})
    newer = folder.write({"progress": [2_000, 180_000, 2]}).path
    assert safe_reads(database, 1) == 2_000
    newer.write_bytes(b"cut short")
    assert safe_reads(database, 1) == 1_000
    folder.checkpoints()[1].path.unlink()
    assert safe_reads(database, 1) is None


def test_a_checkpoint_that_does_not_tell_counts_no_reads() -> None:
    states: list[State] = [{}, {"progress": []}, {"progress": ["many"]}]
    assert [reads_counted(state) for state in states] == [0, 0, 0]


def test_finding_them_loads_nothing_slow() -> None:
    code = "import sys, engine.checkpoint.beside; print(bool({'numpy', 'numba', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
