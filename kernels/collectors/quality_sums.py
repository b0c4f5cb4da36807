"""What the qualities of each read add up to, and their chances of error, in one pass."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.collectors.read_errors import ERROR_UNITS, MOST_BASES
from kernels.jit import inlined, kernel
from kernels.qualities import OFFSET, QUALITIES
from kernels.words import WIDTH, load_word

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

_EVEN = np.uint64(0x00FF00FF00FF00FF)
_ODD = np.uint64(0xFF00FF00FF00FF00)
_PAIR = np.uint64((1 << 14) - 1)

# Two sums in one word: of the characters above, of the chances of error below. Neither runs over within a chunk.
_ERROR_BITS = np.uint64(48)
_ERRORS = np.uint64((1 << 48) - 1)
_CHUNK = 512


def _pair_sums() -> Words:
    by_byte = np.arange(128, dtype=np.int64) << int(_ERROR_BITS)
    by_byte[OFFSET : OFFSET + QUALITIES] += ERROR_UNITS
    return (by_byte[:, None] + by_byte[None, :]).reshape(-1).astype(np.uint64)


PAIR_SUMS: Words = _pair_sums()
"""uint64 [16,384], the sums for two quality characters of seven bits, first + 128 * second: of their chances of error,
and above 48 bits of themselves."""


@inlined
def _pairs_of(word: np.uint64, pairs: Words) -> np.uint64:
    packed = (word & _EVEN) | ((word & _ODD) >> np.uint64(1))
    total = pairs[packed & _PAIR]
    total += pairs[(packed >> np.uint64(16)) & _PAIR]
    total += pairs[(packed >> np.uint64(32)) & _PAIR]
    return np.uint64(total + pairs[packed >> np.uint64(48)])


def quality_error_sums_reference(buffer: Bytes, starts: Column, lengths: Column, sums: Table, errors: Table) -> None:
    """Plain twin of `quality_error_sums`, of reads of at most `MOST_BASES`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])
        sums[read] = sum(text)
        errors[read] = sum(int(ERROR_UNITS[character - OFFSET]) for character in text)


@kernel("void(uint8[::1], int32[::1], int32[::1], uint64[::1], int64[::1], int64[::1])")
def quality_error_sums(
    buffer: Bytes, starts: Column, lengths: Column, pairs: Words, sums: Table, errors: Table
) -> None:
    """Adds up the qualities of each read, and their chances of error: how many wrong bases to expect.

    Args:
        buffer: uint8, quality characters 33..126.
        starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], qualities.
        pairs: `PAIR_SUMS`.
        sums: int64 [n_reads], to fill: the sum of the characters; the offset of 33 is still in them.
        errors: int64 [n_reads], to fill, in units of 2^-36; qualities past `MOST_BASES` are passed over.
    """
    for read in range(len(starts)):
        start = np.int64(starts[read])
        end = start + lengths[read]
        errors_end = min(end, start + MOST_BASES)
        sums[read] = 0
        errors[read] = 0
        for chunk in range(start, end, _CHUNK):
            at = np.int64(chunk)
            stop = min(at + _CHUNK, end)
            first = np.uint64(0)
            second = np.uint64(0)
            while at + 2 * WIDTH <= stop:
                first += _pairs_of(load_word(buffer, at), pairs)
                second += _pairs_of(load_word(buffer, at + WIDTH), pairs)
                at += 2 * WIDTH
            if at + WIDTH <= stop:
                first += _pairs_of(load_word(buffer, at), pairs)
                at += WIDTH
            while at < stop:
                first += pairs[np.int64(buffer[at])]
                at += 1
            both = first + second
            sums[read] += np.int64(both >> _ERROR_BITS)
            if chunk < errors_end:
                errors[read] += np.int64(both & _ERRORS)
