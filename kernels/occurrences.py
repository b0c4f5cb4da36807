"""Whether words occur in a read: many at once, 64 positions at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined
from kernels.vectors import base_masks, lowest_bit

Bytes = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

LONGEST_WORD = 64
"""Letters of the longest word that is searched."""

_COMPILES = COMPILES
_UPPER = 0xDF
_ACGT = (65, 67, 71, 84)

NOWHERE = 1 << 40
"""The position of what does not occur."""


@inlined
def low_bits(count: int) -> np.uint64:
    """A mask of the lowest `count` bits, 0..64 and beyond."""
    if count >= 64:
        return np.uint64(0xFFFFFFFFFFFFFFFF)
    if count <= 0:
        return np.uint64(0)
    return (np.uint64(1) << np.uint64(count)) - np.uint64(1)


@inlined
def _lowest(bits: np.uint64) -> int:
    """Index of the lowest set bit of some."""
    if _COMPILES:
        return lowest_bit(bits)
    return (int(bits) & -int(bits)).bit_length() - 1


@inlined
def plain_rows(buffer: Bytes, start: int, length: int, rows: Masks) -> None:
    """Where A, C, G and T are in a read.

    Args:
        buffer: uint8, readable for 64 bytes past the read.
        start: offset of the read's first base.
        length: its bases.
        rows: uint64 [>= 4, >= length // 64 + 2], to fill: bit i of word w of row b is set where base 64 w + i is
            letter b of ACGT. One word past the read is zero.
    """
    words = (length + 63) // 64
    for word in range(words):
        if _COMPILES:
            a, c, g, t = base_masks(buffer, start + 64 * word)
            inside = low_bits(length - 64 * word)
            rows[0, word] = a & inside
            rows[1, word] = c & inside
            rows[2, word] = g & inside
            rows[3, word] = t & inside
        else:
            for row in range(4):
                rows[row, word] = 0
                for i in range(min(64, length - 64 * word)):
                    if buffer[start + 64 * word + i] & _UPPER == _ACGT[row]:
                        rows[row, word] |= np.uint64(1) << np.uint64(i)
    for row in range(4):
        rows[row, words] = 0


@inlined
def coded_rows(codes: Bytes, length: int, classes: Bytes, rows: Masks) -> None:
    """Where each class of codes is in a read: where the two have a bit in common.

    Args:
        codes: uint8 [>= length], the read's codes.
        length: its bases.
        classes: uint8 [n_classes].
        rows: uint64 [>= n_classes, >= length // 64 + 2], to fill, see `plain_rows`.
    """
    words = (length + 63) // 64
    for row in range(len(classes)):
        for word in range(words):
            bits = np.uint64(0)
            for i in range(min(64, length - 64 * word)):
                if codes[64 * word + i] & classes[row]:
                    bits |= np.uint64(1) << np.uint64(i)
            rows[row, word] = bits
        rows[row, words] = 0


@inlined
def bits_at(rows: Masks, row: int, position: int) -> np.uint64:
    """The 64 bits of a row from any position within the read."""
    word = position >> 6
    shift = np.uint64(position & 63)
    bits: np.uint64 = rows[row, word] >> shift
    if shift != np.uint64(0):
        bits |= rows[row, word + 1] << (np.uint64(64) - shift)
    return bits


@inlined
def view(rows: Masks, count: int, position: int, seen: Masks) -> None:
    """Fills `seen` (uint64 [>= count]) with the 64 bits of each row from a position within the read."""
    for row in range(count):
        seen[row] = bits_at(rows, row, position)


@inlined
def occurrences(seen: Masks, letters: Bytes, word: int, length: int) -> np.uint64:
    """Where a word begins within a view, as bits; only where it lies whole within the view.

    No branch depends on the text: a wrong guess of the processor would cost more than a whole word does.

    Args:
        seen: uint64, see `view`.
        letters: uint8 [n_words, LONGEST_WORD], the row of each letter.
        word: which of the words.
        length: its letters, 1 .. `LONGEST_WORD`.
    """
    hits: np.uint64 = seen[letters[word, 0]]
    for letter in range(1, length):
        hits &= seen[letters[word, letter]] >> np.uint64(letter)
    return hits


@inlined
def first_occurrence(
    rows: Masks, count: int, letters: Bytes, words: Numbers, first: int, last: int, length: int, seen: Masks
) -> int:
    """First position in a read at which any of some words begins; `NOWHERE` if none does.

    Args:
        rows: see `plain_rows`.
        count: rows.
        letters: uint8 [n_words, LONGEST_WORD], the row of each letter.
        words: int64 [n_words, >= 3], letters of each word in column 2.
        first: the first of the words.
        last: past the last of them.
        length: bases of the read.
        seen: uint64 [>= count], work space.
    """
    longest = 1
    for word in range(first, last):
        longest = max(longest, words[word, 2])
    position = 0
    while position < length:
        view(rows, count, position, seen)
        hits = np.uint64(0)
        for word in range(first, last):
            hits |= occurrences(seen, letters, word, words[word, 2])
        if hits != np.uint64(0):
            return position + _lowest(hits)
        position += 65 - longest
    return NOWHERE


@inlined
def is_within(rows: Masks, count: int, letters: Bytes, word: int, size: int, begin: int, end: int, seen: Masks) -> bool:
    """Whether a word lies whole within part of a read, from `begin` to `end`; else as `first_occurrence`."""
    position = int(begin)
    while position + size <= end:
        view(rows, count, position, seen)
        if occurrences(seen, letters, word, size) & low_bits(end - size - position + 1) != np.uint64(0):
            return True
        position += 65 - size
    return False
