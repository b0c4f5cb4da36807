"""Trimming by the mean quality of windows, on a device: a read a thread, as on the CPU."""

from __future__ import annotations

import numpy as np
from numba import cuda

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.cuda.loads import load_four, load_four_up_to, load_up_to_four
from kernels.cuda.trim_quality import THREADS
from kernels.qualities import OFFSET

_NONE = np.int32(-1)
_BEGIN, _END, _STOP = 0, 1, 2
_BYTE = np.uint32(0xFF)
_ONES = np.uint32(0xFFFFFFFF)


@within_device
def _byte(word: np.uint32, number: int) -> np.int32:
    return np.int32((word >> np.uint32(8 * number)) & _BYTE)


@within_device
def _after(more: np.int32, comes: np.uint32, goes: np.uint32, number: int) -> np.int32:
    return np.int32(more + np.int32(_byte(comes, number) - _byte(goes, number)))


@within_device
def _window_sum(buffer: DeviceArray, place: np.uint32, width: np.int32) -> np.int32:
    total, at = np.int32(0), np.int32(0)
    while at < width:
        word = load_up_to_four(buffer, np.uint32(place + np.uint32(at)), np.int32(width - at))
        for byte in range(4):
            total = np.int32(total + _byte(word, byte))
        at = np.int32(at + 4)
    return total


@within_device
def _first_window(
    buffer: DeviceArray, start: np.uint32, windows: np.int32, width: np.int32, least: np.int32, wants_good: bool
) -> np.int32:
    """The first window, from the 5' end, that is good, or that is not; `least`: the sum of characters of a good one."""
    more = np.int32(_window_sum(buffer, start, width) - least)  # than is too little
    if not wants_good:
        more = np.int32(-1 - more)
    at, last = np.int32(0), np.int32(windows - 1)
    if more >= 0:
        return at
    while at < last:
        goes = load_four(buffer, np.uint32(start + np.uint32(at)))
        comes = load_four(buffer, np.uint32(start + np.uint32(at + width)))
        if last - at < 4:  # where nothing changes, no window is found
            kept = np.uint32(_ONES << np.uint32(8 * (last - at)))
            comes = np.uint32((comes & np.uint32(~kept)) | (goes & kept))
        if not wants_good:
            comes, goes = goes, comes
        one = _after(more, comes, goes, 0)
        two = _after(one, comes, goes, 1)
        three = _after(two, comes, goes, 2)
        more = _after(three, comes, goes, 3)
        if np.int32(one & two & three & more) >= 0:  # not all are negative
            return np.int32(at + (1 if one >= 0 else 2 if two >= 0 else 3 if three >= 0 else 4))
        at = np.int32(at + 4)
    return _NONE


@within_device
def _last_good_window(
    buffer: DeviceArray, start: np.uint32, windows: np.int32, width: np.int32, least: np.int32
) -> np.int32:
    at = np.int32(windows - 1)
    more = np.int32(_window_sum(buffer, np.uint32(start + np.uint32(at)), width) - least)
    if more >= 0:
        return at
    while at > 0:
        comes = load_four_up_to(buffer, start, at)  # zeros before the read, in both
        goes = load_four_up_to(buffer, np.uint32(start + np.uint32(width)), at)
        one = _after(more, comes, goes, 3)
        two = _after(one, comes, goes, 2)
        three = _after(two, comes, goes, 1)
        more = _after(three, comes, goes, 0)
        if np.int32(one & two & three & more) >= 0:
            return np.int32(at - (1 if one >= 0 else 2 if two >= 0 else 3 if three >= 0 else 4))
        at = np.int32(at - 4)
    return _NONE


@within_device
def _bound(
    buffer: DeviceArray, start: np.uint32, length: np.int32, window: np.int32, quality: np.int32, kind: np.int32
) -> np.int32:
    width, lowest = window, np.int32(quality + OFFSET)
    if width > length:
        width = length
    if width == 0:
        return np.int32(0)
    windows, least = np.int32(length - width + 1), np.int32(lowest * width)
    if kind == _END:
        last = _last_good_window(buffer, start, windows, width, least)
        return np.int32(0) if last == _NONE else np.int32(last + width)
    first: np.int32 = _first_window(buffer, start, windows, width, least, kind == _BEGIN)
    if first == _NONE:
        return length
    if kind == _STOP:
        end = np.int32(first + width)
        while first < end and np.int32(buffer[np.uint32(start + np.uint32(first))]) >= lowest:
            first = np.int32(first + 1)
    return first


@on_device
def _find(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    kind: int,
    bounds: DeviceArray,
) -> None:
    read = np.uint32(cuda.grid(1))
    while read < np.uint32(len(starts)):  # a range would divide, to know how often
        start, length = np.uint32(starts[read]), np.int32(lengths[read])
        bounds[read] = _bound(buffer, start, length, np.int32(window), np.int32(quality), np.int32(kind))
        read = np.uint32(read + np.uint32(cuda.gridsize(1)))


def window_begins(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    begins: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_begins`: cuts from the 5' end up to the first good window.

    Args:
        buffer: uint8, quality characters 33..126, begins at a multiple of 4 bytes, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; a shorter read is one window.
        window: bases in a window, at least 1, at most 16 million.
        quality: lowest good mean, Phred.
        begins: int32 [n_reads], to fill: bases to cut; all of them where no window is good.
        stream: where the launch goes.
    """
    _launch(buffer, starts, lengths, window, quality, _BEGIN, begins, stream)


def window_ends(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_ends`: cuts from the 3' end down to the last good window.

    Args:
        buffer: as for `window_begins`.
        starts: likewise.
        lengths: likewise.
        window: likewise.
        quality: likewise.
        ends: int32 [n_reads], to fill: bases that are left; none where no window is good.
        stream: likewise.
    """
    _launch(buffer, starts, lengths, window, quality, _END, ends, stream)


def window_stops(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_stops`: ends a read at the first bad window from the 5' end.

    Args:
        buffer: as for `window_begins`.
        starts: likewise.
        lengths: likewise.
        window: likewise.
        quality: likewise.
        ends: int32 [n_reads], to fill: bases that are left.
        stream: likewise.
    """
    _launch(buffer, starts, lengths, window, quality, _STOP, ends, stream)


def _launch(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    kind: int,
    bounds: DeviceArray,
    stream: Stream,
) -> None:
    if len(starts):
        in_block = threads(THREADS)
        arguments = (buffer, starts, lengths, window, quality, kind, bounds)
        launch(_find, blocks(len(starts), in_block, in_block), in_block, arguments, stream)
