"""Reads that a search has found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.batch import Bytes, Column, ReadBatch


@dataclass(frozen=True, slots=True)
class Hit:
    """One read.

    Attributes:
        file: where it is.
        record: its number in the file, from 1.
        name: its header line without ``@``; bytes that are not UTF-8 are written as escapes.
        bases: its bases.
        qualities: its qualities, Phred+33.
        place: the motif's first base in the read as it is in the file, from 0; ``None`` without a motif.
        is_reverse: the motif's reverse complement is what is there.
        mismatches: bases there that differ from the motif.
    """

    file: Path
    record: int
    name: str
    bases: str
    qualities: str
    place: int | None = None
    is_reverse: bool = False
    mismatches: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class MotifPlaces:
    """Where the motif is, row by row.

    Attributes:
        places: int32 [n_reads], from 0.
        misses: int32 [n_reads], mismatches.
        strands: uint8 [n_reads], 1 for the reverse complement.
    """

    places: Column
    misses: Column
    strands: Bytes

    def rows(self, which: np.ndarray[tuple[int], np.dtype[np.intp]]) -> MotifPlaces:
        """Those of some reads."""
        return MotifPlaces(self.places[which], self.misses[which], self.strands[which])


@dataclass(frozen=True, slots=True, eq=False)
class HitBatch:
    """Hits that stand together in a file. Valid while the listener that gets it has not returned.

    Attributes:
        file: where they are.
        reads: the hits, none of them dropped; they may have been trimmed.
        motifs: where the motif is in each; ``None`` without one.
    """

    file: Path
    reads: ReadBatch
    motifs: MotifPlaces | None

    def __len__(self) -> int:
        return len(self.reads)

    def first(self, count: int) -> HitBatch:
        """The first hits of these."""
        if count >= len(self):
            return self
        motifs = None if self.motifs is None else self.motifs.rows(np.arange(count))
        return HitBatch(self.file, self.reads.rows(slice(0, count)), motifs)

    def hits(self) -> list[Hit]:
        """Copies that stay valid."""
        return [self._hit(row) for row in range(len(self))]

    def _hit(self, row: int) -> Hit:
        reads = self.reads
        names = reads.buffer if reads.name_buffer is None else reads.name_buffer
        length = int(reads.lengths[row])
        place = row if reads.places is None else int(reads.places[row])
        hit = Hit(
            self.file,
            reads.first_record + place + 1,
            _text(names, int(reads.name_starts[row]), int(reads.name_lengths[row])),
            _text(reads.buffer, int(reads.sequence_starts[row]), length),
            _text(reads.buffer, int(reads.quality_starts[row]), length),
        )
        if self.motifs is None:
            return hit
        motifs = self.motifs
        return Hit(
            hit.file, hit.record, hit.name, hit.bases, hit.qualities,
            int(motifs.places[row]), bool(motifs.strands[row]), int(motifs.misses[row]),
        )  # fmt: skip


def _text(buffer: Bytes, start: int, length: int) -> str:
    return buffer[start : start + length].tobytes().decode(errors="backslashreplace")
