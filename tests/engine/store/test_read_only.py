"""A file or folder that cannot be written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from engine.store.errors import StoreError, StoreReadOnlyError
from engine.store.store import Store

Unprivileged = Callable[[], AbstractContextManager[None]]


def test_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreReadOnlyError, match="file") as caught:
        Store.open(tmp_path / "file" / "lanescope.sqlite")
    assert caught.value.hint


def test_the_database_is_a_folder(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreReadOnlyError):
        Store.open(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_the_database_is_a_pipe_or_a_device(path: Path) -> None:
    os.mkfifo(path)
    for odd in (path, Path(os.devnull)):
        with pytest.raises(StoreError, match="is no file"):
            Store.open(odd)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a" / "b" / "lanescope.sqlite") as store:
        assert store.list_runs() == []


def test_the_file_may_only_be_read(open_folder: Path, unprivileged: Unprivileged) -> None:
    path = open_folder / "lanescope.sqlite"
    Store.open(path).close()
    path.chmod(0o444)
    before = path.read_bytes()
    with unprivileged(), pytest.raises(StoreReadOnlyError) as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    path.chmod(0o644)
    Store.open(path).close()


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: folders have no permission bits")
def test_the_folder_may_only_be_read(open_folder: Path, unprivileged: Unprivileged) -> None:
    open_folder.chmod(0o555)
    for path in (open_folder / "lanescope.sqlite", open_folder / "new" / "lanescope.sqlite"):
        with unprivileged(), pytest.raises(StoreReadOnlyError):
            Store.open(path)
    assert list(open_folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: folders have no permission bits")
def test_the_folder_may_not_be_entered(open_folder: Path, unprivileged: Unprivileged) -> None:
    path = open_folder / "lanescope.sqlite"
    Store.open(path).close()
    open_folder.chmod(0)
    with unprivileged(), pytest.raises(StoreReadOnlyError):
        Store.open(path)
