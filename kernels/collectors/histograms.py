"""From one number a read to counts over all reads."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kernels.collectors.reads import gc_length
from kernels.jit import inlined, kernel

Column = npt.NDArray[np.int32]
Sums = npt.NDArray[np.int64]
Table = npt.NDArray[np.int64]

PERCENTS = 101
"""Bins of a GC distribution: 0..100 %."""


def mean_quality_counts_reference(sums: Sums, lengths: Column, table: Table) -> None:
    """Plain twin of `mean_quality_counts`."""
    for total, length in zip(sums.tolist(), lengths.tolist(), strict=True):
        if length:
            table[total // length - 33] += 1


@kernel("void(int64[::1], int32[::1], int64[::1])")
def mean_quality_counts(sums: Sums, lengths: Column, table: Table) -> None:
    """Counts reads by mean quality, rounded down; empty reads have none.

    Args:
        sums: int64 [n_reads], what `quality_sums` gives.
        lengths: int32 [n_reads].
        table: int64 [94], reads by Phred quality 0..93, to add to.
    """
    for read in range(len(sums)):
        if lengths[read] > 0:
            table[sums[read] // lengths[read] - 33] += 1


def length_counts_reference(lengths: Column, table: Table) -> None:
    """Plain twin of `length_counts`."""
    for length in lengths.tolist():
        table[length] += 1


@kernel("void(int32[::1], int64[::1])")
def length_counts(lengths: Column, table: Table) -> None:
    """Counts reads by length.

    Args:
        lengths: int32 [n_reads].
        table: int64 [> longest length], to add to.
    """
    for read in range(len(lengths)):
        table[lengths[read]] += 1


@inlined
def gc_class(length: int) -> int:
    """Number of the GC model of a read of `length`: 0..100 for that many bases, then 200, 300 .. 1,000, 2,000 .."""
    used = gc_length(length)
    if used > 1000:
        return 108 + used // 1000
    if used > 100:
        return 99 + used // 100
    return used


@inlined
def gc_bin(gc: float, length: int) -> int:
    """Nearest percent of `gc` bases in `length`, halves up (Java's ``Math.round``)."""
    return math.floor(min(max(gc, 0.0), float(length)) * 100.0 / length + 0.5)


def gc_class_length(number: int) -> int:
    """Bases of the GC model with this number; the inverse of `gc_class`."""
    if number > 108:
        return (number - 108) * 1000
    if number > 100:
        return (number - 99) * 100
    return number


def gc_claims_reference(gc: Column, lengths: Column, table: Table) -> None:
    """Plain twin of `gc_claims`."""
    for count, length in zip(gc.tolist(), lengths.tolist(), strict=True):
        step = 1000 if length > 1000 else 100 if length > 100 else 1
        used = length // step * step
        if used:
            low, high = max(count - 0.5, 0.0), min(count + 0.5, float(used))
            number = next(c for c in range(len(table)) if gc_class_length(c) == used)
            for percent in range(math.floor(low * 100 / used + 0.5), math.floor(high * 100 / used + 0.5) + 1):
                table[number, percent] += 1


@kernel("void(int32[::1], int32[::1], int64[:, ::1])")
def gc_claims(gc: Column, lengths: Column, table: Table) -> None:
    """Counts, for each model length and percent of GC, the reads that claim that percent.

    A read of L bases with g of them G or C claims every percent from (g - 0.5) / L to
    (g + 0.5) / L; later each claim is worth one over the number of values of g that
    can claim it (FastQC 0.12.1, ``GCModel``). Integers here, so that the order of reads
    cannot matter.

    Args:
        gc: int32 [n_reads], what `gc_counts` gives.
        lengths: int32 [n_reads], bases of the whole reads.
        table: int64 [> the longest read's `gc_class`, 101], to add to.
    """
    for read in range(len(gc)):
        used = gc_length(lengths[read])
        if used > 0:
            number = gc_class(lengths[read])
            for percent in range(gc_bin(gc[read] - 0.5, used), gc_bin(gc[read] + 0.5, used) + 1):
                table[number, percent] += 1
