"""Has the system write to the disk what it was given while there is more to do than wait for it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_WRITE = 2  # SYNC_FILE_RANGE_WRITE: begin, and wait for nothing

_Call = Callable[[int, int, int, int], int]


def _found() -> _Call | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        call = ctypes.CDLL(None).sync_file_range
    except (OSError, AttributeError):  # another C library than glibc's or musl's
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    call.restype = ctypes.c_int
    return call


_call = _found()


def begin_writing_out(descriptor: int, offset: int, count: int) -> None:
    """Has the system begin to write part of a file to the disk, so that ``fsync`` at the end has less to wait for.

    Does nothing where there is no such call, Linux's ``sync_file_range``; trouble is told by ``fsync``.

    Args:
        descriptor: of a file that is open for writing.
        offset: where the part begins, bytes.
        count: bytes of it.
    """
    if _call is not None:
        _call(descriptor, offset, count, _WRITE)
