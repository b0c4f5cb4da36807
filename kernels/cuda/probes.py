"""Where probes, short exact sequences of adapters, first occur in reads, on a device."""

from __future__ import annotations

import numpy as np
from numba import cuda, types

from kernels.collectors.probes import FAR_STEP, NEAR, upper_byte, word_hash, word_mask
from kernels.cuda.launching import DeviceArray, Stream, blocks, lanes, launch, on_device, threads, within_device
from kernels.cuda.loads import load_eight

_THREADS = 256
_NOWHERE = np.int32((1 << 31) - 1)


@within_device
def _is_probe(buffer: DeviceArray, start: int, letters: DeviceArray, probe: int, size: int) -> bool:
    i = 0
    while i < size and upper_byte(buffer[start + i]) == letters[probe, i]:
        i += 1
    return i == size


@on_device
def _count(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    letters: DeviceArray,
    sizes: DeviceArray,
    width: int,
    stride: int,
    lists: DeviceArray,
    candidates: DeviceArray,
    at_one: int,
    near: DeviceArray,
    far: DeviceArray,
) -> None:
    """`at_one` threads look the words of one read up in turns, and keep where each probe was seen first."""
    firsts = cuda.shared.array(0, types.int32)
    probes = len(sizes)
    me = cuda.threadIdx.x
    rows = cuda.blockDim.x // at_one
    row = me // at_one
    lane = me - row * at_one
    mask = np.uint64(word_mask(width))
    for first in range(cuda.blockIdx.x * rows, len(starts), cuda.gridDim.x * rows):
        for i in range(me, rows * probes, cuda.blockDim.x):
            firsts[i] = _NOWHERE
        cuda.syncthreads()
        read = first + row
        if row < rows and read < len(starts):
            length = lengths[read]
            start = starts[read]
            offset = np.int32(lane * stride - at_one * stride)
            while offset + at_one * stride + width <= length:  # a range would divide, to know how often
                offset = np.int32(offset + at_one * stride)
                word = load_eight(buffer, np.uint32(start + offset)) & mask
                number = np.int64(lists[np.uint32(word_hash(word))])
                while number > 0 and candidates[number, 0] >= 0:
                    probe = candidates[number, 0]
                    at = offset - candidates[number, 1]
                    number += 1
                    if at < 0 or at + sizes[probe] > length or firsts[row * probes + probe] <= at:
                        continue
                    if _is_probe(buffer, start + at, letters, probe, sizes[probe]):
                        cuda.atomic.min(firsts, row * probes + probe, np.int32(at))
        cuda.syncthreads()
        for i in range(me, rows * probes, cuda.blockDim.x):
            at = np.int64(firsts[i])
            if at != _NOWHERE:
                probe = i % probes
                if at < NEAR:
                    cuda.atomic.add(near, (probe, at), np.int64(1))
                else:
                    cuda.atomic.add(far, (probe, (at + 1) // FAR_STEP, 0), np.int64(1))
                    cuda.atomic.add(far, (probe, (at + 1) // FAR_STEP, 1), at)
        cuda.syncthreads()


def adapter_hits(
    buffer: DeviceArray,
    starts: DeviceArray,
    lengths: DeviceArray,
    letters: DeviceArray,
    sizes: DeviceArray,
    width: int,
    stride: int,
    lists: DeviceArray,
    candidates: DeviceArray,
    near: DeviceArray,
    far: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Twin of `kernels.collectors.probes.adapter_hits`: counts reads by where each probe first occurs, either case.

    Args:
        buffer: uint8, bases, begins at a multiple of 4 bytes, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        letters: see `kernels.collectors.probes.ProbeIndex`.
        sizes: likewise.
        width: likewise.
        stride: likewise.
        lists: likewise.
        candidates: likewise.
        near: int64 [n_probes, >= the longest length, at most `NEAR`], to add to.
        far: int64 [n_probes, > the longest length / 1,000, 2], to add to, for hits at base `NEAR` and later.
        stream: where the launch goes.
    """
    if len(starts) == 0:
        return
    in_block = threads(_THREADS)
    at_one = lanes(len(buffer), len(starts), in_block)
    rows = in_block // at_one
    arguments = (buffer, starts, lengths, letters, sizes, width, stride, lists, candidates, at_one, near, far)
    launch(_count, blocks(len(starts), rows, in_block), in_block, arguments, stream, 4 * rows * len(sizes))
