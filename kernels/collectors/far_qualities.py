"""Base qualities at cycles that few reads reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.integer[Any]]
Sums = npt.NDArray[np.int64]

_PIECE = 2048
"""Cycles counted at once: with 40 qualities in 16-bit counters, 160 KiB."""


def far_quality_text_reference(buffer: Bytes, starts: Column, lengths: Column, first: int, text: Bytes) -> None:
    """Plain twin of `far_quality_text`."""
    parts = [bytes(buffer[start + first : start + length]) for start, length in zip(starts, lengths, strict=True)]
    text[: sum(map(len, parts))] = np.frombuffer(b"".join(parts), np.uint8)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, uint8[::1])")
def far_quality_text(buffer: Bytes, starts: Column, lengths: Column, first: int, text: Bytes) -> None:
    """Copies the qualities of reads, from a cycle on, one read behind the other.

    Args:
        buffer: uint8, qualities.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; at least `first`.
        first: the cycle to begin at, from 0.
        text: uint8, to fill.
    """
    at = 0
    for read in range(len(starts)):
        start = np.int64(starts[read])
        row = buffer[start + first : start + lengths[read]]
        text[at : at + len(row)] = row
        at += len(row)


def far_quality_levels_reference(buffer: Bytes, starts: Column, lengths: Column, first: int, seen: Flags) -> None:
    """Plain twin of `far_quality_levels`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for character in bytes(buffer[start + first : start + length]):
            seen[character] = True


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, boolean[::1])")
def far_quality_levels(buffer: Bytes, starts: Column, lengths: Column, first: int, seen: Flags) -> None:
    """Marks which qualities occur in reads from a cycle on.

    Args:
        buffer: uint8, qualities as characters.
        starts: int32 [n_reads], offset of each read's first quality, or of where that would be.
        lengths: int32 [n_reads], qualities; at least `first`.
        first: the cycle to begin at, from 0.
        seen: bool [256], by character; set where one occurs.
    """
    for read in range(len(starts)):
        start = np.int64(starts[read])
        for character in buffer[start + first : start + lengths[read]]:
            seen[character] = True


def far_quality_counts_reference(
    buffer: Bytes, starts: Column, lengths: Column, first: int, columns: Bytes, table: Counts
) -> None:
    """Plain twin of `far_quality_counts`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for cycle in range(first, length):
            table[cycle, columns[buffer[start + cycle]]] += 1


@kernel(
    *(
        f"void(uint8[::1], int32[::1], int32[::1], int64, uint8[::1], {counter}[:, ::1])"
        for counter in ("uint8", "uint16", "uint32")
    )
)
def far_quality_counts(
    buffer: Bytes, starts: Column, lengths: Column, first: int, columns: Bytes, table: Counts
) -> None:
    """Adds the qualities of few long reads, from a cycle on, to counts by cycle.

    All reads are counted for some cycles before the next are, so that these counters come to the cache once.

    Args:
        buffer: uint8, qualities as characters.
        starts: int32 [n_reads], offset of each read's first quality, or of where that would be.
        lengths: int32 [n_reads], qualities; in descending order.
        first: the cycle to begin at, from 0.
        columns: uint8 [256], the column of the table for each character.
        table: uint8, uint16 or uint32 [>= longest length, n_columns], cycle by quality; the caller sees to it that
            no count passes what it holds.
    """
    reads = len(starts)
    longest = int(lengths[0]) if reads else 0
    for piece in range(first, longest, _PIECE):
        while lengths[reads - 1] <= piece:
            reads -= 1
        for read in range(reads):
            start = np.int64(starts[read])
            for cycle in range(piece, min(piece + _PIECE, int(lengths[read]))):
                table[cycle, columns[buffer[start + cycle]]] += 1


def far_quality_sums_reference(
    buffer: Bytes, starts: Column, lengths: Column, first: int, totals: Sums, sums: Sums
) -> None:
    """Plain twin of `far_quality_sums`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for cycle in range(first, min(length, first + len(totals))):
            totals[cycle - first] += 1
            sums[cycle - first] += int(buffer[start + cycle]) - OFFSET


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64[::1], int64[::1])")
def far_quality_sums(buffer: Bytes, starts: Column, lengths: Column, first: int, totals: Sums, sums: Sums) -> None:
    """Adds up the qualities of reads, cycle by cycle, for some cycles.

    Args:
        buffer: uint8, qualities as characters.
        starts: int32 [n_reads], offset of each read's first quality, or of where that would be.
        lengths: int32 [n_reads], qualities.
        first: the cycle to begin at, from 0.
        totals: int64 [cycles], reads that reach each, to add to.
        sums: int64 [cycles], the sum of their qualities, to add to.
    """
    for read in range(len(starts)):
        start = np.int64(starts[read]) + first
        for cycle in range(min(len(totals), lengths[read] - first)):
            totals[cycle] += 1
            sums[cycle] += np.int64(buffer[start + cycle]) - OFFSET
