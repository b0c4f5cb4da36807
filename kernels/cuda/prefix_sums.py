"""Sums of qualities from the beginning of a read to each of its bases, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.cuda.launching import DeviceArray, Stream, blocks, lanes, launch, on_device, threads
from kernels.cuda.loads import load_up_to_four
from kernels.qualities import OFFSET

_FEWEST_THREADS = 32
_THREADS = 256
_WIDTH = 4
_BYTE = np.uint32(0xFF)


@on_device
def _sum_up(buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, sums: DeviceArray) -> None:
    """A block goes along one read, and then along another; each thread has four qualities at a time."""
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    shared = cuda.shared.array(0, types.int32)  # what threads have, and behind it what they write
    ready = in_block
    for read in range(cuda.blockIdx.x, len(starts), cuda.gridDim.x):
        start = starts[read]
        length = lengths[read]
        carried = np.int32(0)
        at = np.int32(0)
        while at < length:
            mine = np.int32(0)
            left = length - at - _WIDTH * me
            if left > 0:
                word = load_up_to_four(buffer, start + at + _WIDTH * me, left)
                for byte in range(_WIDTH):
                    if byte < left:
                        mine += np.int32((word >> np.uint32(8 * byte)) & _BYTE) - np.int32(OFFSET)
                    shared[ready + _WIDTH * me + byte] = mine
            shared[me] = mine
            cuda.syncthreads()
            step = 1
            while step < in_block:
                before = np.int32(0)
                if me >= step:
                    before = shared[me - step]
                cuda.syncthreads()
                shared[me] += before
                cuda.syncthreads()
                step *= 2
            # Side by side, which the threads' own four would not be.
            for turn in range(_WIDTH):
                i = turn * in_block + me
                if at + i < length:
                    owner = i // _WIDTH
                    before = carried
                    if owner > 0:
                        before += shared[owner - 1]
                    sums[start + at + i] = before + shared[ready + i]
            carried += shared[in_block - 1]
            at = np.int32(at + _WIDTH * in_block)
            cuda.syncthreads()


def threads_for(n_bytes: int, n_reads: int) -> int:
    """Threads of a block that goes along one read at a time: a warp, or more where reads are long."""
    in_block = threads(_THREADS)
    return min(in_block, max(_FEWEST_THREADS, lanes(n_bytes, n_reads, in_block)))


def quality_prefix_sums(
    buffer: DeviceArray, starts: DeviceArray, lengths: DeviceArray, sums: DeviceArray, stream: Stream = 0
) -> None:
    """Twin of `kernels.stages.prefix_sums.quality_prefix_sums`: adds up the Phred qualities of each read, base by base.

    Args:
        buffer: uint8, quality characters, begins at a multiple of 4 bytes, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities, at most `kernels.stages.prefix_sums.MOST_BASES`.
        sums: int32 [>= the end of the last read], to fill: at ``starts[r] + i`` the sum of the qualities 0..i of
            read r.
        stream: where the launch goes.
    """
    if len(starts):
        in_block = threads_for(len(buffer), len(starts))
        grid = blocks(len(starts), 1, in_block)
        launch(_sum_up, grid, in_block, (buffer, starts, lengths, sums), stream, 4 * (1 + _WIDTH) * in_block)
