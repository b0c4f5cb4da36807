"""Who gets a core first."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

_STEPS = 5
_LAST = 19


def give_way() -> None:
    """Lets other threads go before the calling one, where the system can do that for a single thread, and allows it."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):  # the thread's work must not fail for want of manners
            # Counted from where it stands: nobody may move a thread of a program started with `nice` forward.
            os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + _STEPS, _LAST))
