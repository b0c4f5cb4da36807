"""Sources that read from another one."""

from __future__ import annotations

from engine.source.base import ByteSource


class SourceAround:
    """What a source passes on of the one that it reads from.

    Args:
        source: closed with this one.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source

    @property
    def kind(self) -> str:
        """See `ByteSource`."""
        return self._source.kind

    @property
    def size(self) -> int | None:
        """See `ByteSource`."""
        return self._source.size

    @property
    def position(self) -> int:
        """See `ByteSource`."""
        return self._source.position

    def close(self) -> None:
        """See `ByteSource.close`."""
        self._source.close()
