"""Names of reads: looking at them and writing new ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_SPACE = 32
_TAB = 9


def id_lengths_reference(buffer: Bytes, starts: Column, lengths: Column, ids: Column) -> None:
    """Plain twin of `id_lengths`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        name = bytes(buffer[start : start + length])
        ids[read] = len(name.replace(b"\t", b" ").split(b" ", 1)[0])


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1])")
def id_lengths(buffer: Bytes, starts: Column, lengths: Column, ids: Column) -> None:
    """Finds how long the ID is that each header begins with, up to the first space or tab.

    Args:
        buffer: uint8, names.
        starts: int32 [n_reads], offset of each name.
        lengths: int32 [n_reads], bytes of each name.
        ids: int32 [n_reads], to fill.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        i = 0
        while i < lengths[read] and buffer[start + i] != _SPACE and buffer[start + i] != _TAB:
            i += 1
        ids[read] = i


def casava_failed_reference(buffer: Bytes, starts: Column, lengths: Column, failed: Bytes) -> None:
    """Plain twin of `casava_failed`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        name = bytes(buffer[start : start + length])
        failed[read] = name.partition(b" ")[2][1:4] == b":Y:"


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[::1])")
def casava_failed(buffer: Bytes, starts: Column, lengths: Column, failed: Bytes) -> None:
    """Finds reads that the instrument's filter has marked: ``:Y:`` after the first character past the ID.

    Args:
        buffer: uint8, names.
        starts: int32 [n_reads], offset of each name.
        lengths: int32 [n_reads], bytes of each name.
        failed: uint8 [n_reads], to fill: 1 where marked.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        end = start + lengths[read]
        at = start
        while at < end and buffer[at] != _SPACE:
            at += 1
        failed[read] = at + 5 <= end and buffer[at + 2] == 58 and buffer[at + 3] == 89 and buffer[at + 4] == 58


def joined_reference(sources: Bytes, starts: Column, lengths: Column, target: Bytes, offsets: Column) -> None:
    """Plain twin of `joined`."""
    at = 0
    for row in range(starts.shape[1]):
        offsets[row] = at
        for part in range(len(starts)):
            start, length = int(starts[part, row]), int(lengths[part, row])
            target[at : at + length] = sources[start : start + length]
            at += length
    offsets[starts.shape[1]] = at


@kernel("void(uint8[::1], int32[:, ::1], int32[:, ::1], uint8[::1], int32[::1])")
def joined(sources: Bytes, starts: Column, lengths: Column, target: Bytes, offsets: Column) -> None:
    """Joins pieces of text to one text a read.

    Args:
        sources: uint8, where the pieces are.
        starts: int32 [n_pieces, n_reads], offset of each piece.
        lengths: int32 [n_pieces, n_reads], its bytes.
        target: uint8 [>= sum of lengths], to fill: the texts, one after the other.
        offsets: int32 [n_reads + 1], to fill: where each text begins, and where the last ends.
    """
    at = 0
    for row in range(starts.shape[1]):
        offsets[row] = at
        for part in range(starts.shape[0]):
            start = int(starts[part, row])
            for i in range(int(lengths[part, row])):
                target[at + i] = sources[start + i]
            at += lengths[part, row]
    offsets[starts.shape[1]] = at
