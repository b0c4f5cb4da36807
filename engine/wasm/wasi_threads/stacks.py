"""Where in a memory the threads of this process wait, as far as their stacks tell."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

_DEPTH = 4096
"""Bytes of a stack that are looked at. Between a guest's wait and the system, the engine takes some hundred of them."""

_IN_A_CALL = 3
"""Words that the system says at least of a thread that is in a system call: the number, its stack, its place."""


def waited_for(threads: Iterable[int | None], address: int, length: int) -> list[int]:
    """Offsets in a memory that stand as addresses on the stacks of threads that wait in the system.

    A thread in ``memory.atomic.wait`` has the address that it waits at on its stack. There may be others beside it,
    and none where the system (anything but Linux on 64 bits) does not show stacks.

    Args:
        threads: their numbers in the system.
        address: where the memory begins.
        length: its size in bytes.
    """
    found: set[int] = set()
    for thread in threads:
        words = np.frombuffer(_stack(thread), np.uint64)
        inside = words[(words >= address) & (words < address + length) & (words % 4 == 0)]
        found.update((inside - np.uint64(address)).tolist())
    return sorted(found)


def _stack(thread: int | None) -> bytes:
    """The innermost part of a thread's stack, whole words; empty if it is not in a system call."""
    if sys.platform != "linux" or struct.calcsize("P") != np.dtype(np.uint64).itemsize:
        return b""
    try:
        words = Path(f"/proc/self/task/{thread}/syscall").read_text("ascii").split()
        if len(words) < _IN_A_CALL:
            return b""
        memory = os.open("/proc/self/mem", os.O_RDONLY)
        try:
            found = os.pread(memory, _DEPTH, int(words[-2], 16))
        finally:
            os.close(memory)
    except (OSError, ValueError, OverflowError):  # it has ended
        return b""
    return found[: len(found) // 8 * 8]
