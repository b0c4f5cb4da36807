"""Where the good part of a read begins and ends, by its qualities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_G = 71


def _running_sum_cut(qualities: list[int], cutoff: int) -> int:
    """How many leading qualities to cut: where the sum of ``cutoff - quality`` is largest, before it is negative."""
    total = best = cut = 0
    for i, quality in enumerate(qualities):
        total += cutoff - quality
        if total < 0:
            break
        if total > best:
            best, cut = total, i + 1
    return cut


def quality_ends_reference(
    buffer: Bytes, starts: Column, lengths: Column, front: int, back: int, begins: Column, ends: Column
) -> None:
    """Plain twin of `quality_ends`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        qualities = [quality - OFFSET for quality in bytes(buffer[start : start + length])]
        begin = _running_sum_cut(qualities, front)
        end = length - _running_sum_cut(qualities[::-1], back)
        begins[read], ends[read] = (begin, end) if begin < end else (0, 0)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int32[::1], int32[::1])")
def quality_ends(
    buffer: Bytes, starts: Column, lengths: Column, front: int, back: int, begins: Column, ends: Column
) -> None:
    """Finds the part of each read that quality trimming leaves.

    From either end, ``cutoff - quality`` is summed up base by base until the sum is negative; the read
    is cut where the sum was largest. Where the two cuts meet, nothing is left. The algorithm is
    BWA's and cutadapt's (``-q``).

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        front: Phred cutoff for the 5' end; 0 cuts nothing.
        back: Phred cutoff for the 3' end; 0 cuts nothing.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        length = int(lengths[read])
        begin = 0
        total = 0
        best = 0
        if front > 0:
            for i in range(length):
                total += front - (int(buffer[start + i]) - OFFSET)
                if total < 0:
                    break
                if total > best:
                    best = total
                    begin = i + 1
        end = length
        total = 0
        best = 0
        if back > 0:
            for i in range(length - 1, -1, -1):
                total += back - (int(buffer[start + i]) - OFFSET)
                if total < 0:
                    break
                if total > best:
                    best = total
                    end = i
        if begin >= end:
            begin = end = 0
        begins[read] = begin
        ends[read] = end


def two_colour_ends_reference(
    buffer: Bytes, bases: Column, qualities: Column, lengths: Column, cutoff: int, ends: Column
) -> None:
    """Plain twin of `two_colour_ends`."""
    for read, length in enumerate(lengths.tolist()):
        text = bytes(buffer[bases[read] : bases[read] + length])
        scores = bytes(buffer[qualities[read] : qualities[read] + length])
        taken = [
            cutoff - 1 if base == _G else score - OFFSET for base, score in zip(text[::-1], scores[::-1], strict=True)
        ]
        ends[read] = length - _running_sum_cut(taken, cutoff)


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64, int32[::1])")
def two_colour_ends(
    buffer: Bytes, bases: Column, qualities: Column, lengths: Column, cutoff: int, ends: Column
) -> None:
    """Finds the 3' end that quality trimming for two-colour instruments leaves.

    As `quality_ends` at the 3' end, but every G counts as one below the cutoff, whatever its quality: such
    instruments read a dark cycle as G of high quality (cutadapt's ``--nextseq-trim``).

    Args:
        buffer: uint8, bases and quality characters.
        bases: int32 [n_reads], offset of each read's first base.
        qualities: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], bases.
        cutoff: Phred cutoff.
        ends: int32 [n_reads], to fill: bases that are left.
    """
    for read in range(len(bases)):
        end = int(lengths[read])
        total = 0
        best = 0
        for i in range(int(lengths[read]) - 1, -1, -1):
            quality = int(buffer[int(qualities[read]) + i]) - OFFSET
            if buffer[int(bases[read]) + i] == _G:
                quality = cutoff - 1
            total += cutoff - quality
            if total < 0:
                break
            if total > best:
                best = total
                end = i
        ends[read] = end
