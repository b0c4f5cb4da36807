"""Ctrl+C, and what else ends a process in order, where it must wait for a moment."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Generator
from types import FrameType

OWN_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""Flags for a process that Ctrl+C is not for on Windows, where sessions of its own are not to be had."""

_ENDS = [signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__]


@contextlib.contextmanager
def held_interrupts() -> Generator[None]:
    """Holds signals that end the process in order back until the end of this; for what takes a moment only.

    They are served then as they would have been.

    Native libraries that call Python, as the compiler does while kernels are loaded, cannot pass on what is raised
    there: the interrupt would be lost, or the process be brought down. In threads other than the first, which
    interrupts do not reach, and where they are ignored, nothing is changed.

    Raises:
        KeyboardInterrupt: at the end, if it came.
    """
    handlers = {number: signal.getsignal(number) for number in _ENDS}
    held = {number: handler for number, handler in handlers.items() if callable(handler)}
    if threading.current_thread() is not threading.main_thread() or not held:
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    for number in held:
        signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        if came:
            first, frame = came[0]
            held[signal.Signals(first)](first, frame)
