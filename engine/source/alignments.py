"""BAM and SAM, aligned or not, as the FASTQ text that they were made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.batch import Bytes
from engine.errors import AlignmentFormatError
from engine.source.around import SourceAround
from engine.source.base import ByteSource
from kernels.alignments import REPORT_SIZE, Field, Trouble
from kernels.bam import bam_to_fastq
from kernels.sam import sam_to_fastq

_PIECE = 1 << 21
_LARGEST_RECORD = 1 << 29
_NEWLINE = 10

_SENTENCES = {
    Trouble.LAYOUT: "this is no {format} record",
    Trouble.NAME: "the read's name is empty or holds something else than visible characters",
    Trouble.FLAGS: "the flags (column 2) are not a number from 0 to 65,535",
    Trouble.SEQUENCE: "something stands in the sequence that is no base",
    Trouble.LENGTHS: "sequence and qualities differ in length",
    Trouble.QUALITY: "a quality is outside 0 to 93",
    Trouble.NO_QUALITIES: "the read has no qualities",
    Trouble.LATE_HEADER: "a header line (@) stands among the records",
}
_NO_QUALITIES_HINT = "Choose the file that came from the sequencer: quality control needs base qualities."


class AlignmentSource(SourceAround):
    """The reads of a BAM or SAM file as FASTQ, in the order of the file.

    Every sequenced read comes once and as it came from the machine, as ``samtools fastq`` has it:
    secondary (0x100) and supplementary (0x800) records, which repeat a read or a part of it, are
    skipped, and reads from the reverse strand are turned back. FastQC counts the repeated records
    as reads: with `repeats` they come too, but for those without bases or qualities, which FastQC
    takes for a read of one base. The mates of a pair get ``/1`` and ``/2`` after their names. A read without qualities
    ends the file with an error: made-up ones would spoil every number.

    Args:
        source: the uncompressed BAM or SAM; closed with this one.
        path: the input, for errors.
        kind: ``bam`` or ``sam``.
        repeats: secondary and supplementary records are reads too.
    """

    def __init__(self, source: ByteSource, path: Path, kind: str, *, repeats: bool = False) -> None:
        super().__init__(source)
        self._kind = kind
        self._path = path
        self._convert = bam_to_fastq if kind == "bam" else sam_to_fastq
        self._report = np.zeros(REPORT_SIZE, np.int64)
        self._report[Field.REPEATS] = repeats
        self._data: Bytes = np.empty(_PIECE, np.uint8)
        self._start = 0
        self._stop = 0
        self._offset = 0
        self._at_end = False
        self._text = memoryview(b"")

    def wrap(self, wrapped: Callable[[ByteSource], ByteSource]) -> None:
        """Reads the BAM or SAM by way of another source from now on, such as one that bounds how much there may be.

        However much is skipped, no text comes of it: a bound on the text alone would be none on the work.

        Args:
            wrapped: makes it of the one that is read.
        """
        self._source = wrapped(self._source)

    @property
    def kind(self) -> str:
        """See `ByteSource`."""
        return self._kind

    @property
    def skipped(self) -> int:
        """Secondary and supplementary records so far that were left out."""
        return int(self._report[Field.SKIPPED])

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`.

        Raises:
            AlignmentFormatError: a record is damaged or has no qualities.
        """
        while True:
            if self._text:
                count = min(len(target), len(self._text))
                target[:count] = self._text[:count]
                self._text = self._text[count:]
                return count
            written = self._convert_into(np.frombuffer(target, np.uint8))
            if written:
                return written
            if self._report[Field.TROUBLE]:
                raise self._error(_SENTENCES[Trouble(int(self._report[Field.TROUBLE]))])
            if room := int(self._report[Field.ROOM]):  # a record larger than the target
                text = np.empty(room, np.uint8)
                self._text = memoryview(text.data)[: self._convert_into(text)]
            elif not self._fill():
                self._check_end()
                return 0

    def _convert_into(self, text: Bytes) -> int:
        self._convert(self._data, self._start, self._stop, text, len(text), self._report)
        self._start += int(self._report[Field.CONSUMED])
        return int(self._report[Field.WRITTEN])

    def _fill(self) -> bool:
        """Reads on, with what is left in front; false at the end."""
        if self._at_end:
            return False
        left = self._stop - self._start
        wanted = max(int(self._report[Field.WANTED]), left + 1)
        if wanted > _LARGEST_RECORD:
            raise self._error("this record would be longer than 512 MiB")
        data = self._data
        if wanted > len(data):
            data = np.empty(max(wanted, 2 * left), np.uint8)
        data[:left] = self._data[self._start : self._stop]
        self._offset += self._start
        self._data, self._start, self._stop = data, 0, left
        count = self._source.read_into(memoryview(data.data)[left:])
        self._at_end = count == 0
        self._stop += count
        if self._at_end and self.kind == "sam" and left and data[left - 1] != _NEWLINE:
            data[left] = _NEWLINE
            self._stop += 1
            return True
        return count > 0

    def _check_end(self) -> None:
        if self._start < self._stop or (self.kind == "bam" and not self._report[Field.HEADER]):
            raise self._error("the file ends in the middle of this record: it is truncated")

    def _error(self, reason: str) -> AlignmentFormatError:
        return AlignmentFormatError(
            reason.format(format=self.kind.upper()),
            path=self._path,
            record=int(self._report[Field.RECORDS]) + 1,
            offset=self._offset + self._start,
            hint=_NO_QUALITIES_HINT if self._report[Field.TROUBLE] == Trouble.NO_QUALITIES else None,
        )
