"""Where batches go through one after the other, whoever brings them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TurnstileAborted(Exception):
    """The turnstile was aborted, before or while waiting."""


class Turnstile:
    """Lets numbers 0, 1, 2 .. through in this order. Every number has to come, or be skipped.

    Workers that take batches from one queue cannot lock each other out: whoever has the lowest number
    never waits.

    Args:
        first: the number that comes first.
    """

    def __init__(self, first: int = 0) -> None:
        self._next = first
        self._skipped: set[int] = set()
        self._aborted = False
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Waits until all lower numbers have gone through; the next one may come when this ends.

        Raises:
            TurnstileAborted: the turnstile was aborted, before or while waiting.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._next >= number or self._aborted)
            if self._aborted:
                raise TurnstileAborted
        try:
            yield
        except BaseException:
            self.abort()
            raise
        self.skip(number)

    def skip(self, number: int) -> None:
        """This number will not come, or has been here."""
        with self._changed:
            self._skipped.add(number)
            while self._next in self._skipped:
                self._skipped.remove(self._next)
                self._next += 1
            self._changed.notify_all()

    def abort(self) -> None:
        """Turns everyone away, those that wait too, for good."""
        with self._changed:
            self._aborted = True
            self._changed.notify_all()
