"""Trimming by the mean quality of windows that slide along a read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]


def window_begins_reference(
    buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, begins: Column
) -> None:
    """Plain twin of `window_begins`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        scores = [character - OFFSET for character in bytes(buffer[start : start + length])]
        width = min(window, length)
        good = [i for i in range(length - width + 1) if width and sum(scores[i : i + width]) >= quality * width]
        begins[read] = good[0] if good else length


def window_ends_reference(
    buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, ends: Column
) -> None:
    """Plain twin of `window_ends`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        scores = [character - OFFSET for character in bytes(buffer[start : start + length])]
        width = min(window, length)
        good = [i for i in range(length - width + 1) if width and sum(scores[i : i + width]) >= quality * width]
        ends[read] = good[-1] + width if good else 0


def window_stops_reference(
    buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, ends: Column
) -> None:
    """Plain twin of `window_stops`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        scores = [character - OFFSET for character in bytes(buffer[start : start + length])]
        width = min(window, length)
        bad = [i for i in range(length - width + 1) if width and sum(scores[i : i + width]) < quality * width]
        end = length
        if bad:
            end = bad[0]
            while end < bad[0] + width and scores[end] >= quality:
                end += 1
        ends[read] = end


@inlined
def _sum(buffer: Bytes, start: int, width: int) -> int:
    total = 0
    for i in range(width):
        total += int(buffer[start + i]) - OFFSET
    return total


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int32[::1])")
def window_begins(buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, begins: Column) -> None:
    """Cuts from the 5' end up to the first window whose mean quality is good (fastp's ``--cut_front``).

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; a shorter read is one window.
        window: bases in a window, at least 1.
        quality: lowest good mean, Phred.
        begins: int32 [n_reads], to fill: bases to cut; all of them where no window is good.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        length = int(lengths[read])
        width = min(window, length)
        total = _sum(buffer, start, width)
        at = 0
        while at + width < length and total < quality * width:
            total += int(buffer[start + at + width]) - int(buffer[start + at])
            at += 1
        begins[read] = at if width > 0 and total >= quality * width else length


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int32[::1])")
def window_ends(buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, ends: Column) -> None:
    """Cuts from the 3' end down to the last window whose mean quality is good (fastp's ``--cut_tail``).

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; a shorter read is one window.
        window: bases in a window, at least 1.
        quality: lowest good mean, Phred.
        ends: int32 [n_reads], to fill: bases that are left; none where no window is good.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        length = int(lengths[read])
        width = min(window, length)
        at = length - width
        total = _sum(buffer, start + at, width)
        while at > 0 and total < quality * width:
            at -= 1
            total += int(buffer[start + at]) - int(buffer[start + at + width])
        ends[read] = at + width if width > 0 and total >= quality * width else 0


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int32[::1])")
def window_stops(buffer: Bytes, starts: Column, lengths: Column, window: int, quality: int, ends: Column) -> None:
    """Ends a read at the first window, from the 5' end, whose mean quality is bad (fastp's ``--cut_right``).

    Of that window the leading bases that are good by themselves stay (as in Trimmomatic's ``SLIDINGWINDOW``).

    Args:
        buffer: uint8, quality characters.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; a shorter read is one window.
        window: bases in a window, at least 1.
        quality: lowest good mean, Phred.
        ends: int32 [n_reads], to fill: bases that are left.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        length = int(lengths[read])
        width = min(window, length)
        total = _sum(buffer, start, width)
        at = 0
        while at + width < length and total >= quality * width:
            total += int(buffer[start + at + width]) - int(buffer[start + at])
            at += 1
        end = length
        if width > 0 and total < quality * width:
            end = at
            while end < at + width and int(buffer[start + end]) - OFFSET >= quality:
                end += 1
        ends[read] = end
