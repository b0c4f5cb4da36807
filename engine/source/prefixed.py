"""Text that was taken from a source, before what follows it."""

from __future__ import annotations

from engine.source.around import SourceAround
from engine.source.base import ByteSource
from engine.source.live import Waits


class PrefixedSource(SourceAround):
    """A source, and before it what has been taken from it already, which counts as read.

    Args:
        text: what comes first.
        source: what follows; closed with this one.
    """

    def __init__(self, text: bytes, source: ByteSource) -> None:
        super().__init__(source)
        self._text = memoryview(text)

    @property
    def left(self) -> bytes:
        """What has not been read of the text."""
        return bytes(self._text)

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if not self._text:
            return self._source.read_into(target)
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        """See `Waits.read_within`; of a source that cannot be waited for, as `read_into`."""
        if self._text or not isinstance(self._source, Waits):
            return self.read_into(target)
        return self._source.read_within(target, seconds)
