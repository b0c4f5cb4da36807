"""Bases at cycles that few reads reach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.bases import BASES
from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

_UPPER = 0xDF
_A, _C, _G, _T, _N = BASES


def far_base_counts_reference(
    buffer: Bytes, starts: Column, lengths: Column, first: int, step: int, table: Table
) -> None:
    """Plain twin of `far_base_counts`."""
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        for cycle in range(first, length):
            base = bytes(buffer[start + cycle : start + cycle + 1]).upper()
            if base in BASES:
                table[(cycle + 1) // step, BASES.index(base)] += 1


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int64[:, ::1])")
def far_base_counts(buffer: Bytes, starts: Column, lengths: Column, first: int, step: int, table: Table) -> None:
    """Adds the bases of long reads, from a cycle on, to counts by some hundreds or thousands of cycles.

    Args:
        buffer: uint8, bases of either case.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        first: the cycle to begin at, from 0.
        step: cycles in a bin; a bin begins at a multiple of it, counted from base 1.
        table: int64 [> longest length // step, 5], bin by base, in the order of `BASES`.
    """
    for read in range(len(starts)):
        start = np.int64(starts[read])
        length = np.int64(lengths[read])
        cycle = np.int64(first)
        while cycle < length:
            at = (cycle + 1) // step
            end = min((at + 1) * step - 1, length)
            a, c, g, t, n = 0, 0, 0, 0, 0
            for base in buffer[start + cycle : start + end]:
                upper = base & _UPPER
                a += upper == _A
                c += upper == _C
                g += upper == _G
                t += upper == _T
                n += upper == _N
            table[at, 0] += a
            table[at, 1] += c
            table[at, 2] += g
            table[at, 3] += t
            table[at, 4] += n
            cycle = end
