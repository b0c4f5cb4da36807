"""A look at how a text begins, before anybody reads it."""

from __future__ import annotations

from engine.errors import InputError
from engine.source.around import SourceAround
from engine.source.base import ByteSource
from engine.source.skipping import skip

LONGEST_HEAD = 1 << 16
"""Bytes of text looked at, at most."""

_USUAL_HEAD = 1 << 12


class HeadSource(SourceAround):
    """A source whose first bytes can be looked at; they, and trouble met with them, come again when it is read."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__(source)
        self._head = memoryview(b"")
        self._trouble: InputError | None = None

    @property
    def trouble(self) -> InputError | None:
        """What ended the look early and will be raised after the head is read; ``None`` if nothing did."""
        return self._trouble

    def look(self) -> bytes:
        """The first bytes: the first line, two where it begins with ``@``, and more where nobody has to wait for them.

        To be called before the first `read_into`.
        """
        head = bytearray(LONGEST_HEAD)
        filled = 0
        enough = _USUAL_HEAD if self._source.size is not None else 1
        try:
            while filled < enough or (filled < LONGEST_HEAD and not _tells(head[:filled])):
                count = self._source.read_into(memoryview(head)[filled:])
                if count == 0:
                    break
                filled += count
        except InputError as trouble:
            self._trouble = trouble
        self._head = memoryview(bytes(head[:filled]))
        return bytes(self._head)

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if self._head:
            count = min(len(target), len(self._head))
            target[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        if self._trouble is not None:
            raise self._trouble
        return self._source.read_into(target)

    def skip(self, count: int) -> int:
        """See `Skips.skip`."""
        known = min(count, len(self._head))
        self._head = self._head[known:]
        if count == known:
            return count
        if self._trouble is not None:
            raise self._trouble
        return known + skip(self._source, count - known)


def _tells(head: bytearray) -> bool:
    """Whether these bytes tell what they begin: bases or colours stand in the second line of FASTQ."""
    return head.count(b"\n") >= (2 if head.lstrip().startswith(b"@") else 1)
