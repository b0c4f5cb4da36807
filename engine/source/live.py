"""A source that is slow or still being written, read by a thread of its own, so that nobody has to wait for it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import deque
from typing import Protocol, runtime_checkable

from engine.source.base import ByteSource

_PIECE = 1 << 20
_MOST = 8 << 20
"""Bytes that lie ready at most."""


@runtime_checkable
class Waits(Protocol):
    """A source that can be waited for without being stuck with it."""

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        """Like `ByteSource.read_into`, but ``None`` if nothing has come after so many seconds.

        Raises:
            InputError: the input cannot be read on; what was returned before is good.
        """
        ...


class Waiting(ABC):
    """What of a source with one way of reading both `ByteSource` and `Waits` ask for."""

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        count = self._read(target, None)
        assert count is not None  # noqa: S101 - without a limit there is no waiting in vain
        return count

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        """See `Waits.read_within`."""
        return self._read(target, seconds)

    @abstractmethod
    def _read(self, target: memoryview, seconds: float | None) -> int | None:
        """Reads, and waits so many seconds for something to read; ``None``: for as long as it takes."""


class LiveSource(Waiting):
    """The text of another source, read ahead by some megabytes, as it comes.

    The thread begins with the first read, as polite to other threads as the one that starts it, and ends with `close`.
    Trouble comes after all that was read before it.

    Args:
        source: what to read; closed with this one, which has to free a thread that reads from it.

    Attributes:
        kind: see `ByteSource`.
        size: likewise.
        position: likewise; what lies ready does not count.
    """

    size: int | None = None

    def __init__(self, source: ByteSource) -> None:
        self.kind = source.kind
        self.position = source.position
        self._source = source
        self._changed = threading.Condition()
        self._pieces: deque[tuple[memoryview, int]] = deque()
        self._ready = 0
        self._has_ended = False
        self._trouble: BaseException | None = None
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def _read(self, target: memoryview, seconds: float | None) -> int | None:
        if not self._has_thread():
            return self._source.read_into(target)  # closed: what a read is then, the source knows
        with self._changed:
            if not self._changed.wait_for(lambda: self._pieces or self._has_ended, seconds):
                return None
            if not self._pieces:
                if self._trouble is not None:
                    raise self._trouble
                return 0
            text, position = self._pieces.popleft()
            count = min(len(text), len(target))
            if count < len(text):
                self._pieces.appendleft((text[count:], position))
            else:
                self.position = position
            self._ready -= count
            self._changed.notify_all()
        target[:count] = text[:count]
        return count

    def _has_thread(self) -> bool:
        """Starts it; false if nobody did before `close`."""
        with self._changed:
            if self._thread is None and not self._is_closed:
                thread = threading.Thread(target=self._read_ahead, name="lanescope live input")
                thread.start()
                self._thread = thread  # only now: one that could not be started is not waited for
            return self._thread is not None

    def _read_ahead(self) -> None:
        """The life of the thread. Closed, the source raises, so that what was broken off is not taken for the end."""
        scratch = memoryview(bytearray(_PIECE))
        trouble: BaseException | None = None
        try:
            while count := self._source.read_into(scratch):
                piece = memoryview(bytes(scratch[:count])), self._source.position
                with self._changed:
                    self._pieces.append(piece)
                    self._ready += count
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._ready < _MOST or self._is_closed)
        except BaseException as error:  # raised again by whoever reads
            trouble = error
        with self._changed:
            self._has_ended = True
            self._trouble = trouble
            self._changed.notify_all()

    def close(self) -> None:
        """See `ByteSource.close`; returns when the thread has ended."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._source.close()
        if self._thread is not None:
            self._thread.join()
