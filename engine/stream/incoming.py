"""Bytes that somebody else brings, as a source."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from pathlib import Path

from engine.errors import InputError
from engine.source.live import Waiting


class IncomingClosed(Exception):
    """Nobody reads any more."""


class SourceFailed(InputError):
    """Who brought the bytes failed.

    Attributes:
        cause: with what.
    """

    def __init__(self, path: Path, cause: Exception) -> None:
        super().__init__(f"{path.name} broke off: {cause}", path=path)
        self.cause = cause


class Incoming(Waiting):
    """A bounded buffer between who brings bytes, on an event loop, and the parser, in a thread of its own.

    Text only: what is compressed is decompressed before.

    Args:
        most: bytes that may lie ready, beyond the piece that came last.
        loop: where `bring` is awaited.

    Attributes:
        position: bytes handed to the parser.
    """

    kind = "stream"
    size = None

    def __init__(self, most: int, loop: asyncio.AbstractEventLoop) -> None:
        self.position = 0
        self._most = most
        self._loop = loop
        self._pieces: deque[memoryview] = deque()
        self._ready = 0
        self._ended = False
        self._closed = False
        self._trouble: InputError | None = None
        self._changed = threading.Condition()
        self._room = asyncio.Event()

    async def bring(self, piece: bytes | bytearray | memoryview) -> None:
        """Adds bytes, which must not be changed any more; waits until there is room for others.

        Raises:
            IncomingClosed: nobody reads any more.
        """
        with self._changed:
            if self._closed:
                raise IncomingClosed
            if piece:
                self._pieces.append(memoryview(piece).cast("B"))
                self._ready += len(self._pieces[-1])
                self._changed.notify_all()
            if self._ready < self._most:
                return
            self._room.clear()
        await self._room.wait()

    def end(self, trouble: InputError | None = None) -> None:
        """Nothing more comes.

        Args:
            trouble: why, if not because all has come; whoever reads is told after the last byte.
        """
        with self._changed:
            self._ended, self._trouble = True, trouble
            self._changed.notify_all()

    def _read(self, target: memoryview, seconds: float | None) -> int | None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._pieces or self._ended or self._closed, seconds):
                return None
            if self._closed or not self._pieces:
                if self._trouble is not None:
                    raise self._trouble
                return 0
            piece = self._pieces[0]
            count = min(len(target), len(piece))
            target[:count] = piece[:count]
            if count == len(piece):
                self._pieces.popleft()
            else:
                self._pieces[0] = piece[count:]
            self._ready -= count
            self.position += count
            if self._ready < self._most:
                self._make_room()
        return count

    def close(self) -> None:
        """Nobody reads any more; frees who waits on either side. Harmless when done twice."""
        with self._changed:
            self._closed = True
            self._pieces.clear()
            self._changed.notify_all()
        self._make_room()

    def _make_room(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._room.set)
