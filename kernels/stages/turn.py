"""Reads turned around: as the other strand has them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]


def complement_table() -> Bytes:
    """uint8 [256]: the complement of each IUPAC letter in its case, A that of U; of anything else itself."""
    table = np.arange(256, dtype=np.uint8)
    for base, other in zip(b"ACGTUMRYKVHDB", b"TGCAAKYRMBDHV", strict=True):
        table[base] = other
        table[base + 32] = other + 32
    return table


COMPLEMENT = complement_table()


def turned_reference(buffer: Bytes, starts: Column, lengths: Column, complement: Bytes, target: Bytes) -> None:
    """Plain twin of `turned`."""
    at = 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        target[at : at + length] = complement[buffer[start : start + length]][::-1]
        at += length


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[::1], uint8[::1])")
def turned(buffer: Bytes, starts: Column, lengths: Column, complement: Bytes, target: Bytes) -> None:
    """Writes the reverse complements of reads, one after the other.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        complement: uint8 [256], `COMPLEMENT`.
        target: uint8 [>= sum of lengths], to fill.
    """
    at = 0
    for read in range(len(starts)):
        last = int(starts[read]) + lengths[read] - 1
        for i in range(lengths[read]):
            target[at + i] = complement[buffer[last - i]]
        at += lengths[read]


def turn_reference(
    buffer: Bytes, bases: Column, qualities: Column, lengths: Column, which: Bytes, complement: Bytes
) -> None:
    """Plain twin of `turn`."""
    for read in np.flatnonzero(which).tolist():
        base, quality, length = int(bases[read]), int(qualities[read]), int(lengths[read])
        buffer[base : base + length] = complement[buffer[base : base + length]][::-1].copy()
        buffer[quality : quality + length] = buffer[quality : quality + length][::-1].copy()


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], uint8[::1], uint8[::1])")
def turn(buffer: Bytes, bases: Column, qualities: Column, lengths: Column, which: Bytes, complement: Bytes) -> None:
    """Puts the reverse complement into the place of a read, its qualities likewise reversed.

    Args:
        buffer: uint8, bases and qualities, changed.
        bases: int32 [n_reads], offset of each read's first base.
        qualities: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], bases.
        which: uint8 [n_reads], 0 for reads that stay as they are.
        complement: uint8 [256], `COMPLEMENT`.
    """
    for read in range(len(bases)):
        if not which[read]:
            continue
        left, right = int(bases[read]), int(bases[read]) + lengths[read] - 1
        while left <= right:
            base = buffer[left]
            buffer[left] = complement[buffer[right]]
            buffer[right] = complement[base]
            left += 1
            right -= 1
        left, right = int(qualities[read]), int(qualities[read]) + lengths[read] - 1
        while left < right:
            score = buffer[left]
            buffer[left] = buffer[right]
            buffer[right] = score
            left += 1
            right -= 1


def picked_reference(
    buffer: Bytes, columns: Column, other: Bytes, other_columns: Column, which: Bytes, target: Bytes, places: Column
) -> None:
    """Plain twin of `picked`."""
    at = 0
    for read, takes_other in enumerate(which.tolist()):
        text, (base, quality, length) = (
            (other, other_columns[:, read].tolist()) if takes_other else (buffer, columns[:, read].tolist())
        )
        target[at] = 0
        at += 1
        places[:, read] = at, at + length, length
        target[at : at + length] = text[base : base + length]
        target[at + length : at + 2 * length] = text[quality : quality + length]
        at += 2 * length


@kernel("void(uint8[::1], int32[:, ::1], uint8[::1], int32[:, ::1], uint8[::1], uint8[::1], int32[:, ::1])")
def picked(
    buffer: Bytes, columns: Column, other: Bytes, other_columns: Column, which: Bytes, target: Bytes, places: Column
) -> None:
    """Writes one read of each pair: a zero, its bases and then its qualities.

    Args:
        buffer: uint8, text with the bases and qualities of one read of each pair.
        columns: int32 [3, n_reads], where its bases and qualities begin, and how many there are.
        other: likewise, of the other read.
        other_columns: likewise.
        which: uint8 [n_reads], not 0 for pairs of which the other read is written.
        target: uint8 [>= twice the bases written, and n_reads], to fill.
        places: int32 [3, n_reads], to fill: as `columns`, in `target`.
    """
    at = 0
    for read in range(len(which)):
        source = other if which[read] else buffer
        base = int(other_columns[0, read] if which[read] else columns[0, read])
        quality = int(other_columns[1, read] if which[read] else columns[1, read])
        length = int(other_columns[2, read] if which[read] else columns[2, read])
        target[at] = 0
        at += 1
        places[0, read] = at
        places[1, read] = at + length
        places[2, read] = length
        for i in range(length):
            target[at + i] = source[base + i]
            target[at + length + i] = source[quality + i]
        at += 2 * length
