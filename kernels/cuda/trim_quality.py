"""Where the good part of a read begins and ends, by its qualities, on a device: a read a thread, as on the CPU."""

from __future__ import annotations

import numpy as np
from numba import cuda

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import load_four, load_four_up_to
from kernels.qualities import OFFSET

THREADS = 64
"""Threads of a block that has a read for each: few, so that few reads are shared among many multiprocessors."""

_BYTE = np.uint32(0xFF)
_ONES = np.uint32(0xFFFFFFFF)
_G = np.uint32(0x47474747)
_LOWS = np.uint32(0x7F7F7F7F)
_HIGHS = np.uint32(0x80808080)
_LOWEST = np.uint64(0x01010101)


@within_device
def _front_cut(buffer: DeviceArray, start: np.uint32, length: np.int32, cutoff: np.int32) -> np.int32:
    """Leading bases to cut: where the sum of ``cutoff - quality`` is largest, before it is negative."""
    least = np.int32(cutoff + OFFSET)
    total, best, cut, at = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    while at < length:
        word = load_four(buffer, np.uint32(start + np.uint32(at)))
        left = np.int32(length - at)
        if left < 4:  # of a quality behind the end, which is above any cutoff, no sum becomes larger
            word = np.uint32(word | np.uint32(_ONES << np.uint32(8 * left)))
        for byte in range(4):
            total = np.int32(total + np.int32(least - np.int32((word >> np.uint32(8 * byte)) & _BYTE)))
            if total < 0:
                return cut
            if total > best:
                best = total
                cut = np.int32(at + byte + 1)
        at = np.int32(at + 4)
    return cut


@within_device
def _without_dark(word: np.uint32, bases: np.uint32, quality: np.uint32) -> np.uint32:
    """Four quality characters, with another one for those whose base is G."""
    differing = np.uint32(bases ^ _G)
    same = np.uint32(np.uint32(~np.uint32(np.uint32((differing & _LOWS) + _LOWS) | differing)) & _HIGHS)
    mask = np.uint32(np.uint64(same >> np.uint32(7)) * np.uint64(_BYTE))
    return np.uint32((word & np.uint32(~mask)) | (np.uint32(np.uint64(quality) * _LOWEST) & mask))


@within_device
def _back_end(
    buffer: DeviceArray, start: np.uint32, length: np.int32, cutoff: np.int32, bases: np.uint32, two_colour: bool
) -> np.int32:
    """Where the read ends once it is cut so from its end; `two_colour`: any G is just below the cutoff."""
    least = np.int32(cutoff + OFFSET)
    total, best, end, left = np.int32(0), np.int32(0), length, length
    while left > 0:
        word = load_four_up_to(buffer, start, left)
        if two_colour:
            word = _without_dark(word, load_four_up_to(buffer, bases, left), np.uint32(least - 1))
        if left < 4:
            word = np.uint32(word | np.uint32(_ONES >> np.uint32(8 * left)))
        for byte in range(3, -1, -1):
            total = np.int32(total + np.int32(least - np.int32((word >> np.uint32(8 * byte)) & _BYTE)))
            if total < 0:
                return end
            if total > best:
                best = total
                end = np.int32(left + byte - 4)
        left = np.int32(left - 4)
    return end


@on_device
def _cut(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    front: int,
    back: int,
    begins: DeviceArray,
    ends: DeviceArray,
) -> None:
    read = np.uint32(cuda.grid(1))
    while read < np.uint32(len(starts)):  # a range would divide, to know how often
        start, length = np.uint32(starts[read]), np.int32(lengths[read])
        begin, end = np.int32(0), length
        if front > 0:
            begin = _front_cut(buffer, start, length, np.int32(front))
        if back > 0:
            end = _back_end(buffer, start, length, np.int32(back), start, False)
        if begin >= end:
            begin, end = np.int32(0), np.int32(0)
        begins[read] = begin
        ends[read] = end
        read = np.uint32(read + np.uint32(cuda.gridsize(1)))


@on_device
def _cut_two_colour(
    buffer: DeviceArray,
    bases: DeviceArray,
    qualities: DeviceArray,
    lengths: DeviceArray,
    cutoff: int,
    ends: DeviceArray,
) -> None:
    read = np.uint32(cuda.grid(1))
    while read < np.uint32(len(bases)):  # a range would divide, to know how often
        start, length = np.uint32(qualities[read]), np.int32(lengths[read])
        ends[read] = _back_end(buffer, start, length, np.int32(cutoff), np.uint32(bases[read]), True)
        read = np.uint32(read + np.uint32(cuda.gridsize(1)))


def quality_ends(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    front: int,
    back: int,
    begins: DeviceArray,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_quality.quality_ends`: finds the part of each read that quality trimming leaves.

    Args:
        buffer: uint8, quality characters 33..126, begins at a multiple of 4 bytes, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities, at most 10 million.
        front: Phred cutoff for the 5' end, at most 200; 0 cuts nothing.
        back: Phred cutoff for the 3' end, likewise.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning.
        stream: where the launch goes.
    """
    if len(starts):
        in_block = threads(THREADS)
        arguments = (buffer, starts, lengths, front, back, begins, ends)
        launch(_cut, blocks(len(starts), in_block, in_block), in_block, arguments, stream)


def two_colour_ends(
    buffer: DeviceArray,
    bases: DeviceArray,
    qualities: DeviceArray,
    lengths: DeviceArray,
    cutoff: int,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_quality.two_colour_ends`: likewise at the 3' end, where G may be a dark cycle.

    Args:
        buffer: as for `quality_ends`, with the bases.
        bases: int32 [n_reads], offset of each read's first base.
        qualities: int32 [n_reads], offset of each read's first quality.
        lengths: as there.
        cutoff: Phred cutoff, at most 200.
        ends: int32 [n_reads], to fill: bases that are left.
        stream: where the launch goes.
    """
    if len(bases):
        in_block = threads(THREADS)
        arguments = (buffer, bases, qualities, lengths, cutoff, ends)
        launch(_cut_two_colour, blocks(len(bases), in_block, in_block), in_block, arguments, stream)
