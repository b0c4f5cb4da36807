"""Reads of two-base colours, as SOLiD sequencers wrote them, as bases.

A read is the last base of its primer and one colour for each step from a base to the next: ``T0123.``. The colours
are those of Applied Biosystems: 0 for the same base again, 1 for A and C or G and T, 2 for A and G or C and T, 3 for A
and T or C and G. With A, C, G and T numbered so from 0, the next base's number is the exclusive or of the last one's
and of the colour. Past a colour that is not known nothing is known: all N.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from engine.batch import Bytes
from engine.errors import FastqFormatError
from engine.source.around import SourceAround
from engine.source.base import ByteSource

COLOUR_SPACE = "colour space"
"""What stands in the kind of an input of colours, after how it is stored."""

_PIECE = 1 << 20
_FIRST = re.compile(rb"\s*@[^\n]*\n[ACGTacgt][0-6.]+\r?\n")
_COLOUR = re.compile(rb"\d")
_COLOURS = re.compile(rb"(?:[ACGTacgt][0-6.]*)?")
_BASES = np.frombuffer(b"ACGT", np.uint8)
_UNKNOWN = ord("N")
# Of each byte of a line: its number as a base or a colour, and whether it is a colour that is not known.
_NUMBERS = np.zeros(256, np.uint8)
for _number, (_upper, _lower, _colour) in enumerate(zip(b"ACGT", b"acgt", b"0123", strict=True)):
    _NUMBERS[[_upper, _lower, _colour]] = _number
_IS_UNKNOWN = np.zeros(256, np.bool_)
_IS_UNKNOWN[list(b".456")] = True


def holds_colours(head: bytes) -> bool:
    """Whether a text begins with a read of colours; one of a base and dots is, unless others in sight are of bases."""
    if not _FIRST.match(head):
        return False
    reads = head.lstrip().split(b"\n")[1:-1:4]
    return bool(_COLOUR.search(reads[0])) or all(_COLOURS.fullmatch(read.removesuffix(b"\r")) for read in reads)


def bases_of(reads: list[bytes]) -> list[bytes]:
    """The bases of reads of colours, each one shorter than its read, as the primer's base is none of its own.

    Args:
        reads: each a base and colours, or empty.
    """
    text = np.frombuffer(b"".join(reads), np.uint8)
    lengths = np.array([len(read) for read in reads])
    starts = np.cumsum(lengths) - lengths
    if not len(text):
        return [b""] * len(reads)
    read_of = np.repeat(np.arange(len(reads)), lengths)
    numbers = np.bitwise_xor.accumulate(_NUMBERS[text])
    before = np.concatenate([[np.uint8(0)], numbers])[starts]
    unknown = np.cumsum(_IS_UNKNOWN[text])
    unknown_before = np.concatenate([[0], unknown])[starts]
    bases: Bytes = _BASES[numbers ^ before[read_of]]
    bases[unknown > unknown_before[read_of]] = _UNKNOWN
    turned = bases.tobytes()
    return [turned[start + 1 : start + length] for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)]


class ColourSource(SourceAround):
    """The text of a FASTQ file of colours with bases in their stead.

    Qualities may be as many as colours, or one more: then the first is the primer's, and is left out too.

    Args:
        source: closed with this one.
        path: the input, for errors.
    """

    def __init__(self, source: ByteSource, path: Path) -> None:
        super().__init__(source)
        self._path = path
        self._scratch = bytearray(_PIECE)
        self._rest = b""
        self._text = memoryview(b"")
        self._records = 0
        self._lines = 0
        self._offset = 0
        self._at_end = False
        self._trouble: FastqFormatError | None = None

    @property
    def kind(self) -> str:
        """See `ByteSource`; tells of the colours too."""
        return f"{self._source.kind}, {COLOUR_SPACE}"

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`.

        Raises:
            FastqFormatError: a read is of something else, or its lines are not in order.
        """
        while not self._text:
            if self._trouble is not None:
                raise self._trouble
            if self._at_end:
                return 0
            self._fill()
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def _fill(self) -> None:
        """Turns what comes next, as far as its records are whole."""
        count = self._source.read_into(memoryview(self._scratch))
        self._at_end = count == 0
        data = self._rest + self._scratch[:count]
        if self._at_end and data and not data.endswith(b"\n"):
            data += b"\n"
        lines = data.split(b"\n")
        self._rest = lines.pop()
        used = self._turn(lines)
        left = lines[used:]
        self._rest = b"".join(line + b"\n" for line in left) + self._rest
        if self._at_end and any(line.strip() for line in left) and self._trouble is None:
            self._trouble = self._error("the file ends in the middle of this record: it is truncated.", len(left))

    def _turn(self, lines: list[bytes]) -> int:
        """Turns whole records; returns how many lines have been used up."""
        headers, reads, qualities = [], [], []
        at = 0
        try:
            while at < len(lines):
                if not lines[at].strip():
                    self._pass(lines[at : at + 1])
                    at += 1
                    continue
                if at + 4 > len(lines):
                    break
                record = lines[at : at + 4]
                header, read, separator, quality = (line.removesuffix(b"\r") for line in record)
                self._check(header, read, separator, quality)
                headers.append(header)
                reads.append(read)
                qualities.append(quality[len(quality) - max(len(read) - 1, 0) :])
                self._pass(record)
                self._records += 1
                at += 4
        except FastqFormatError as trouble:
            self._trouble = trouble
        turned = zip(headers, bases_of(reads), qualities, strict=True)
        self._text = memoryview(b"".join(b"%b\n%b\n+\n%b\n" % record for record in turned))
        return at

    def _check(self, header: bytes, read: bytes, separator: bytes, quality: bytes) -> None:
        if not header.startswith(b"@"):
            raise self._error("a record has to begin with @.", 0)
        if not _COLOURS.fullmatch(read):
            raise self._error(
                "the reads before are of colours (a base and then 0, 1, 2, 3 or .), and this one is not.", 1
            )
        if separator != b"+" and separator != b"+" + header[1:]:
            raise self._error("the third line of a record has to be a + and, at most, the record's name.", 2)
        colours = max(len(read) - 1, 0)
        if len(quality) not in (colours, len(read)):
            raise self._error(f"the read has {colours:,} colours but there are {len(quality):,} qualities.", 3)

    def _pass(self, lines: list[bytes]) -> None:
        self._lines += len(lines)
        self._offset += sum(map(len, lines)) + len(lines)

    def _error(self, reason: str, line: int) -> FastqFormatError:
        return FastqFormatError(
            reason, path=self._path, record=self._records + 1, line=self._lines + line + 1, offset=self._offset
        )
