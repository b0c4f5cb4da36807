"""A lock that the system keeps: one at a time, and free again when its holder is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.file_lock import FileLock
from tests.conftest import REPOSITORY
from tests.open_files import no_file_left_open

__all__ = ["no_file_left_open"]

_HOLDER = """
import sys
from pathlib import Path
from engine.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.readline()
"""


def _is_taken(path: Path) -> bool:
    return FileLock(path).is_taken


def test_one_has_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = FileLock(path), FileLock(path)
    assert not _is_taken(path)
    assert first.take()
    assert _is_taken(path)
    assert not second.take()
    second.release()
    assert _is_taken(path)
    first.release()
    first.release()
    assert not _is_taken(path)
    assert second.take()
    second.release()


def test_it_is_free_when_the_process_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FileLock(path)
        assert not lock.take()
        holder.kill()
        holder.wait()
        assert lock.take()
        lock.release()


def test_a_lock_without_a_folder_is_told(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "gone" / "lock")
    assert not lock.is_taken
    with pytest.raises(FileNotFoundError):
        lock.take()
