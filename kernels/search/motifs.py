"""Where a motif of IUPAC letters is most alike to a read, on one strand or both."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel
from kernels.occurrences import bits_at, low_bits, plain_rows
from kernels.vectors import lowest_bit

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Masks = npt.NDArray[np.uint64]

LONGEST_MOTIF = 500
"""Letters of the longest motif."""

NOT_FOUND = -1
"""The place of a motif that is not in a read."""

_A, _C, _G, _T, _OTHER = 1, 2, 4, 8, 16
_ANY = _A | _C | _G | _T | _OTHER
_CLASSES = {
    "A": _A, "C": _C, "G": _G, "T": _T, "U": _T,
    "R": _A | _G, "Y": _C | _T, "S": _C | _G, "W": _A | _T, "K": _G | _T, "M": _A | _C,
    "B": _C | _G | _T, "D": _A | _G | _T, "H": _A | _C | _T, "V": _A | _C | _G,
    "N": _ANY,
}  # fmt: skip
_COMPLEMENTS = str.maketrans("ACGTURYSWKMBDHVN", "TGCAAYRSWMKVHDBN")
_UPPER = 0xDF
_COMPILES = COMPILES

LETTERS = frozenset(_CLASSES)
"""What a motif may be made of."""


def reverse_complement(motif: str) -> str:
    """The motif as it reads on the other strand.

    Args:
        motif: IUPAC letters, upper case; U is read as T.
    """
    return motif.translate(_COMPLEMENTS)[::-1]


def motif_table(motif: str, *, both_strands: bool) -> tuple[Bytes, Bytes]:
    """A motif as the kernel takes it.

    Args:
        motif: 1 .. `LONGEST_MOTIF` IUPAC letters, upper case.
        both_strands: whether the other strand is searched too; a motif that is its own reverse complement is
            searched once.

    Returns:
        uint8 [n_classes], the bits of the bases that each class stands for, and
        uint8 [n_strands, n_letters], the class of each letter.
    """
    spellings = list(dict.fromkeys([motif, reverse_complement(motif)] if both_strands else [motif]))
    codes = [[_CLASSES[letter] for letter in spelling] for spelling in spellings]
    if len(codes) > 1 and codes[0] == codes[1]:  # U and T
        codes = codes[:1]
    classes = sorted({code for row in codes for code in row})
    letters = [[classes.index(code) for code in row] for row in codes]
    return np.array(classes, np.uint8), np.array(letters, np.uint8)


def motif_hits_reference(
    buffer: Bytes, starts: Column, lengths: Column, wanted: Bytes, classes: Bytes, letters: Bytes, mismatches: int,
    places: Column, misses: Column, strands: Bytes,
) -> None:  # fmt: skip
    """Plain twin of `motif_hits`."""
    bits = {"A": _A, "C": _C, "G": _G, "T": _T, "U": _T}
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = [bits.get(chr(base).upper(), _OTHER) for base in buffer[start : start + length].tolist()]
        found = []
        for strand, row in enumerate(letters.tolist()):
            sets = [int(classes[letter]) for letter in row]
            for place in range(length - len(sets) + 1):
                missed = sum(not text[place + i] & each for i, each in enumerate(sets))
                if missed <= mismatches and wanted[read]:
                    found.append((missed, place, strand))
        misses[read], places[read], strands[read] = min(found, default=(0, NOT_FOUND, 0))


@inlined
def _lowest(bits: np.uint64) -> int:
    if _COMPILES:
        return lowest_bit(bits)
    return (int(bits) & -int(bits)).bit_length() - 1


@inlined
def _add_uracil(buffer: Bytes, start: int, length: int, plain: Masks) -> None:
    """Lets U count as T."""
    row = buffer[start : start + length]
    any_uracil = np.uint8(0)
    for i in range(length):
        any_uracil |= np.uint8((row[i] & np.uint8(_UPPER)) == np.uint8(85))
    if any_uracil:
        for i in range(length):
            if row[i] & np.uint8(_UPPER) == np.uint8(85):
                plain[3, i >> 6] |= np.uint64(1) << np.uint64(i & 63)


@inlined
def _class_rows(plain: Masks, length: int, classes: Bytes, extra: int, rows: Masks) -> None:
    """Fills a row for each class from those of the four bases; `extra` words past the read are zero."""
    words = (length + 63) // 64
    for row in range(len(classes)):
        for word in range(words):
            bits = np.uint64(0)
            if classes[row] & _OTHER:
                bits = low_bits(length - 64 * word)
            for base in range(4):
                if classes[row] >> base & 1:
                    bits |= plain[base, word]
            rows[row, word] = bits
        for word in range(words, words + extra):
            rows[row, word] = np.uint64(0)


@inlined
def _alike(rows: Masks, letters: Bytes, strand: int, position: int, inside: np.uint64, most: int, levels: Masks) -> int:
    """The fewest mismatches, at most `most`, at any of 64 places from `position` on, else ``most + 1``.

    Bit i of ``levels[m]`` stays set while place ``position + i`` has at most m mismatches: Shift-And with
    mismatches (Wu and Manber 1992), for 64 places of one read at a time.
    """
    for level in range(most + 1):
        levels[level] = inside
    for letter in range(letters.shape[1]):
        match = bits_at(rows, letters[strand, letter], position + letter)
        for level in range(most, 0, -1):
            levels[level] = (levels[level] & match) | levels[level - 1]
        levels[0] &= match
        if levels[most] == np.uint64(0):
            return most + 1
    for level in range(most):
        if levels[level] != np.uint64(0):
            return level
    return most


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[::1], uint8[::1], uint8[:, ::1], int64,"
    " int32[::1], int32[::1], uint8[::1])"
)
def motif_hits(
    buffer: Bytes, starts: Column, lengths: Column, wanted: Bytes, classes: Bytes, letters: Bytes, mismatches: int,
    places: Column, misses: Column, strands: Bytes,
) -> None:  # fmt: skip
    """Finds the place in each read where a motif has the fewest mismatches.

    Of places with as many the first one counts, and of strands at the same place the motif's own. Letters of
    reads other than A, C, G, T and U match N of the motif alone; either case will do.

    Args:
        buffer: uint8, bases, readable for 64 bytes past each read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        wanted: uint8 [n_reads], 0 for reads that need not be looked at.
        classes: uint8 [n_classes], see `motif_table`.
        letters: uint8 [n_strands, n_letters], see `motif_table`.
        mismatches: how many are allowed, from 0, below the motif's letters.
        places: int32 [n_reads], to fill: the motif's first base in the read, from 0, or `NOT_FOUND`.
        misses: int32 [n_reads], to fill: mismatches at that place.
        strands: uint8 [n_reads], to fill: 1 where it is the reverse complement, else 0.
    """
    size = letters.shape[1]
    longest = 0
    for read in range(len(starts)):
        longest = max(longest, int(lengths[read]))
    extra = size // 64 + 2
    plain = np.empty((4, longest // 64 + 2), np.uint64)
    rows = np.empty((len(classes), longest // 64 + 1 + extra), np.uint64)
    levels = np.empty(mismatches + 1, np.uint64)
    for read in range(len(starts)):
        places[read] = NOT_FOUND
        misses[read] = 0
        strands[read] = 0
        length = int(lengths[read])
        if not wanted[read] or length < size:
            continue
        plain_rows(buffer, starts[read], length, plain)
        _add_uracil(buffer, starts[read], length, plain)
        _class_rows(plain, length, classes, extra, rows)
        best = mismatches + 1
        for position in range(0, length - size + 1, 64):
            inside = low_bits(length - size + 1 - position)
            for strand in range(letters.shape[0]):
                is_here = places[read] >= position
                most = best if is_here else best - 1
                level = _alike(rows, letters, strand, position, inside, most, levels)
                if level > most:
                    continue
                place = position + _lowest(levels[level])
                if level < best or place < places[read]:
                    best = level
                    places[read] = place
                    misses[read] = level
                    strands[read] = strand
            if best == 0:
                break
