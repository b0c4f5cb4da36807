"""Which parts of a memory of this process have been used at all."""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator

import numpy as np

_PIECE = 64 << 20
"""Bytes asked about at once."""


def used_parts(address: int, length: int) -> Iterator[tuple[int, int]]:
    """The parts of a memory with pages that the system keeps for it, as offset and size in bytes.

    A page that was never read nor written takes no room, and nobody can be waiting in it. One that was written out
    to disk may be left out.

    Args:
        address: where the memory begins, the beginning of a page.
        length: its size in bytes, whole pages.

    Yields:
        Parts from low to high that do not touch. The whole, where the system does not tell.
    """
    resident = _resident(address, length)
    if resident is None:
        if length:
            yield 0, length
        return
    edges = np.flatnonzero(np.diff(resident, prepend=0, append=0)).tolist()
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield first * mmap.PAGESIZE, (last - first) * mmap.PAGESIZE


def _resident(address: int, length: int) -> np.ndarray[tuple[int], np.dtype[np.int8]] | None:
    """For each page 1 or 0; ``None`` where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    pages = np.zeros(length // mmap.PAGESIZE, np.int8)
    for start in range(0, length, _PIECE):
        asked = min(_PIECE, length - start)
        place = pages.ctypes.data + start // mmap.PAGESIZE
        if libc.mincore(ctypes.c_void_p(address + start), ctypes.c_size_t(asked), ctypes.c_void_p(place)):
            return None
    return pages & 1
