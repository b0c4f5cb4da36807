"""Which names files can have, and which names are the same file's."""

from __future__ import annotations

import re
import sys
import tempfile
import unicodedata
from pathlib import Path

from engine.special_files import is_special

_FORBIDDEN = frozenset('<>:"|?*') | frozenset(map(chr, range(32)))
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
_NULL = "NUL"
_NAMED_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED_STREAM = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")
_STREAMS = re.compile(r"/dev/(fd/.*|stdin|stdout|stderr)|/proc/[^/]+/fd/.*")


def fault_of(name: str, platform: str = sys.platform) -> str:
    """Why no file can have a name, in words that follow it; empty where one can.

    Windows takes ``CON.fastq`` for its console, a colon for the name of a hidden part of a file, and leaves dots and
    spaces at the end away.

    Args:
        name: of a file, without its folder.
        platform: as `sys.platform` has it.
    """
    if platform != "win32" or name.upper() == _NULL:  # which is there, and may be written to
        return ""
    if found := sorted(_FORBIDDEN & set(name)):
        return f"cannot have {' '.join(letter if letter.isprintable() else ascii(letter) for letter in found)} in it"
    if name.endswith((".", " ")):
        return "cannot end with a dot or a space"
    if name.partition(".")[0].rstrip().upper() in _DEVICES:
        return "is a name that Windows keeps for a device"
    return ""


def place_of(path: Path, platform: str = sys.platform) -> str:
    """What all names of one file have in common, whether or not it is there.

    Links are followed, and capitals count for nothing where most file systems have it so.

    Args:
        path: the file.
        platform: as `sys.platform` has it.
    """
    place = str(path.resolve())
    return place.casefold() if platform in {"win32", "darwin"} else place


def is_open_stream(path: Path) -> bool:
    """Whether a name is of what a process has open, as ``/dev/fd/4``: in every process it is something else."""
    return _STREAMS.fullmatch(path.as_posix()) is not None


def own_descriptor(path: Path, platform: str = sys.platform) -> int | None:
    """The number of what this process has open under a name such as ``/dev/fd/4``; ``None``: it is no such name.

    Args:
        path: as the user named it.
        platform: as `sys.platform` has it.
    """
    if platform == "win32":
        return None
    name = path.as_posix()
    numbered = _NUMBERED_STREAM.fullmatch(name)
    return int(numbered[1]) if numbered else _NAMED_STREAMS.get(name)


def is_written_directly(path: Path) -> bool:
    """Whether reads go where the name leads, and not into a new file that gets the name in the end."""
    return own_descriptor(path) is not None or is_special(path)


def are_one_file(first: Path, second: Path) -> bool:
    """Whether two names lead to one file, which need not be there, by what the file system of their folder says.

    Some take capitals for small letters, and letters with an accent for the same ones written in two; which, nobody
    knows by the names alone. So it is tried, in a folder that is removed again, with names for which it may matter.
    """
    if first == second:
        return True
    if folded(first.name) != folded(second.name):
        return False
    try:
        if not first.parent.samefile(second.parent):
            return False
        if first.name == second.name:
            return True
        with tempfile.TemporaryDirectory(prefix=".lanescope-", dir=first.parent) as trial:
            (Path(trial) / first.name).touch()
            return (Path(trial) / second.name).exists()
    except OSError:  # what cannot be written to will be told of by who writes
        return False


def folded(name: str) -> str:
    """What all names have in common that some file system takes for one."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
