"""One stream at a time has the checkpoints of an identity, whatever becomes of its process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import CheckpointError
from engine.stream.claim import Claim
from tests.conftest import REPOSITORY

_HOLDER = """
import sys
from pathlib import Path
from engine.stream.claim import Claim
Claim(Path(sys.argv[1]), "lane 1").take()
print(flush=True)
sys.stdin.readline()
"""


def test_one_has_it_until_it_lets_go(tmp_path: Path) -> None:
    first, second = (Claim(tmp_path / "of" / "lane.owner", "lane 1") for _ in range(2))
    first.take()
    for claim in (second, first):
        with pytest.raises(CheckpointError, match="lane 1 is being worked on already"):
            claim.take()
    second.release()  # which has nothing to let go of
    with pytest.raises(CheckpointError):
        second.take()
    first.release()
    second.take()
    second.release()
    assert not (tmp_path / "of" / "lane.owner").exists()


def test_what_another_process_has_is_free_when_that_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "lane.owner"
    claim = Claim(path, "lane 1")
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"\n"
        with pytest.raises(CheckpointError):
            claim.take()
        holder.kill()
        holder.wait()
    assert path.exists()
    claim.take()
    claim.release()


def test_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CheckpointError, match="No checkpoint can be kept in"):
        Claim(tmp_path / "file" / "lane.owner", "lane 1").take()
