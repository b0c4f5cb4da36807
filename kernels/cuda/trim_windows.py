"""Trimming by the mean quality of windows, from sums of qualities, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, within_device
from kernels.cuda.prefix_sums import threads_for

_NONE = np.int32((1 << 31) - 1)
_BEGIN, _END, _STOP = 0, 1, 2


@within_device
def _window_sum(sums: DeviceArray, start: int, at: int, width: int) -> int:
    total: int = sums[start + at + width - 1]
    if at > 0:
        total -= sums[start + at - 1]
    return total


@on_device
def _find(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    kind: int,
    bounds: DeviceArray,
) -> None:
    """A block goes along one read at a time, a window a thread, until one is what is looked for."""
    found = cuda.shared.array(1, types.int32)  # the first, counted from where the search begins
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for read in range(cuda.blockIdx.x, len(starts), cuda.gridDim.x):
        start = starts[read]
        length = lengths[read]
        width = np.int64(window)
        if width > length:
            width = np.int64(length)
        windows = length - width + 1
        if width == 0:
            windows = np.int64(0)
        if me == 0:
            found[0] = _NONE
        cuda.syncthreads()
        first = _NONE
        for at in range(0, windows, in_block):
            i = at + me
            if i < windows:
                place = windows - 1 - i if kind == _END else i
                is_good = _window_sum(sums, start, place, width) >= quality * width
                if is_good != (kind == _STOP):
                    cuda.atomic.min(found, 0, np.int32(i))
            cuda.syncthreads()
            first = found[0]
            cuda.syncthreads()
            if first != _NONE:
                break
        if me == 0:
            bound = np.int64(first)
            if kind == _BEGIN:
                if first == _NONE:
                    bound = np.int64(length)
            elif kind == _END:
                bound = windows - 1 - first + width
                if first == _NONE:
                    bound = np.int64(0)
            elif first == _NONE:
                bound = np.int64(length)
            else:
                while bound < first + width and _window_sum(sums, start, bound, 1) >= quality:
                    bound += 1
            bounds[read] = bound
        cuda.syncthreads()


def window_begins(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    begins: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_begins`: cuts from the 5' end up to the first good window.

    Args:
        sums: int32, what `kernels.cuda.prefix_sums.quality_prefix_sums` gives for these reads.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; a shorter read is one window.
        window: bases in a window, at least 1.
        quality: lowest good mean, Phred.
        begins: int32 [n_reads], to fill: bases to cut; all of them where no window is good.
        stream: where the launch goes.
    """
    _launch(sums, starts, lengths, window, quality, _BEGIN, begins, stream)


def window_ends(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_ends`: cuts from the 3' end down to the last good window.

    Args:
        sums: as for `window_begins`.
        starts: likewise.
        lengths: likewise.
        window: likewise.
        quality: likewise.
        ends: int32 [n_reads], to fill: bases that are left; none where no window is good.
        stream: likewise.
    """
    _launch(sums, starts, lengths, window, quality, _END, ends, stream)


def window_stops(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    ends: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.stages.trim_windows.window_stops`: ends a read at the first bad window from the 5' end.

    Args:
        sums: as for `window_begins`.
        starts: likewise.
        lengths: likewise.
        window: likewise.
        quality: likewise.
        ends: int32 [n_reads], to fill: bases that are left.
        stream: likewise.
    """
    _launch(sums, starts, lengths, window, quality, _STOP, ends, stream)


def _launch(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    window: int,
    quality: int,
    kind: int,
    bounds: DeviceArray,
    stream: Stream,
) -> None:
    if len(starts):
        in_block = threads_for(len(sums), len(starts))
        arguments = (sums, starts, lengths, window, quality, kind, bounds)
        launch(_find, blocks(len(starts), 1, in_block), in_block, arguments, stream)
