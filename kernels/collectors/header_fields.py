"""What stands between the colons of headers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined
from kernels.vectors import lowest_bit
from kernels.words import WIDTH, Whole, load_word

Bytes = npt.NDArray[np.uint8]
Prefix = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

_COLON, _PLUS, _MINUS, _ZERO = 58, 43, 45, 48
_LARGEST = (1 << 31) - 1

_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x80 * 0x0101010101010101)
_COLONS = np.uint64(_COLON * 0x0101010101010101)
_ZEROS = np.uint64(_ZERO * 0x0101010101010101)
# Added to a byte below 0x80, they carry into its highest bit from ten on.
_PAST_NINE = np.uint64(0x76 * 0x0101010101010101)
_PAIRS = np.uint64(0x00FF00FF00FF00FF)
_FOURS = np.uint64(0x0000FFFF0000FFFF)


@inlined
def field_start(buffer: Bytes, start: Whole, end: Whole, field: int) -> Whole:
    """Where field `field` of a header begins, or past its end if it has no such field."""
    for i in range(start, end):
        if field == 0:
            return i
        if buffer[i] == _COLON:
            field -= 1
    return end if field == 0 else end + 1


@inlined
def _digits_before_colon(word: np.uint64) -> Whole:
    """The number that up to seven digits and a colon at the start of a word tell; -1 where something else is there."""
    others = word ^ _COLONS
    colons = (others - _ONES) & ~others & _HIGHS
    digits = np.int64(lowest_bit(colons)) >> 3 if colons != np.uint64(0) else np.int64(0)
    if digits == 0:
        return -1
    # From here on the digits are at the end of the word, behind zeros.
    word = (word ^ _ZEROS) << np.uint64(64 - 8 * digits)
    if (word | (word + _PAST_NINE)) & _HIGHS != np.uint64(0):
        return -1
    word = (np.uint64(10) * word + (word >> np.uint64(8))) & _PAIRS
    word = (np.uint64(100) * word + (word >> np.uint64(16))) & _FOURS
    return np.int64((np.uint64(10_000) * word + (word >> np.uint64(32))) & np.uint64(0xFFFFFFFF))


@inlined
def field_number(buffer: Bytes, start: Whole, end: Whole) -> tuple[bool, Whole]:
    """The number that stands from `start` to the next colon: digits, perhaps with a sign, of 32 bits."""
    value = np.int64(-1)
    if COMPILES and start + WIDTH <= end:
        value = np.int64(_digits_before_colon(load_word(buffer, start)))
    if value >= 0:
        return True, value
    negative = False
    if start < end and (buffer[start] == _PLUS or buffer[start] == _MINUS):
        negative = buffer[start] == _MINUS
        start += 1
    value = np.int64(0)
    digits = 0
    for i in range(start, end):
        if buffer[i] == _COLON:
            break
        digit = np.int64(buffer[i]) - _ZERO
        if digit < 0 or digit > 9 or value > _LARGEST:
            return False, 0
        value = 10 * value + digit
        digits += 1
    if negative:
        return digits > 0 and bool(value <= _LARGEST + 1), -value
    return digits > 0 and bool(value <= _LARGEST), value


@inlined
def prefix_words(buffer: Bytes, start: Whole, count: Whole) -> Prefix:
    """The first three words and the last one of the `count` bytes from `start` on, 8 at least; they may overlap."""
    last = count - WIDTH
    return (
        load_word(buffer, start),
        load_word(buffer, start + min(last, WIDTH)),
        load_word(buffer, start + min(last, 2 * WIDTH)),
        load_word(buffer, start + last),
    )


@inlined
def has_prefix(buffer: Bytes, start: Whole, other: Whole, count: Whole, prefix: Prefix) -> bool:
    """Whether the `count` bytes from `start` on are the same as those from `other` on, which `prefix` is of."""
    first, second, third, fourth = prefix_words(buffer, start, count)
    if (first ^ prefix[0]) | (second ^ prefix[1]) | (third ^ prefix[2]) | (fourth ^ prefix[3]) != np.uint64(0):
        return False
    if count <= 4 * WIDTH:
        return True
    for at in range(3 * WIDTH, count - WIDTH, WIDTH):
        if load_word(buffer, start + at) != load_word(buffer, other + at):
            return False
    return True


@inlined
def is_alike(buffer: Bytes, start: Whole, end: Whole, before: Whole, count: Whole) -> bool:
    """Whether a header begins with the same `count` bytes as that at `before`; not so if these are few."""
    if count < WIDTH or end - start < count:
        return False
    return has_prefix(buffer, start, before, count, prefix_words(buffer, before, count))
