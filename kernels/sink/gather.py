"""The text of the reads that are kept, from columns to four-line records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel
from kernels.vectors import LANES, copy_lanes

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

SLACK = 64
"""Bytes past a text that its buffer has to have: copies are made 64 bytes at a time."""

_NEWLINE = 10
_RETURN = 13
_PLUS = 43
_AT = 64
_PLAIN_SEPARATOR = 3
"""Bytes of a separator line that repeats no name, and of the end of the line before."""
_COMPILES = COMPILES


def gather_reference(
    buffer: Bytes,
    names: Bytes,
    is_renamed: bool,
    name_starts: Column,
    name_lengths: Column,
    bases: Column,
    qualities: Column,
    lengths: Column,
    which: Bytes,
    target: Bytes,
    offsets: Offsets,
) -> int:
    """Plain twin of `gather`."""
    text = bytes(buffer)
    found = 0
    at = 0
    for row in np.flatnonzero(which).tolist():
        name = bytes(names[name_starts[row] : name_starts[row] + name_lengths[row]])
        base, quality, length = int(bases[row]), int(qualities[row]), int(lengths[row])
        between = text[base + length : quality]
        own = between.startswith(b"\n+") and between.endswith(b"\n") and not between.endswith(b"\r\n")
        own = own and len(between) <= len(name) + len(b"\n+\n")
        separator = between if own and not is_renamed else b"\n+\n"
        record = b"@" + name + b"\n" + text[base : base + length] + separator + text[quality : quality + length] + b"\n"
        target[at : at + len(record)] = np.frombuffer(record, np.uint8)
        offsets[found] = at
        at += len(record)
        found += 1
    offsets[found] = at
    return found


@inlined
def _copy(source: Bytes, start: int, target: Bytes, at: int, count: int) -> int:
    """Copies bytes, and up to 63 more; returns where what follows goes."""
    if _COMPILES:
        for i in range(0, count, LANES):
            copy_lanes(source, start + i, target, at + i)
    else:
        target[at : at + count] = source[start : start + count]
    return at + count


@kernel(
    "int64(uint8[::1], uint8[::1], boolean, int32[::1], int32[::1], int32[::1], int32[::1], int32[::1],"
    "uint8[::1], uint8[::1], int64[::1])"
)
def gather(
    buffer: Bytes,
    names: Bytes,
    is_renamed: bool,
    name_starts: Column,
    name_lengths: Column,
    bases: Column,
    qualities: Column,
    lengths: Column,
    which: Bytes,
    target: Bytes,
    offsets: Offsets,
) -> int:
    """Writes reads as four-line records with LF.

    A record that stands so in the buffer already, whole and untouched, is copied as it is, with what its
    separator line repeats of the name; but for separators that white space makes longer than the name.

    Args:
        buffer: uint8, text with the bases and qualities, readable for 64 bytes past any read.
        names: uint8, where the names are, readable for 64 bytes past any of them.
        is_renamed: `names` is not the buffer, so that separators must not repeat what was the name.
        name_starts: int32 [n_reads], see ``ReadBatch``.
        name_lengths: likewise.
        bases: likewise, ``sequence_starts``.
        qualities: likewise, ``quality_starts``.
        lengths: likewise.
        which: uint8 [n_reads], not 0 for those to write.
        target: uint8, to fill; `SLACK` bytes longer than twice names and lengths and 6 a read in all.
        offsets: int64 [>= reads written + 1], to fill: where each record begins, and where the last ends.

    Returns:
        The number of reads written.
    """
    at = 0
    found = 0
    run_start = 0
    run_end = 0
    for row in range(len(lengths)):
        if not which[row]:
            continue
        name = int(name_starts[row])
        name_end = name + name_lengths[row]
        base = int(bases[row])
        quality = int(qualities[row])
        length = int(lengths[row])
        own_separator = (
            not is_renamed
            and quality - base - length <= name_end - name + _PLAIN_SEPARATOR
            and buffer[base + length] == _NEWLINE
            and buffer[base + length + 1] == _PLUS
            and buffer[quality - 1] == _NEWLINE
            and buffer[quality - 2] != _RETURN
        )
        is_whole = (
            own_separator
            and base == name_end + 1
            and buffer[name_end] == _NEWLINE
            and buffer[quality + length] == _NEWLINE
            and buffer[name - 1] == _AT
        )
        offsets[found] = at + (run_end - run_start)
        found += 1
        if is_whole and run_end == name - 1:
            run_end = quality + length + 1
            continue
        at = _copy(buffer, run_start, target, at, run_end - run_start)
        run_start = run_end = 0
        if is_whole:
            run_start = name - 1
            run_end = quality + length + 1
            continue
        target[at] = _AT
        at = _copy(names, name, target, at + 1, name_end - name)
        target[at] = _NEWLINE
        at = _copy(buffer, base, target, at + 1, length)
        if own_separator:
            at = _copy(buffer, base + length, target, at, quality - base - length)
        else:
            target[at] = _NEWLINE
            target[at + 1] = _PLUS
            target[at + 2] = _NEWLINE
            at += 3
        at = _copy(buffer, quality, target, at, length)
        target[at] = _NEWLINE
        at += 1
    at = _copy(buffer, run_start, target, at, run_end - run_start)
    offsets[found] = at
    return found


def interleave_reference(
    first: Bytes, first_offsets: Offsets, second: Bytes, second_offsets: Offsets, order: Bytes, target: Bytes
) -> int:
    """Plain twin of `interleave`."""
    sides = [(bytes(first), first_offsets.tolist()), (bytes(second), second_offsets.tolist())]
    counts = [0, 0]
    text = b""
    for side in order.tolist():
        data, offsets = sides[side]
        text += data[offsets[counts[side]] : offsets[counts[side] + 1]]
        counts[side] += 1
    target[: len(text)] = np.frombuffer(text, np.uint8)
    return len(text)


@kernel("int64(uint8[::1], int64[::1], uint8[::1], int64[::1], uint8[::1], uint8[::1])")
def interleave(
    first: Bytes, first_offsets: Offsets, second: Bytes, second_offsets: Offsets, order: Bytes, target: Bytes
) -> int:
    """Puts the records of two texts into one.

    Args:
        first: uint8, records one after the other, `SLACK` bytes longer.
        first_offsets: int64, where each begins, and where the last ends.
        second: likewise.
        second_offsets: likewise.
        order: uint8 [n], 0 or 1: whose record is next.
        target: uint8, to fill, `SLACK` bytes longer than both texts.

    Returns:
        The bytes written.
    """
    at = 0
    done_first = 0
    done_second = 0
    for i in range(len(order)):
        if order[i] == 0:
            start = first_offsets[done_first]
            done_first += 1
            at = _copy(first, start, target, at, first_offsets[done_first] - start)
        else:
            start = second_offsets[done_second]
            done_second += 1
            at = _copy(second, start, target, at, second_offsets[done_second] - start)
    return at
