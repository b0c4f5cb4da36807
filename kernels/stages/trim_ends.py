"""Unwanted bases at the ends of reads: N, poly-A, runs of any base."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_N = 78
_UPPER = 0xDF


def n_ends_reference(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Plain twin of `n_ends`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])
        rest = text.lstrip(b"N")
        begins[read] = length - len(rest)
        ends[read] = begins[read] + len(rest.rstrip(b"N"))


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1])")
def n_ends(buffer: Bytes, starts: Column, lengths: Column, begins: Column, ends: Column) -> None:
    """Finds what is left of each read without the Ns (upper case) at its ends, as cutadapt's ``--trim-n``.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        end = int(lengths[read])
        begin = 0
        while begin < end and buffer[start + begin] == _N:
            begin += 1
        while end > begin and buffer[start + end - 1] == _N:
            end -= 1
        begins[read] = begin
        ends[read] = end


def tail_length_reference(text: bytes, base: int) -> int:
    """Bases of the tail of `base` that a text ends with, by the rule of `tail_lengths`."""
    best = length = 0
    for bases in range(1, len(text) + 1):
        tail = text[len(text) - bases :]
        errors = bases - tail.count(base)
        score = bases - 3 * errors
        if score > best and errors * 5 <= bases:
            best, length = score, bases
    return length if length >= 3 else 0


def tail_lengths_reference(
    buffer: Bytes, starts: Column, lengths: Column, base: int, at_front: bool, tails: Column
) -> None:
    """Plain twin of `tail_lengths`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])
        tails[read] = tail_length_reference(text[::-1] if at_front else text, base)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, boolean, int32[::1])")
def tail_lengths(buffer: Bytes, starts: Column, lengths: Column, base: int, at_front: bool, tails: Column) -> None:
    """Finds the poly-A tail of each read, or the tail or head of another base.

    Of all suffixes with at most 20 % other bases it is the one with the best score: one for each
    such base, minus two for each other; shorter than 3 does not count (cutadapt's ``--poly-a``).

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        base: the character of the base, upper case.
        at_front: look at the 5' end instead.
        tails: int32 [n_reads], to fill: bases of the tail.
    """
    for read in range(len(starts)):
        length = int(lengths[read])
        at = int(starts[read]) if at_front else int(starts[read]) + length - 1
        step = 1 if at_front else -1
        score = 0
        errors = 0
        best = 0
        tail = 0
        for i in range(length):
            if buffer[at + step * i] == base:
                score += 1
            else:
                score -= 2
                errors += 1
                # Fewer bases are left than would make up for the errors so far.
                if score + length - i - 1 <= best:
                    break
            if score > best and errors * 5 <= i + 1:
                best = score
                tail = i + 1
        tails[read] = tail if tail >= 3 else 0


def run_lengths_reference(buffer: Bytes, starts: Column, lengths: Column, base: int, least: int, tails: Column) -> None:
    """Plain twin of `run_lengths`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length]).upper()[::-1]
        looked_at = 0
        for bases in range(1, length + 1):
            others = bases - text[:bases].count(base)
            if others > 5 or (others > bases // 8 and bases >= least):
                break
            looked_at = bases
        tails[read] = text[: looked_at + 1].rfind(base) + 1 if looked_at >= least else 0


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, int32[::1])")
def run_lengths(buffer: Bytes, starts: Column, lengths: Column, base: int, least: int, tails: Column) -> None:
    """Finds the run of one base at the 3' end of each read, as fastp trims poly-G (``--trim_poly_g``).

    Going from the 3' end, at most 5 other bases are allowed and, from `least` bases on, at most
    one in 8. The run ends with the last base of its kind before that is exceeded.

    Args:
        buffer: uint8, bases, either case.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        base: the character of the base, upper case.
        least: bases of the shortest run that counts, at least 1.
        tails: int32 [n_reads], to fill: bases of the run, 0 where it is too short.
    """
    for read in range(len(starts)):
        length = int(lengths[read])
        last = int(starts[read]) + length - 1
        others = 0
        tail = 0
        looked_at = 0
        while looked_at < length:
            if (buffer[last - looked_at] & _UPPER) == base:
                tail = looked_at + 1
            else:
                others += 1
            if others > 5 or (others > (looked_at + 1) // 8 and looked_at + 1 >= least):
                break
            looked_at += 1
        tails[read] = tail if looked_at >= least else 0
