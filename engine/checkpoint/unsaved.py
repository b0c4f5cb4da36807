"""Folders for what is kept in no database: removed at the end, or by others should their process be lost."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from engine.checkpoint.leftovers import Leftovers
from engine.file_lock import FileLock
from engine.special_files import is_special

_NAME = re.compile(r"[0-9a-f]{12}")
_LOCK = ".lock"
_ATTEMPTS = 10


def unsaved_beside(database: Path) -> Path:
    """Where such folders lie, each with a file beside it that its process has locked."""
    return database.with_name(f"{database.name}.unsaved")


@contextlib.contextmanager
def unsaved_folder(database: Path) -> Generator[Path]:
    """A new folder, which is gone afterwards; what lost processes left is cleared before.

    Unfinished files elsewhere are found again if they are noted in this folder, or in one that lies in it or in one of
    its own folders, by `Leftovers`.

    Args:
        database: the one of Lanescope, of which any opening clears what was left; need not be there.

    Raises:
        OSError: it cannot be made.
    """
    clear_unsaved(database)
    root = unsaved_beside(database)
    path, lock = _new(root)
    try:
        yield path
    finally:
        _remove(path, lock)
        with contextlib.suppress(OSError):  # others have theirs there
            root.rmdir()


@contextlib.contextmanager
def noted_outputs(database: Path, outputs: Iterable[Path]) -> Generator[str]:
    """What the temporary names of outputs end with, so that they are found should the process be lost; see `Leftovers`.

    Args:
        database: see `unsaved_folder`.
        outputs: as named by the user; nothing is noted of pipes, nor where nothing can be written down: the text is
            empty then.
    """
    folders = {path.resolve().parent for path in outputs if not is_special(path)}
    with contextlib.ExitStack() as stack:
        token = ""
        if folders:
            with contextlib.suppress(OSError):
                token = Leftovers(stack.enter_context(unsaved_folder(database))).begin(folders)
        yield token


def clear_unsaved(database: Path) -> int:
    """Removes what processes left that were lost, their unfinished files elsewhere too; returns how many there were.

    What is in use, or may be where nobody can tell, is left alone.
    """
    cleared = 0
    for path in _folders(unsaved_beside(database)):
        lock = FileLock(path.with_suffix(_LOCK))
        with contextlib.suppress(OSError):
            if not lock.take(strictly=True):
                continue
            for noted in (path, *path.glob("*/"), *path.glob("*/*/")):
                Leftovers(noted).remove()
            _remove(path, lock)
            cleared += 1
    if cleared:
        with contextlib.suppress(OSError):
            unsaved_beside(database).rmdir()
    return cleared


def _new(root: Path) -> tuple[Path, FileLock]:
    for _ in range(_ATTEMPTS):
        path = root / secrets.token_hex(6)
        lock = FileLock(path.with_suffix(_LOCK))
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if lock.take():
                path.mkdir(mode=0o700)
                return path, lock
        except FileNotFoundError:  # the last of others removed the root meanwhile
            lock.release()
    raise FileNotFoundError(f"{root} is removed again and again")


def _remove(path: Path, lock: FileLock) -> None:
    """The folder first: without its lock, nobody would know whose it is."""
    try:
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            lock.remove()
    finally:
        lock.release()


def _folders(root: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        names = {path.stem for path in root.iterdir() if path.suffix in {"", _LOCK}}
        yield from (root / name for name in sorted(names) if _NAME.fullmatch(name))
