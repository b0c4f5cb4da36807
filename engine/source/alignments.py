"""BAM and SAM, aligned or not, as the FASTQ text that they were made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.batch import Bytes
from engine.errors import AlignmentFormatError
from engine.source.base import ByteSource
from engine.source.converted import ConvertedSource
from kernels.source.alignments import REPORT_SIZE, Field, Trouble
from kernels.source.bam import bam_to_fastq
from kernels.source.sam import sam_to_fastq

_LARGEST_RECORD = 1 << 29

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


class AlignmentSource(ConvertedSource):
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

    def _convert_into(self, text: Bytes) -> int:
        self._convert(self._data, self._start, self._stop, text, len(text), self._report)
        self._start += int(self._report[Field.CONSUMED])
        return int(self._report[Field.WRITTEN])

    def _refuse_invalid(self) -> None:
        if self._report[Field.TROUBLE]:
            raise self._error(_SENTENCES[Trouble(int(self._report[Field.TROUBLE]))])

    def _room_needed(self) -> int:
        return int(self._report[Field.ROOM])

    def _size_for(self, left: int) -> int:
        wanted = max(int(self._report[Field.WANTED]), left + 1)
        if wanted > _LARGEST_RECORD:
            raise self._error("this record would be longer than 512 MiB")
        return wanted if wanted <= len(self._data) else max(wanted, 2 * left)

    def _ends_lines(self) -> bool:
        return self.kind == "sam"

    def _refuse_rest(self, left: int) -> None:
        if left or (self.kind == "bam" and not self._report[Field.HEADER]):
            raise self._error("the file ends in the middle of this record: it is truncated")

    def _error(self, reason: str) -> AlignmentFormatError:
        return AlignmentFormatError(
            reason.format(format=self.kind.upper()),
            path=self._path,
            record=int(self._report[Field.RECORDS]) + 1,
            offset=self._offset + self._start,
            hint=_NO_QUALITIES_HINT if self._report[Field.TROUBLE] == Trouble.NO_QUALITIES else None,
        )
