"""Correcting the two reads of a pair by each other, and making one read of both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]


def correct_pairs_reference(
    buffer: Bytes,
    columns: Column,
    mates: Bytes,
    mate_columns: Column,
    found: Column,
    complement: Bytes,
    good: int,
    bad: int,
    counts: Column,
) -> None:
    """Plain twin of `correct_pairs`."""
    counts[:] = 0
    for row, (offset, bases, _) in enumerate(found.tolist()):
        for i in range(bases):
            here = max(offset, 0) + i
            there = int(mate_columns[2, row]) - 1 - max(-offset, 0) - i
            base, quality = columns[0, row] + here, columns[1, row] + here
            other, other_quality = mate_columns[0, row] + there, mate_columns[1, row] + there
            scores = int(buffer[quality]) - OFFSET, int(mates[other_quality]) - OFFSET
            if buffer[base] == complement[mates[other]]:
                continue
            if scores[0] >= good and scores[1] <= bad:
                mates[other], mates[other_quality] = complement[buffer[base]], buffer[quality]
                counts[row] += 1
            elif scores[1] >= good and scores[0] <= bad:
                buffer[base], buffer[quality] = complement[mates[other]], mates[other_quality]
                counts[row] += 1


@kernel(
    "void(uint8[::1], int32[:, ::1], uint8[::1], int32[:, ::1], int32[:, ::1], uint8[::1], int64, int64, int32[::1])"
)
def correct_pairs(
    buffer: Bytes,
    columns: Column,
    mates: Bytes,
    mate_columns: Column,
    found: Column,
    complement: Bytes,
    good: int,
    bad: int,
    counts: Column,
) -> None:
    """Where the reads of a pair differ in their overlap, the one of good quality overwrites the one of bad.

    The quality is taken over with the base (fastp's ``--correction``).

    Args:
        buffer: uint8, bases and qualities of the first reads, changed.
        columns: int32 [3, n_pairs], sequence starts, quality starts, lengths.
        mates: uint8, bases and qualities of the second reads, changed.
        mate_columns: likewise.
        found: int32 [n_pairs, 3], what `kernels.overlap.overlaps` gives.
        complement: uint8 [256], `kernels.overlap.COMPLEMENT`.
        good: least good quality, Phred.
        bad: highest bad quality, below `good`.
        counts: int32 [n_pairs], to fill: bases corrected.
    """
    for row in range(len(found)):
        counts[row] = 0
        offset = int(found[row, 0])
        if found[row, 2] == 0:
            continue
        here = max(offset, 0)
        there = mate_columns[2, row] - 1 - max(-offset, 0)
        for i in range(found[row, 1]):
            base = columns[0, row] + here + i
            other = mate_columns[0, row] + there - i
            if buffer[base] == complement[mates[other]]:
                continue
            quality = columns[1, row] + here + i
            other_quality = mate_columns[1, row] + there - i
            score = buffer[quality] - OFFSET
            other_score = mates[other_quality] - OFFSET
            if score >= good and other_score <= bad:
                mates[other] = complement[buffer[base]]
                mates[other_quality] = buffer[quality]
                counts[row] += 1
            elif other_score >= good and score <= bad:
                buffer[base] = complement[mates[other]]
                buffer[quality] = mates[other_quality]
                counts[row] += 1


def merge_pairs_reference(
    buffer: Bytes,
    columns: Column,
    mates: Bytes,
    mate_columns: Column,
    found: Column,
    complement: Bytes,
    target: Bytes,
    merged: Column,
) -> None:
    """Plain twin of `merge_pairs`."""
    at = 0
    for row, (offset, bases, _) in enumerate(found.tolist()):
        sequence, quality, length = columns[:, row].tolist()
        mate_sequence, mate_quality, mate_length = mate_columns[:, row].tolist()
        text = bytes(buffer[sequence : sequence + length]), bytes(buffer[quality : quality + length])
        mate_bases = bytes(mates[mate_sequence : mate_sequence + mate_length])
        mate_scores = bytes(mates[mate_quality : mate_quality + mate_length])[::-1]
        turned = bytes(int(complement[base]) for base in reversed(mate_bases))
        if bases:
            own = max(offset, 0) + bases
            beyond = slice(bases, None) if offset > 0 else slice(0, 0)
            text = text[0][:own] + turned[beyond], text[1][:own] + mate_scores[beyond]
        size = len(text[0])
        target[at] = 0
        at += 1
        merged[:, row] = at, at + size, size
        target[at : at + 2 * size] = np.frombuffer(text[0] + text[1], np.uint8)
        at += 2 * size


@kernel(
    "void(uint8[::1], int32[:, ::1], uint8[::1], int32[:, ::1], int32[:, ::1], uint8[::1], uint8[::1], int32[:, ::1])"
)
def merge_pairs(
    buffer: Bytes,
    columns: Column,
    mates: Bytes,
    mate_columns: Column,
    found: Column,
    complement: Bytes,
    target: Bytes,
    merged: Column,
) -> None:
    """Makes one read of each pair that overlaps: the first read, and what the second one has beyond it.

    In the overlap, bases and qualities are the first read's (fastp's ``--merge``). Reads of other pairs are copied.

    Args:
        buffer: uint8, bases and qualities of the first reads.
        columns: int32 [3, n_pairs], sequence starts, quality starts, lengths.
        mates: uint8, bases and qualities of the second reads.
        mate_columns: likewise.
        found: int32 [n_pairs, 3], what `kernels.overlap.overlaps` gives; no bases for pairs not to merge.
        complement: uint8 [256], `kernels.overlap.COMPLEMENT`.
        target: uint8 [>= twice all lengths, and n_pairs], to fill: a zero, bases and qualities of each read.
        merged: int32 [3, n_pairs], to fill: sequence starts, quality starts and lengths in `target`.
    """
    at = 0
    for row in range(len(found)):
        offset = int(found[row, 0])
        bases = int(found[row, 1])
        own = int(columns[2, row])
        beyond = 0
        if bases > 0:
            own = bases + max(offset, 0)
            if offset > 0:
                beyond = max(int(mate_columns[2, row]) - bases, 0)
        size = own + beyond
        target[at] = 0
        at += 1
        for i in range(own):
            target[at + i] = buffer[columns[0, row] + i]
            target[at + size + i] = buffer[columns[1, row] + i]
        last = mate_columns[2, row] - 1 - bases
        for i in range(beyond):
            target[at + own + i] = complement[mates[mate_columns[0, row] + last - i]]
            target[at + size + own + i] = mates[mate_columns[1, row] + last - i]
        merged[0, row] = at
        merged[1, row] = at + size
        merged[2, row] = size
        at += 2 * size
