"""Who gets a core first."""

from __future__ import annotations

import os
import sys
import threading

_STEPS = 5


def give_way() -> None:
    """Lets other threads go before the calling one, where the system can do that for a single thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _STEPS)
