"""Text that a kernel makes of what another source brings."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from engine.batch import Bytes
from engine.source.around import SourceAround
from engine.source.base import ByteSource

PIECE = 1 << 21
"""Bytes that are read at once, until a record is longer."""

NEWLINE = 10


class ConvertedSource(SourceAround, ABC):
    """The text that is made of another source's, record by record.

    Args:
        source: closed with this one.
    """

    def __init__(self, source: ByteSource) -> None:
        super().__init__(source)
        self._data: Bytes = np.empty(PIECE, np.uint8)
        self._start = 0
        self._stop = 0
        self._offset = 0  # of `_data` in what the other source brings
        self._at_end = False
        self._text = memoryview(b"")

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`.

        Raises:
            InputError: a record is damaged, or the input ends in the middle of one.
        """
        while not self._text:
            if written := self._convert_into(np.frombuffer(target, np.uint8)):
                return written
            self._refuse_invalid()
            if room := self._room_needed():  # a record larger than the target
                text = np.empty(room, np.uint8)
                self._text = memoryview(text.data)[: self._convert_into(text)]
            elif not self._fill():
                self._refuse_rest(self._stop - self._start)
                return 0
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _fill(self) -> bool:
        """Reads on, with what is left in front; false at the end."""
        if self._at_end:
            return False
        left = self._stop - self._start
        size = self._size_for(left)
        data = self._data if size <= len(self._data) else np.empty(size, np.uint8)
        data[:left] = self._data[self._start : self._stop]
        self._offset += self._start
        self._data, self._start, self._stop = data, 0, left
        count = self._source.read_into(memoryview(data.data)[left:])
        self._at_end = count == 0
        self._stop += count
        if self._at_end and self._ends_lines() and left and data[left - 1] != NEWLINE:
            data[left] = NEWLINE
            self._stop += 1
            return True
        return count > 0

    @abstractmethod
    def _convert_into(self, text: Bytes) -> int:
        """Makes text of what is there, moves on to what is not used yet, and gives the bytes of text."""

    @abstractmethod
    def _refuse_invalid(self) -> None:
        """Raises an `InputError` where the next record cannot be converted."""

    @abstractmethod
    def _room_needed(self) -> int:
        """Bytes of the next record's text, where that alone was too large to be written; else 0."""

    @abstractmethod
    def _size_for(self, left: int) -> int:
        """Bytes that there has to be room for, more than the `left` that are kept.

        Raises:
            InputError: that is too much.
        """

    @abstractmethod
    def _ends_lines(self) -> bool:
        """Whether a line end is to be supplied where the last line has none."""

    @abstractmethod
    def _refuse_rest(self, left: int) -> None:
        """Raises an `InputError` where the `left` bytes at the end are no whole record."""
