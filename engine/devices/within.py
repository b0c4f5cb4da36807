"""Calls of a driver that may never return: they are waited for in another thread, and only so long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """What a call returns, made in a thread of its own.

    Nothing can end a call that hangs in a driver. Its thread is left behind then, and does not keep the process alive.

    Args:
        seconds: to wait for it.
        call: to be made.

    Raises:
        TimeoutError: it has not ended.
        Exception: what the call raises.
    """
    returned: list[T] = []
    raised: list[Exception] = []

    def work() -> None:
        try:
            returned.append(call())
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=work, name="lanescope driver", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised.pop()
    if not returned:
        raise TimeoutError
    return returned.pop()
