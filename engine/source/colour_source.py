"""FASTQ of colours as FASTQ of bases; see `engine.source.colours`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.batch import Bytes
from engine.errors import FastqFormatError
from engine.source.base import ByteSource
from engine.source.colours import COLOUR_SPACE
from engine.source.converted import NEWLINE, PIECE, ConvertedSource
from kernels.source.colours import REPORT_SIZE, ColourField, ColourTrouble, colours_to_fastq

LARGEST_RECORD = 1 << 29
"""Bytes of the longest record that is read, as of any FASTQ: 512 MiB."""

_NOT_COLOURS = "the reads before are of colours (a base and then 0, 1, 2, 3 or .), and this one is not."
# Of each trouble, the line of the record that is at fault, from 0, and what to say.
_SENTENCES = {
    ColourTrouble.HEADER: (0, "a record has to begin with @."),
    ColourTrouble.COLOURS: (1, _NOT_COLOURS),
    ColourTrouble.SEPARATOR: (2, "the third line of a record has to be a + and, at most, the record's name."),
    ColourTrouble.LENGTHS: (3, "the read has {colours:,} colours but there are {qualities:,} qualities."),
}


class ColourSource(ConvertedSource):
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

    @property
    def kind(self) -> str:
        """See `ByteSource`; tells of the colours too."""
        return f"{self._source.kind}, {COLOUR_SPACE}"

    def _convert_into(self, text: Bytes) -> int:
        colours_to_fastq(self._data, self._start, self._stop, text, len(text), self._report)
        self._start += int(self._report[ColourField.CONSUMED])
        return int(self._report[ColourField.WRITTEN])

    def _room_needed(self) -> int:
        return int(self._report[ColourField.ROOM])

    def _size_for(self, left: int) -> int:
        if left > self._largest:
            raise self._error(f"the record is longer than {self._largest >> 20:,} MiB.", self._lines_of_rest(left))
        return left + 1 if left < len(self._data) else min(2 * left, self._largest + PIECE)

    def _ends_lines(self) -> bool:
        return True

    def _refuse_rest(self, left: int) -> None:
        if left:
            raise self._error("the file ends in the middle of this record: it is truncated.", self._lines_of_rest(left))

    def _lines_of_rest(self, left: int) -> int:
        return int(np.count_nonzero(self._data[self._start : self._start + left] == NEWLINE))

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
