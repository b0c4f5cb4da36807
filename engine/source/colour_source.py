"""FASTQ of colours as FASTQ of bases; see `engine.source.colours`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.batch import Bytes
from engine.errors import FastqFormatError
from engine.source.around import SourceAround
from engine.source.base import ByteSource
from engine.source.colours import COLOUR_SPACE
from kernels.colours import REPORT_SIZE, ColourField, ColourTrouble, colours_to_fastq

LARGEST_RECORD = 1 << 29
"""Bytes of the longest record that is read, as of any FASTQ: 512 MiB."""

_PIECE = 1 << 21
_NEWLINE = 10
_NOT_COLOURS = "the reads before are of colours (a base and then 0, 1, 2, 3 or .), and this one is not."
# Of each trouble, the line of the record that is at fault, from 0, and what to say.
_SENTENCES = {
    ColourTrouble.HEADER: (0, "a record has to begin with @."),
    ColourTrouble.COLOURS: (1, _NOT_COLOURS),
    ColourTrouble.SEPARATOR: (2, "the third line of a record has to be a + and, at most, the record's name."),
    ColourTrouble.LENGTHS: (3, "the read has {colours:,} colours but there are {qualities:,} qualities."),
}


class ColourSource(SourceAround):
    """The text of a FASTQ file of colours with bases in their stead.

    Qualities may be as many as colours, or one more: then the first is the primer's, and is left out too.

    Args:
        source: closed with this one.
        path: the input, for errors.
        largest: bytes of the longest record that is read.
    """

    def __init__(self, source: ByteSource, path: Path, largest: int = LARGEST_RECORD) -> None:
        super().__init__(source)
        self._path = path
        self._largest = largest
        self._report = np.zeros(REPORT_SIZE, np.int64)
        self._data: Bytes = np.empty(_PIECE, np.uint8)
        self._start = 0
        self._stop = 0
        self._offset = 0
        self._at_end = False
        self._text = memoryview(b"")

    @property
    def kind(self) -> str:
        """See `ByteSource`; tells of the colours too."""
        return f"{self._source.kind}, {COLOUR_SPACE}"

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`.

        Raises:
            FastqFormatError: a read is of something else, or its lines are not in order, or do not end.
        """
        while not self._text:
            if written := self._turn_into(np.frombuffer(target, np.uint8)):
                return written
            self._refuse_invalid()
            if room := int(self._report[ColourField.ROOM]):  # a record larger than the target
                text = np.empty(room, np.uint8)
                self._text = memoryview(text.data)[: self._turn_into(text)]
            elif not self._fill():
                return 0
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _turn_into(self, text: Bytes) -> int:
        colours_to_fastq(self._data, self._start, self._stop, text, len(text), self._report)
        self._start += int(self._report[ColourField.CONSUMED])
        return int(self._report[ColourField.WRITTEN])

    def _fill(self) -> bool:
        """Reads on, with what is left in front; false at the end."""
        left = self._stop - self._start
        if self._at_end:
            self._refuse_rest(left)
            return False
        if left > self._largest:
            raise self._error(f"the record is longer than {self._largest >> 20:,} MiB.", self._lines_of_rest(left))
        data = self._data
        if left == len(data):
            data = np.empty(min(2 * left, self._largest + _PIECE), np.uint8)
        data[:left] = self._data[self._start : self._stop]
        self._offset += self._start
        self._data, self._start, self._stop = data, 0, left
        count = self._source.read_into(memoryview(data.data)[left:])
        self._at_end = count == 0
        self._stop += count
        if self._at_end and left and data[left - 1] != _NEWLINE:
            data[left] = _NEWLINE
            self._stop += 1
        return True

    def _refuse_rest(self, left: int) -> None:
        """Raises a `FastqFormatError` where the text ends with something else than a record or blank lines."""
        if left:
            raise self._error("the file ends in the middle of this record: it is truncated.", self._lines_of_rest(left))

    def _lines_of_rest(self, left: int) -> int:
        return int(np.count_nonzero(self._data[self._start : self._start + left] == _NEWLINE))

    def _refuse_invalid(self) -> None:
        trouble = ColourTrouble(int(self._report[ColourField.TROUBLE]))
        if trouble is ColourTrouble.NONE:
            return
        colours, qualities = (int(self._report[field]) for field in (ColourField.COLOURS, ColourField.QUALITIES))
        line, sentence = _SENTENCES[trouble]
        raise self._error(sentence.format(colours=colours, qualities=qualities), line)

    def _error(self, reason: str, line: int) -> FastqFormatError:
        return FastqFormatError(
            reason,
            path=self._path,
            record=int(self._report[ColourField.RECORDS]) + 1,
            line=int(self._report[ColourField.LINES]) + line + 1,
            offset=self._offset + self._start,
        )
