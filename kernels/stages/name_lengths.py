"""Numbers of bases in headers, as ``length=100``, brought up to date."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_ZERO, _NINE = 48, 57


def name_lengths_reference(
    names: Bytes,
    starts: Column,
    sizes: Column,
    lengths: Column,
    tag: Bytes,
    target: Bytes,
    offsets: Column,
    writes: bool,
) -> int:
    """Plain twin of `name_lengths`."""
    wanted = re.compile(rb"\b%s[0-9]*\b" % re.escape(bytes(tag)))
    at = 0
    for row, (start, size, length) in enumerate(zip(starts.tolist(), sizes.tolist(), lengths.tolist(), strict=True)):
        new = wanted.sub(bytes(tag) + b"%d" % length, bytes(names[start : start + size]))
        offsets[row] = at
        if writes:
            target[at : at + len(new)] = np.frombuffer(new, np.uint8)
        at += len(new)
    offsets[len(starts)] = at
    return at


@inlined
def _is_letter(text: Bytes, at: int, begin: int, end: int) -> bool:
    """Whether a letter, digit or underscore is there; nothing is outside of the text."""
    if at < begin or at >= end:
        return False
    byte = int(text[at])
    return (
        (byte >= _ZERO and byte <= _NINE) or (byte >= 65 and byte <= 90) or (byte >= 97 and byte <= 122) or byte == 95
    )


@inlined
def _past(text: Bytes, at: int, begin: int, end: int, tag: Bytes) -> int:
    """Past the tag and the number behind it, if they begin here and at the border of a word, and end at one; or -1."""
    if at + len(tag) > end:
        return -1
    for i in range(len(tag)):
        if text[at + i] != tag[i]:
            return -1
    if _is_letter(text, at - 1, begin, end) == _is_letter(text, at, begin, end):
        return -1
    first = at + len(tag)
    last = first
    while last < end and text[last] >= _ZERO and text[last] <= _NINE:
        last += 1
    if _is_letter(text, last - 1, begin, end) != _is_letter(text, last, begin, end):
        return last
    # Inside a number there is no border, but before it there may be one.
    if _is_letter(text, first - 1, begin, end) != _is_letter(text, first, begin, end):
        return first
    return -1


@kernel("int64(uint8[::1], int32[::1], int32[::1], int32[::1], uint8[::1], uint8[::1], int32[::1], boolean)")
def name_lengths(
    names: Bytes,
    starts: Column,
    sizes: Column,
    lengths: Column,
    tag: Bytes,
    target: Bytes,
    offsets: Column,
    writes: bool,
) -> int:
    """Puts the bases of each read behind a tag in its header, in place of the number that stands there, if any.

    As in cutadapt, tag and number stand between borders of words, and where a letter follows a number, the tag alone
    may do so.

    Args:
        names: uint8, headers.
        starts: int32 [n_reads], offset of each.
        sizes: int32 [n_reads], bytes of each.
        lengths: int32 [n_reads], bases of each read.
        tag: uint8 [at least 1].
        target: uint8, to fill with the new headers, one after the other.
        offsets: int32 [n_reads + 1], to fill: where each begins, and where the last ends.
        writes: whether `target` is filled; if not, it may be empty.

    Returns:
        The bytes of the new headers.
    """
    at = 0
    for row in range(len(starts)):
        offsets[row] = at
        begin = int(starts[row])
        end = begin + sizes[row]
        place = begin
        while place < end:
            past = _past(names, place, begin, end, tag)
            if past < 0:
                if writes:
                    target[at] = names[place]
                at += 1
                place += 1
                continue
            digits = 1
            rest = int(lengths[row]) // 10
            while rest > 0:
                digits += 1
                rest //= 10
            if writes:
                for i in range(len(tag)):
                    target[at + i] = tag[i]
                rest = int(lengths[row])
                for i in range(digits):
                    target[at + len(tag) + digits - 1 - i] = _ZERO + rest % 10
                    rest //= 10
            at += len(tag) + digits
            place = past
    offsets[len(starts)] = at
    return at
