"""Uncompressed text."""

from __future__ import annotations

from pathlib import Path

from engine.source.stored import StoredInput, open_file

_NEWLINE = 10


class PlainSource:
    """Text as it is stored, without a buffer in between.

    Args:
        stored: the text, closed with the source; or the file that holds it.
    """

    kind = "plain"

    def __init__(self, stored: StoredInput | Path) -> None:
        self._stored = open_file(stored) if isinstance(stored, Path) else stored
        self._ends_line = True

    @property
    def size(self) -> int | None:
        """Bytes of the input, or ``None`` where that is not known."""
        return self._stored.size

    @property
    def position(self) -> int:
        """Bytes handed out."""
        return self._stored.position

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        count = self._stored.readinto(target, may_end=self._ends_line)
        if count:
            self._ends_line = target[count - 1] == _NEWLINE
        return count

    def skip(self, count: int) -> int:
        """See `Skips.skip`."""
        if self.size is not None:
            count = min(count, self.size - self.position)
        if count:
            self._stored.skip(count - 1)
            self.read_into(memoryview(bytearray(1)))
        return count

    def close(self) -> None:
        """See `ByteSource.close`."""
        self._stored.close()
