"""From one number a read to counts over all reads, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.collectors.histograms import PERCENTS, gc_class
from kernels.collectors.reads import gc_length
from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.qualities import OFFSET, QUALITIES

_THREADS = 256
_COPIES = 32
"""Copies of a small table in shared memory, one for each bank: reads are much alike, and would all meet in one."""

_ROUNDS = 16
_SHORT = 1024
"""Lengths below this are counted in shared memory."""


@on_device
def _count_means(sums: DeviceArray, lengths: DeviceArray, copies: int, table: DeviceArray) -> None:
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, QUALITIES * copies, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    for read in range(cuda.grid(1), len(sums), cuda.gridsize(1)):
        if lengths[read] > 0:
            mean = sums[read] // lengths[read] - OFFSET
            cuda.atomic.add(shared, mean * copies + me % copies, np.uint32(1))
    cuda.syncthreads()
    for quality in range(me, QUALITIES, in_block):
        total = np.int64(0)
        for copy in range(copies):
            total += np.int64(shared[quality * copies + copy])
        if total:
            cuda.atomic.add(table, quality, total)


@on_device
def _count_lengths(lengths: DeviceArray, table: DeviceArray) -> None:
    """Each thread sums up as long as lengths are the same, which they mostly are."""
    shared = cuda.shared.array(_SHORT, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, _SHORT, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    length = np.int64(-1)
    reads = np.int64(0)
    for read in range(cuda.grid(1), len(lengths), cuda.gridsize(1)):
        if lengths[read] != length:
            if length >= _SHORT:
                cuda.atomic.add(table, length, reads)
            elif reads > 0:
                cuda.atomic.add(shared, length, np.uint32(reads))
            length = np.int64(lengths[read])
            reads = np.int64(0)
        reads += 1
    if length >= _SHORT:
        cuda.atomic.add(table, length, reads)
    elif reads > 0:
        cuda.atomic.add(shared, length, np.uint32(reads))
    cuda.syncthreads()
    for i in range(me, _SHORT, in_block):
        if shared[i]:
            cuda.atomic.add(table, i, np.int64(shared[i]))


@within_device
def _percent(twice: int, length: int) -> int:
    """Nearest percent of half of `twice` in `length`, halves up.

    In whole numbers, which devices are fast at: the same as `kernels.collectors.histograms.gc_bin` gives, as that is
    never nearer to a whole percent than 1 / (2 * length) without being one.
    """
    if twice < 0:
        twice = 0
    if twice > 2 * length:
        twice = 2 * length
    return (100 * twice + length) // (2 * length)


@on_device
def _claim(gc: DeviceArray, lengths: DeviceArray, copies: int, table: DeviceArray) -> None:
    """Most reads are of the class of the first that a block looks at; they are counted in shared memory."""
    shared = cuda.shared.array(0, types.uint32)
    me, in_block = cuda.threadIdx.x, cuda.blockDim.x
    for i in range(me, PERCENTS * copies, in_block):
        shared[i] = np.uint32(0)
    cuda.syncthreads()
    common = gc_class(lengths[cuda.blockIdx.x * in_block])
    for read in range(cuda.grid(1), len(gc), cuda.gridsize(1)):
        used = gc_length(lengths[read])
        if used > 0:
            number = gc_class(lengths[read])
            twice = 2 * gc[read]
            for percent in range(_percent(twice - 1, used), _percent(twice + 1, used) + 1):
                if number == common:
                    cuda.atomic.add(shared, percent * copies + me % copies, np.uint32(1))
                else:
                    cuda.atomic.add(table, (number, percent), np.int64(1))
    cuda.syncthreads()
    for percent in range(me, PERCENTS, in_block):
        total = np.int64(0)
        for copy in range(copies):
            total += np.int64(shared[percent * copies + copy])
        if total:
            cuda.atomic.add(table, (common, percent), total)


def mean_quality_counts(sums: DeviceArray, lengths: DeviceArray, table: DeviceArray, stream: Stream = 0) -> None:
    """Twin of `kernels.collectors.histograms.mean_quality_counts`: counts reads by mean quality, rounded down.

    Args:
        sums: int64 [n_reads], what `quality_sums` gives.
        lengths: int32 [n_reads].
        table: int64 [94], reads by Phred quality 0..93, to add to.
        stream: where the launch goes.
    """
    if len(lengths):
        in_block = threads(_THREADS)
        copies = min(_COPIES, in_block)
        grid = blocks(len(lengths), in_block, in_block, _ROUNDS)
        launch(_count_means, grid, in_block, (sums, lengths, copies, table), stream, 4 * QUALITIES * copies)


def length_counts(lengths: DeviceArray, table: DeviceArray, stream: Stream = 0) -> None:
    """Twin of `kernels.collectors.histograms.length_counts`: counts reads by length.

    Args:
        lengths: int32 [n_reads].
        table: int64 [> longest length], to add to.
        stream: where the launch goes.
    """
    if len(lengths):
        in_block = threads(_THREADS)
        launch(_count_lengths, blocks(len(lengths), in_block, in_block, _ROUNDS), in_block, (lengths, table), stream)


def gc_claims(gc: DeviceArray, lengths: DeviceArray, table: DeviceArray, stream: Stream = 0) -> None:
    """Twin of `kernels.collectors.histograms.gc_claims`: counts the reads that claim each percent of GC.

    Args:
        gc: int32 [n_reads], what `gc_counts` gives.
        lengths: int32 [n_reads], bases of the whole reads.
        table: int64 [> the longest read's `gc_class`, 101], to add to.
        stream: where the launch goes.
    """
    if len(lengths):
        in_block = threads(_THREADS)
        copies = min(_COPIES, in_block)
        grid = blocks(len(lengths), in_block, in_block, _ROUNDS)
        launch(_claim, grid, in_block, (gc, lengths, copies, table), stream, 4 * PERCENTS * copies)
