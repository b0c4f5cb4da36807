"""Where the good part of a read begins and ends, from sums of its qualities, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, within_device
from kernels.cuda.prefix_sums import threads_for

_NEVER = np.int32((1 << 31) - 1)
_LOW_HALF = (1 << 32) - 1
_FRONT, _BACK = 0, 1


@within_device
def _gain(sums: DeviceArray, start: int, length: int, cutoff: int, from_back: int, i: int) -> int:
    """The sum of ``cutoff - quality`` over the first, or the last, `i` + 1 bases."""
    total: int = sums[start + i]
    if from_back:
        total = sums[start + length - 1]
        if i + 1 < length:
            total -= sums[start + length - 2 - i]
    return cutoff * (i + 1) - total


@on_device
def _cut(
    sums: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    front: int,
    back: int,
    begins: DeviceArray,
    ends: DeviceArray,
) -> None:
    """A block goes along one read at a time, from either end, until the sum is negative."""
    negative = cuda.shared.array(1, types.int32)  # where it is so first
    best = cuda.shared.array(1, types.int64)  # the largest sum before; of equal ones the first
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for read in range(cuda.blockIdx.x, len(starts), cuda.gridDim.x):
        start = starts[read]
        length = lengths[read]
        begin = np.int64(0)
        end = np.int64(length)
        for side in range(_FRONT, _BACK + 1):
            cutoff = back if side == _BACK else front
            if cutoff <= 0:
                continue
            if me == 0:
                negative[0] = _NEVER
                best[0] = 0
            cuda.syncthreads()
            stop = _NEVER
            for at in range(0, length, in_block):
                i = at + me
                gain = np.int64(0)
                if i < length:
                    gain = np.int64(_gain(sums, start, length, cutoff, side, i))
                if gain < 0:
                    cuda.atomic.min(negative, 0, np.int32(i))
                cuda.syncthreads()
                stop = negative[0]
                if gain > 0 and i < stop:
                    cuda.atomic.max(best, 0, (gain << 32) + (_NEVER - i))
                cuda.syncthreads()
                if stop != _NEVER:
                    break
            if best[0] > 0:
                cut = _NEVER - (best[0] & _LOW_HALF) + 1
                if side == _BACK:
                    end = length - cut
                else:
                    begin = cut
            cuda.syncthreads()
        if me == 0:
            if begin >= end:
                begin = np.int64(0)
                end = np.int64(0)
            begins[read] = begin
            ends[read] = end


def quality_ends(
    sums: DeviceArray,
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
        sums: int32, what `kernels.cuda.prefix_sums.quality_prefix_sums` gives for these reads.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        front: Phred cutoff for the 5' end; 0 cuts nothing.
        back: Phred cutoff for the 3' end; 0 cuts nothing.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning.
        stream: where the launch goes.
    """
    if len(starts):
        in_block = threads_for(len(sums), len(starts))
        arguments = (sums, starts, lengths, front, back, begins, ends)
        launch(_cut, blocks(len(starts), 1, in_block), in_block, arguments, stream)
