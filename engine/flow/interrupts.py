"""Ctrl+C where it must wait for a moment."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Generator
from types import FrameType

OWN_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Flags for a process that Ctrl+C is not for on Windows, where sessions of its own are not to be had."""


@contextlib.contextmanager
def held_interrupts() -> Generator[None]:
    """Holds Ctrl+C back until the end, where it is served as it would have been; for what takes a moment only.

    Native libraries that call Python, as the compiler does while kernels are loaded, cannot pass on what is raised
    there: the interrupt would be lost, or the process be brought down. In threads other than the first, which
    interrupts do not reach, and where they are ignored, nothing is changed.

    Raises:
        KeyboardInterrupt: at the end, if it came.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            before(*came[0])
