"""What one batch adds up to, for judging how far batches differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Totals = npt.NDArray[np.int64]

BASES, ACGT, GC, QUALITY, Q30 = range(5)
"""Places in what `sample_totals` fills."""

_Q30_BYTE = 30 + 33
# Upper and lower case differ in one bit, C and G in another.
_UPPER = 0xDF
_GC_MASK = 0xDB
_GC_BITS = 0x43


def sample_totals_reference(
    buffer: Bytes, sequence_starts: Column, quality_starts: Column, lengths: Column, totals: Totals
) -> None:
    """Plain twin of `sample_totals`."""
    totals[:] = 0
    for sequence, quality, length in zip(sequence_starts, quality_starts, lengths, strict=True):
        bases = bytes(buffer[sequence : sequence + length]).upper()
        scores = [byte - 33 for byte in buffer[quality : quality + length].tolist()]
        gc = bases.count(b"G") + bases.count(b"C")
        totals += [length, gc + bases.count(b"A") + bases.count(b"T"), gc, sum(scores), sum(s >= 30 for s in scores)]


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64[::1])")
def sample_totals(
    buffer: Bytes, sequence_starts: Column, quality_starts: Column, lengths: Column, totals: Totals
) -> None:
    """Sums reads up.

    Args:
        buffer: uint8, bases and qualities, Phred+33.
        sequence_starts: int32 [n_reads], first base of each read.
        quality_starts: int32 [n_reads], first quality of each read.
        lengths: int32 [n_reads], bases of each read.
        totals: int64 [5], to fill: bases; those that are A, C, G or T, either case; those that are C or G; the sum
            of qualities, Phred; bases of Q30 or more.
    """
    totals[:] = 0
    for read in range(len(lengths)):
        length = lengths[read]
        bases = buffer[sequence_starts[read] : sequence_starts[read] + length]
        scores = buffer[quality_starts[read] : quality_starts[read] + length]
        gc = at = quality = high = np.int64(0)
        for i in range(length):
            upper = bases[i] & np.uint8(_UPPER)
            gc += np.int64((bases[i] & np.uint8(_GC_MASK)) == np.uint8(_GC_BITS))
            at += np.int64((upper == np.uint8(65)) | (upper == np.uint8(84)))
            quality += np.int64(scores[i])
            high += np.int64(scores[i] >= np.uint8(_Q30_BYTE))
        totals[BASES] += length
        totals[ACGT] += gc + at
        totals[GC] += gc
        totals[QUALITY] += quality - 33 * length
        totals[Q30] += high
