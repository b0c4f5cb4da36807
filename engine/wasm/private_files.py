"""Files that nobody else may have had a hand in, kept between starts."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from engine.whole_file import PRIVATE, write_whole

_DIGEST = 32


class PrivateFiles:
    """Contents by key, in a folder that only the user may enter.

    Each file begins with a hash of the rest, which is checked when it is read. Any thread and process may use
    the same folder: files are there whole or not at all.

    Args:
        folder: made if it is missing; ``None`` keeps nothing.
        suffix: of the names of its files.
        most: files to keep; those not used for longest go first.
    """

    def __init__(self, folder: Path | None, suffix: str, most: int) -> None:
        self._folder = folder
        self._suffix = suffix
        self._most = most

    def path(self, key: str) -> Path | None:
        """Where the content of a key is, or is to be; ``None`` where nothing can be kept.

        Args:
            key: letters and digits.
        """
        if self._folder is None or not is_private(self._folder):
            return None
        return self._folder / f"{key}{self._suffix}"

    def read(self, path: Path) -> bytes | None:
        """The content; ``None`` where there is none, or not what was written."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        with suppress(OSError):
            os.utime(path)
        return content[_DIGEST:]

    def write(self, path: Path, content: bytes) -> None:
        """Keeps a content; a full disk costs the time to make it again, no more."""
        with suppress(OSError):
            self._write(path, content)

    def _write(self, path: Path, content: bytes) -> None:
        # What a crash of the machine leaves of it is told by its hash.
        write_whole(path, hashlib.sha256(content).digest() + content, rights=PRIVATE, durable=False)
        entries = sorted(path.parent.glob(f"*{self._suffix}"), key=lambda entry: entry.stat().st_mtime)
        for old in entries[: -self._most]:
            old.unlink(missing_ok=True)


def is_private(folder: Path) -> bool:
    """Makes the folder if it is missing; whether nobody else can put anything there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    if sys.platform == "win32":  # which keeps no such rights; folders of the user are the user's there
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077
