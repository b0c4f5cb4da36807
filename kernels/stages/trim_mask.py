"""Bases that are overwritten in place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.qualities import OFFSET

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_N = 78
_LOWER_A, _LOWER_Z = 97, 122
_UPPER_A, _UPPER_Z = 65, 90
_CASE = 32


def mask_outside_reference(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Plain twin of `mask_outside`."""
    for start, length, begin, end in zip(*(c.tolist() for c in (starts, lengths, begins, ends)), strict=True):
        text = bytes(buffer[start : start + length])
        new = b"N" * begin + text[begin:end] + b"N" * (length - max(begin, end))
        buffer[start : start + length] = np.frombuffer(new, np.uint8)


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1])")
def mask_outside(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Writes N over all bases of each read but those from ``begins`` to ``ends``.

    Args:
        buffer: uint8, bases, changed.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        begins: int32 [n_reads], first base to keep, from the read's beginning.
        ends: int32 [n_reads], past the last base to keep; not below `begins`.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        for i in range(begins[read]):
            buffer[start + i] = _N
        for i in range(ends[read], lengths[read]):
            buffer[start + i] = _N


def lower_outside_reference(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Plain twin of `lower_outside`."""
    for start, length, begin, end in zip(*(c.tolist() for c in (starts, lengths, begins, ends)), strict=True):
        text = bytes(buffer[start : start + length])
        new = text[:begin].lower() + text[begin:end].upper() + text[max(begin, end) :].lower()
        buffer[start : start + length] = np.frombuffer(new, np.uint8)


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1])")
def lower_outside(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Makes the bases of each read from ``begins`` to ``ends`` upper case, and all others lower case.

    Args:
        buffer: uint8, bases, changed.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        begins: int32 [n_reads], first base to keep, from the read's beginning.
        ends: int32 [n_reads], past the last base to keep; not below `begins`.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        for i in range(lengths[read]):
            byte = buffer[start + i]
            if begins[read] <= i < ends[read]:
                if _LOWER_A <= byte <= _LOWER_Z:
                    buffer[start + i] = byte - _CASE
            elif _UPPER_A <= byte <= _UPPER_Z:
                buffer[start + i] = byte + _CASE


def mask_low_qualities_reference(
    buffer: Bytes, bases: Column, qualities: Column, lengths: Column, cutoff: int, counts: Column
) -> None:
    """Plain twin of `mask_low_qualities`."""
    for read, length in enumerate(lengths.tolist()):
        count = 0
        for i in range(length):
            low = int(buffer[qualities[read] + i]) - OFFSET < cutoff
            if low and buffer[bases[read] + i] != _N:
                buffer[bases[read] + i] = _N
                count += 1
        counts[read] = count


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int64, int32[::1])")
def mask_low_qualities(
    buffer: Bytes, bases: Column, qualities: Column, lengths: Column, cutoff: int, counts: Column
) -> None:
    """Writes N over bases whose quality is below a cutoff.

    Args:
        buffer: uint8, bases and quality characters; bases are changed.
        bases: int32 [n_reads], offset of each read's first base.
        qualities: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], bases.
        cutoff: lowest Phred quality that stays.
        counts: int32 [n_reads], to fill: bases that became N.
    """
    for read in range(len(bases)):
        count = 0
        for i in range(lengths[read]):
            at = int(bases[read]) + i
            if int(buffer[int(qualities[read]) + i]) - OFFSET < cutoff and buffer[at] != _N:
                buffer[at] = _N
                count += 1
        counts[read] = count
