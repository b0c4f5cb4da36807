"""Reads of a request, of which only so much text is taken, however small they are packed."""

from __future__ import annotations

from http import HTTPStatus

from engine.server.problems import RequestError
from engine.source.around import SourceAround
from engine.source.base import ByteSource

LARGEST_TEXT = 1 << 30
"""Bytes of text that the body of a request may hold, decompressed."""


class BoundedSource(SourceAround):
    """A source that ends with an error where there is more in it than there may be.

    Args:
        source: what is read.
        most: bytes that it may give.
    """

    def __init__(self, source: ByteSource, most: int) -> None:
        super().__init__(source)
        self._most = most
        self._left = most

    def read_into(self, target: memoryview) -> int:
        """As `ByteSource` has it.

        Raises:
            InputError: see there.
            RequestError: there is too much.
        """
        count = self._source.read_into(target)
        self._left -= count
        if self._left < 0:
            raise RequestError(
                f"The reads in the body are more than {self._most:,} bytes once they are decompressed.",
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                hint="Put them into a file in an allowed folder, and start a run with its path.",
            )
        return count
