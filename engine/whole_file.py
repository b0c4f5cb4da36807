"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PRIVATE = 0o600
"""Rights of a file that only its user may read."""

PUBLIC = 0o644
"""Rights of a file that everybody may read, whatever new files get otherwise."""

_LONGEST_PART = 40
_PATIENCE = 5.0
"""Seconds for which Windows may refuse a name, since somebody looks into the file that has it."""

_PAUSE = 0.05


def write_whole(
    path: Path,
    content: str | bytes | Sequence[bytes],
    *,
    rights: int | None = None,
    durable: bool = True,
    settled: bool = False,
    failure: Callable[[str], Exception] | None = None,
) -> None:
    """Writes a file under a temporary name beside it, and renames it: whatever happens, it is the old one or the new.

    Args:
        path: the file; its folder has to be there.
        content: all of it; text as UTF-8, with its line ends as they are; or pieces of it.
        rights: such as `PRIVATE`; ``None``: what any new file of the user gets.
        durable: wait until the content is on disk before the name is given, so that a crash of the machine leaves no
            empty file.
        settled: wait until the name is on disk as well.
        failure: makes the error to raise of the reason in words, such as ``no space left on device``.

    Raises:
        OSError: it cannot be written, unless `failure` makes another error of that; an older file is untouched.
    """
    try:
        content = content.encode() if isinstance(content, str) else content
        _write(path, [content] if isinstance(content, bytes) else content, rights, durable=durable)
        if settled:
            _settle(path.parent)
    except OSError as error:
        if failure is None:
            raise
        raise failure(reason_of(error)) from error


def give_name(part: Path, path: Path, platform: str = sys.platform) -> None:
    """Renames a finished file, over an older one.

    On Windows neither can be open meanwhile, and scanners for viruses open what is new for a moment: it is tried for
    some seconds there.

    Raises:
        OSError: it cannot be renamed.
    """
    end = time.monotonic() + (_PATIENCE if platform == "win32" else 0)
    while True:
        try:
            part.replace(path)
        except PermissionError:
            if time.monotonic() >= end:
                raise
            time.sleep(_PAUSE)
        else:
            return


def read_small(path: Path, most: int = 1 << 20) -> bytes:
    """All that is in a file, which no device without end can make too much of.

    Args:
        path: the file.
        most: bytes that it may have.

    Raises:
        OSError: it cannot be read, or is larger.
    """
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes")
    return content


def reason_of(error: OSError) -> str:
    """Why something could not be done with a file, in words that go on from a colon."""
    return (error.strerror or type(error).__name__).lower()


def _write(path: Path, pieces: Sequence[bytes], rights: int | None, *, durable: bool) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:_LONGEST_PART]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.chmod(_usual_rights() if rights is None else rights)
        give_name(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _usual_rights() -> int:
    """What any new file would get, instead of the private rights of a temporary one."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _settle(folder: Path) -> None:
    """Makes a new name in the folder last; where folders cannot be opened, the system sees to it."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
