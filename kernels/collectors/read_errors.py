"""The mean quality of each read by the chance of errors, and reads by length and that quality."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.qualities import OFFSET, QUALITIES
from kernels.words import WIDTH, load_word

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

ERROR_ONE = 1 << 36
"""An error for certain, in the units of `ERROR_UNITS`; whole numbers, so that no order of adding matters."""

ERROR_UNITS: Table = np.array([round(ERROR_ONE * 10.0 ** (-quality / 10)) for quality in range(QUALITIES)], np.int64)
"""Chance that a base is wrong, by its Phred quality, in units of 2^-36; within 1e-6 of it up to Q45."""

MOST_BASES = 1 << 26
"""Bases of a read that are looked at; the sum over more could run over."""

_EVEN = np.uint64(0x00FF00FF00FF00FF)
_ODD = np.uint64(0xFF00FF00FF00FF00)
_PAIR = np.uint64((1 << 14) - 1)


def _pair_errors() -> Table:
    by_byte = np.zeros(128, np.int64)
    by_byte[OFFSET : OFFSET + QUALITIES] = ERROR_UNITS
    return (by_byte[:, None] + by_byte[None, :]).reshape(-1)


PAIR_ERRORS: Table = _pair_errors()
"""int64 [16,384], the sum for two quality characters of seven bits: first + 128 * second."""

# The exponent of a float64 and three bits of its fraction.
_GUESS_SHIFT = 49
_GUESS_FIRST = 1023 << 3


def _quality_guesses() -> Table:
    octaves = [(1 << octave) * (8 + eighth) / 8 for octave in range(37) for eighth in range(8)]
    return np.array([max(np.flatnonzero(least <= ERROR_UNITS), default=0) for least in octaves], np.int64)


QUALITY_GUESSES: Table = _quality_guesses()
"""int64 [296], the highest quality that a mean error can have, by its exponent and first bits."""

LENGTH_STARTS: Table = np.unique(np.array([round(10 ** (step / 10)) for step in range(91)], np.int64))
"""First lengths of bins that are spaced evenly on a logarithmic scale, ten a decade: 1 .. 6, 8, 10, 13, 16, 20 .."""


@inlined
def _pairs_of(word: np.uint64, errors: Table) -> np.int64:
    packed = (word & _EVEN) | ((word & _ODD) >> np.uint64(1))
    total = errors[packed & _PAIR]
    total += errors[(packed >> np.uint64(16)) & _PAIR]
    total += errors[(packed >> np.uint64(32)) & _PAIR]
    return np.int64(total + errors[packed >> np.uint64(48)])


def error_sums_reference(buffer: Bytes, starts: Column, lengths: Column, sums: Table) -> None:
    """Plain twin of `error_sums`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        sums[read] = sum(int(ERROR_UNITS[character - OFFSET]) for character in bytes(buffer[start : start + length]))


@kernel("void(uint8[::1], int32[::1], int32[::1], int64[::1], int64[::1])")
def error_sums(buffer: Bytes, starts: Column, lengths: Column, errors: Table, sums: Table) -> None:
    """Adds up the chances of error of each read: how many wrong bases to expect.

    Args:
        buffer: uint8, quality characters 33..126.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities; those past `MOST_BASES` are passed over.
        errors: `PAIR_ERRORS`.
        sums: int64 [n_reads], to fill, in units of 2^-36.
    """
    for read in range(len(starts)):
        at = np.int64(starts[read])
        end = at + min(np.int64(lengths[read]), np.int64(MOST_BASES))
        first = np.int64(0)
        second = np.int64(0)
        while at + 2 * WIDTH <= end:
            first += _pairs_of(load_word(buffer, at), errors)
            second += _pairs_of(load_word(buffer, at + WIDTH), errors)
            at += 2 * WIDTH
        if at + WIDTH <= end:
            first += _pairs_of(load_word(buffer, at), errors)
            at += WIDTH
        while at < end:
            first += errors[np.int64(buffer[at])]
            at += 1
        sums[read] = first + second


def length_quality_counts_reference(sums: Table, lengths: Column, table: Table) -> None:
    """Plain twin of `length_quality_counts`."""
    units, starts = ERROR_UNITS.tolist(), LENGTH_STARTS.tolist()
    for total, length in zip(sums.tolist(), lengths.tolist(), strict=True):
        if length:
            row = max(i for i, start in enumerate(starts) if start <= length)
            used = min(length, MOST_BASES)
            table[row, max((q for q, unit in enumerate(units) if total <= unit * used), default=0)] += 1


@kernel("void(int64[::1], int32[::1], int64[::1], int64[::1], int64[::1], int64[:, ::1])")
def length_quality_counts(
    sums: Table, lengths: Column, units: Table, guesses: Table, length_starts: Table, table: Table
) -> None:
    """Counts reads by length and by mean quality from the chances of error, rounded down; empty reads have none.

    Args:
        sums: int64 [n_reads], what `error_sums` gives: 34 a base or more.
        lengths: int32 [n_reads].
        units: `ERROR_UNITS`.
        guesses: `QUALITY_GUESSES`.
        length_starts: `LENGTH_STARTS`.
        table: int64 [len(length_starts), 94], to add to.
    """
    last, row = np.int64(-1), 0
    mean = np.empty(1, np.float64)
    bits = mean.view(np.int64)
    for read in range(len(sums)):
        length = np.int64(lengths[read])
        if length == 0:
            continue
        if length != last:
            row = int(np.searchsorted(length_starts, length, side="right")) - 1
            last = length
        used = min(length, np.int64(MOST_BASES))
        mean[0] = sums[read] / used
        quality = int(guesses[max((bits[0] >> _GUESS_SHIFT) - _GUESS_FIRST, 0)])
        # Too high by one as often as not, which no branch can foretell, and hardly ever by more.
        quality -= int(quality > 0) & int(sums[read] > units[quality] * used)
        while quality > 0 and sums[read] > units[quality] * used:
            quality -= 1
        table[row, quality] += 1
