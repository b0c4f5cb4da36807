"""On real files, folders and pipes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from engine.special_files import is_special


def test_files_and_folders_are_not(tmp_path: Path) -> None:
    file = tmp_path / "reads.fastq"
    file.touch()
    assert not is_special(file)
    assert not is_special(tmp_path)


@pytest.mark.parametrize("name", ["missing", "file/below", "x" * 300, "zero\0byte"])
def test_what_is_not_there_is_not(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not is_special(tmp_path / name)


def test_the_null_device_is() -> None:
    assert is_special(Path(os.devnull))


if sys.platform != "win32":

    def test_a_pipe_is_by_any_name(tmp_path: Path) -> None:
        pipe, link = tmp_path / "pipe", tmp_path / "link"
        os.mkfifo(pipe)
        link.symlink_to(pipe)
        assert is_special(pipe)
        assert is_special(link)
