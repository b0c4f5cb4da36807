"""BAM and SAM put together field by field, as the specification has them, and the reads they stand for."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

CODES = "=ACMGRSVTWYHKDBN"
OPPOSITE = dict(zip("=ACMGRSVTWYHKDBN", "=TGKCYSBAWRDMHVN", strict=True))
HEADER = "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:1000000\n@SQ\tSN:chr2\tLN:5\n"


@dataclass(frozen=True)
class Record:
    """One record; `qualities` are numbers, `bases` in capitals."""

    name: str
    flags: int
    bases: str
    qualities: tuple[int, ...]
    tags: bytes = b""

    @property
    def is_skipped(self) -> bool:
        """Whether the record repeats another record's read."""
        return bool(self.flags & 0x900)

    def fastq(self) -> bytes:
        """The read as it came from the machine."""
        bases, qualities = self.bases, self.qualities
        if self.flags & 0x10:
            bases = "".join(OPPOSITE[base] for base in reversed(bases))
            qualities = qualities[::-1]
        mate = {0x41: "/1", 0x81: "/2"}.get(self.flags & 0xC1, "")
        text = "".join(chr(33 + quality) for quality in qualities)
        return f"@{self.name}{mate}\n{bases}\n+\n{text}\n".encode()

    def bam(self) -> bytes:
        """The record as BAM has it, with a length in front."""
        name = self.name.encode() + b"\0"
        cigar = b"" if self.flags & 4 else struct.pack("<I", len(self.bases) << 4)
        codes = [CODES.index(base) for base in self.bases] + [0] * (len(self.bases) % 2)
        packed = bytes(high << 4 | low for high, low in zip(codes[::2], codes[1::2], strict=True))
        place = -1 if self.flags & 4 else 0
        fixed = struct.pack(
            "<iiBBHHHiiii", place, place, len(name), 0, 0, len(cigar) // 4, self.flags, len(self.bases), -1, -1, 0
        )
        body = fixed + name + cigar + packed + bytes(self.qualities) + self.tags
        return struct.pack("<i", len(body)) + body

    def sam(self) -> str:
        """The record as a line of SAM, without its end."""
        cigar = "*" if self.flags & 4 or not self.bases else f"{len(self.bases)}M"
        text = "".join(chr(33 + quality) for quality in self.qualities)
        place = "*\t0" if self.flags & 4 else "chr1\t1"
        return f"{self.name}\t{self.flags}\t{place}\t0\t{cigar}\t*\t0\t0\t{self.bases or '*'}\t{text or '*'}"


def bam(records: Iterable[Record], header: str = HEADER) -> bytes:
    """A whole BAM file before its compression."""
    references = b""
    for name, length in ((b"chr1\0", 1_000_000), (b"chr2\0", 5)):
        references += struct.pack("<i", len(name)) + name + struct.pack("<i", length)
    text = header.encode()
    start = b"BAM\x01" + struct.pack("<i", len(text)) + text + struct.pack("<i", 2) + references
    return start + b"".join(record.bam() for record in records)


def sam(records: Iterable[Record], header: str = HEADER) -> bytes:
    """A whole SAM file."""
    return header.encode() + b"".join(record.sam().encode() + b"\n" for record in records)


def fastq(records: Iterable[Record]) -> bytes:
    """What is to be read from them."""
    return b"".join(record.fastq() for record in records if not record.is_skipped)
