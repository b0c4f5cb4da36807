"""One number a read that filters look at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET, QUALITIES

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]

ERROR_RATES: Numbers = np.array([10.0 ** (-quality / 10) for quality in range(QUALITIES)], np.float64)
"""Chance that a base is wrong, by its Phred quality."""

_UPPER = 0xDF


def n_counts_reference(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Plain twin of `n_counts`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        counts[read] = bytes(buffer[start : start + length]).upper().count(b"N")


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def n_counts(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Counts N, either case, in each read.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        counts: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        row = buffer[starts[read] : starts[read] + lengths[read]]
        total = np.int32(0)
        for i in range(len(row)):
            total += np.int32((row[i] & np.uint8(_UPPER)) == np.uint8(78))
        counts[read] = total


def gc_bases_reference(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Plain twin of `gc_bases`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length]).upper()
        counts[read] = text.count(b"G") + text.count(b"C")


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def gc_bases(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Counts G and C, either case, in each whole read.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        counts: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        row = buffer[starts[read] : starts[read] + lengths[read]]
        total = np.int32(0)
        for i in range(len(row)):
            total += np.int32((row[i] & np.uint8(0xDB)) == np.uint8(0x43))
        counts[read] = total


def expected_errors_reference(buffer: Bytes, starts: Column, lengths: Column, rates: Numbers, errors: Numbers) -> None:
    """Plain twin of `expected_errors`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        scores = [rates[character - OFFSET] for character in bytes(buffer[start : start + length])]
        fours = length // 4 * 4
        sums = [0.0, 0.0, 0.0, 0.0]
        for i, rate in enumerate(scores[:fours]):
            sums[i % 4] += rate
        for rate in scores[fours:]:
            sums[0] += rate
        errors[read] = sums[0] + sums[1] + sums[2] + sums[3]


@kernel("void(uint8[::1], int32[::1], int32[::1], float64[::1], float64[::1])")
def expected_errors(buffer: Bytes, starts: Column, lengths: Column, rates: Numbers, errors: Numbers) -> None:
    """Sums the chances that each base of a read is wrong (Edgar and Flyvbjerg 2015, section 2.2).

    Added up in four sums, base by base in turn, what is left over in the first: in this order the
    result is cutadapt's to the last bit, and so is what is above a limit.

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        rates: float64 [94], `ERROR_RATES`.
        errors: float64 [n_reads], to fill.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        length = int(lengths[read])
        first = second = third = fourth = 0.0
        fours = length // 4 * 4
        for i in range(0, fours, 4):
            first += rates[buffer[start + i] - np.uint8(OFFSET)]
            second += rates[buffer[start + i + 1] - np.uint8(OFFSET)]
            third += rates[buffer[start + i + 2] - np.uint8(OFFSET)]
            fourth += rates[buffer[start + i + 3] - np.uint8(OFFSET)]
        for i in range(fours, length):
            first += rates[buffer[start + i] - np.uint8(OFFSET)]
        errors[read] = first + second + third + fourth


def changes_reference(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Plain twin of `changes`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])
        counts[read] = sum(text[i] != text[i + 1] for i in range(length - 1))


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def changes(buffer: Bytes, starts: Column, lengths: Column, counts: Column) -> None:
    """Counts the bases of each read that differ from the next one: fastp's measure of complexity.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        counts: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        total = np.int32(0)
        for i in range(start, start + lengths[read] - 1):
            total += np.int32(buffer[i] != buffer[i + 1])
        counts[read] = total


def low_counts_reference(buffer: Bytes, starts: Column, lengths: Column, cutoff: int, counts: Column) -> None:
    """Plain twin of `low_counts`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        counts[read] = sum(character - OFFSET < cutoff for character in bytes(buffer[start : start + length]))


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int32[::1])")
def low_counts(buffer: Bytes, starts: Column, lengths: Column, cutoff: int, counts: Column) -> None:
    """Counts the qualities of each read that are below a cutoff.

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        cutoff: Phred, 0..93.
        counts: int32 [n_reads], to fill.
    """
    lowest = np.uint8(cutoff + OFFSET)
    for read in range(len(starts)):
        row = buffer[starts[read] : starts[read] + lengths[read]]
        total = np.int32(0)
        for i in range(len(row)):
            total += np.int32(row[i] < lowest)
        counts[read] = total
