"""What guests say, in words that can be shown, and as lines of the application's log."""

from __future__ import annotations

import itertools
import logging

MOST_BYTES = 1000
"""Of one line; the rest is left out."""

_MOST_LINES = 1000

_logger = logging.getLogger(__name__)


class GuestLog:
    """Takes lines of one plugin, up to a number: what it says must not fill a disk. Any thread may use it."""

    def __init__(self) -> None:
        self._numbers = itertools.count()  # counts right for any number of threads

    def say(self, plugin: str, text: bytes) -> None:
        """Logs a line.

        Args:
            plugin: who says it.
            text: UTF-8, as the guest gave it.
        """
        number = next(self._numbers)
        if number < _MOST_LINES:
            _logger.info("%s: %s", plugin, printable(text[:MOST_BYTES].decode(errors="replace").rstrip()))
        elif number == _MOST_LINES:
            _logger.warning("%s: it says more than %s lines; the rest is left out", plugin, f"{_MOST_LINES:,}")


def complaint(message: bytes, status: int) -> str:
    """Why a plugin cannot go on.

    Args:
        message: what it wrote, UTF-8 up to a zero byte.
        status: what it returned, told where it wrote nothing.
    """
    return printable(message.split(b"\0")[0].decode(errors="replace")).strip() or f"status {status}"


def printable(text: str) -> str:
    """The text with a space for whatever could do more than be read."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
