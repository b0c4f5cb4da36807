"""What becomes of a device's memory when the process ends."""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from typing import Any

_pending: set[Any] = set()
_held_back: list[Any] = []


def free_nothing_at_the_end(pending: Iterable[Any]) -> None:
    """Keeps Numba from freeing what is left when the process ends, which the system does better.

    Of a device that has failed, and of several, which share their kernels, it would print one traceback after another.

    Args:
        pending: where Numba keeps what it has to free, once it has made something for the device.
    """
    if not _pending:
        atexit.register(_hold_back)  # later than Numba's own finalizers, and so called before them
    _pending.update(pending)


def _hold_back() -> None:
    for pending in _pending:
        _held_back.append(pending.disable())
        _held_back[-1].__enter__()
