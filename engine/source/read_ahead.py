"""Decompression in a thread of its own, so that parsing need not wait for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from engine.errors import InputError
from engine.source.members import MemberSource

_PIECES = 6
"""Pieces that lie ready at most, of about a megabyte each."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text, and where the source stood after it."""

    text: memoryview
    position: int


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing follows, for a reason where there is one."""

    position: int
    trouble: BaseException | None = None


class ReadAhead:
    """Compressed members read by a thread of its own, some megabytes in advance of whoever reads here.

    The first read is done by the one who asks: a look at a file needs no thread. The thread begins
    with the second, as polite to other threads as the one that starts it, and ends with `close`.
    Trouble comes after all that was read before it.

    Args:
        source: what to read; closed with this one. Where it has no size, closing it frees a thread that reads.
        path: the input, for errors.

    Attributes:
        position: see `ByteSource`; what lies ready does not count.
    """

    def __init__(self, source: MemberSource, path: Path) -> None:
        self.kind = source.kind
        self.position = source.position
        self._source = source
        self._path = path
        self._has_begun = False
        self._thread: threading.Thread | None = None
        self._wanted: SimpleQueue[bool] = SimpleQueue()
        self._ready: SimpleQueue[_Piece | _End] = SimpleQueue()
        self._text = memoryview(b"")
        self._end: _End | None = None

    @property
    def size(self) -> int | None:
        """See `ByteSource`."""
        return self._source.size

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if not self._has_begun:
            self._has_begun = True
            count = self._source.read_into(target)
            self.position = self._source.position
            return count
        if not self._text:
            self._text = self._next_text()
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _next_text(self) -> memoryview:
        """The next piece; empty at the end."""
        if self._thread is None:
            self._start()
        if self._end is None:
            following = self._ready.get()
            self._wanted.put(True)
            self.position = following.position
            if isinstance(following, _Piece):
                return following.text
            self._end = following
        if self._end.trouble is not None:
            raise self._end.trouble
        return memoryview(b"")

    def _start(self) -> None:
        for _ in range(_PIECES):
            self._wanted.put(True)
        thread = threading.Thread(target=self._read, name="lanescope read ahead")
        thread.start()
        self._thread = thread  # only now: one that could not be started is not waited for

    def _read(self) -> None:
        """The life of the thread."""
        trouble: BaseException | None = None
        try:
            while self._wanted.get():
                text = self._source.read_piece()
                if not text:
                    break
                self._ready.put(_Piece(text, self._source.position))
            else:
                trouble = self._broken_off()
        except BaseException as error:  # raised again by whoever reads
            trouble = error
        self._ready.put(_End(self._source.position, trouble))

    def _broken_off(self) -> InputError:
        return InputError(f"Reading {self._path.name} was broken off.", path=self._path, hint="Run it again.")

    def close(self) -> None:
        """See `ByteSource.close`; returns when the thread has ended, after some milliseconds."""
        self._wanted.put(False)
        # A file's reads end by themselves, and closing it under one might let the read meet another file.
        if self._thread is not None and self._source.size is not None:
            self._thread.join()
        self._source.close()
        if self._thread is not None:
            self._thread.join()
