"""Whether a pattern occurs in a text with few errors, all rows of a column of the table at once.

G. Myers, A fast bit-vector algorithm for approximate string matching based on dynamic programming, J. ACM 46
(1999); in the form of H. Hyyrö, Explaining and extending the bit-parallel approximate string matching algorithm of
Myers (2001).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined
from kernels.occurrences import NOWHERE

Bytes = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.uint64]

LONGEST = 64
"""Letters of the longest pattern."""

_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_EVERY = (1 << 64) - 1


def _sum(one: np.uint64, other: np.uint64) -> np.uint64:
    return one + other


def _sum_plainly(one: np.uint64, other: np.uint64) -> np.uint64:
    # NumPy's scalars warn where a sum runs over.
    return np.uint64(int(one) + int(other) & _EVERY)


plus = inlined(_sum) if COMPILES else _sum_plainly
"""The sum modulo 2^64."""


@inlined
def fill_matches(text: Bytes, size: int, matches: Masks) -> None:
    """Where each code of a read matches a pattern.

    Args:
        text: uint8 [>= size], codes of the pattern, see `kernels.base_codes`.
        size: its letters, at most `LONGEST`.
        matches: uint64 [256], to fill: bit i of number c is set where letter i and code c have a bit in common.
    """
    for code in range(256):
        bits = np.uint64(0)
        for i in range(size):
            if text[i] & np.uint8(code):
                bits |= _ONE << np.uint64(i)
        matches[code] = bits


@inlined
def first_place(codes: Bytes, begin: int, end: int, matches: Masks, size: int, rate: float, overlap: int) -> int:
    """Where a pattern first ends in a text with few enough errors, wherever it begins, or runs over the text's end.

    Errors are letters exchanged, put in or left out.

    Args:
        codes: uint8 [>= end], the text, see `kernels.base_codes`.
        begin: the first letter of the text to look at.
        end: past the last.
        matches: uint64 [256], see `fill_matches`.
        size: letters of the pattern, 1 .. `LONGEST`.
        rate: errors allowed for each letter of the pattern that is in the text.
        overlap: least letters of the pattern before the text's end.

    Returns:
        Letters of the text up to the end of the first whole pattern; ``end`` where only a beginning of the pattern
        is there, before the text's end; `NOWHERE` where nothing is.
    """
    allowed = int(rate * size)
    top = np.uint64(size - 1)
    more, less = _ALL, np.uint64(0)  # rows that cost one more, one less than the row before
    cost = size
    for column in range(begin, end):
        equal = matches[codes[column]]
        upright = equal | less
        across = (plus(equal & more, more) ^ more) | equal
        rising = less | ~(across | more)
        falling = more & across
        cost += int((rising >> top) & _ONE) - int((falling >> top) & _ONE)
        if cost <= allowed:
            return column + 1
        rising <<= _ONE
        falling <<= _ONE
        more = falling | ~(upright | rising)
        less = rising & upright
    cost = 0
    for row in range(size):
        cost += int((more >> np.uint64(row)) & _ONE) - int((less >> np.uint64(row)) & _ONE)
        if row + 1 >= overlap and cost <= rate * (row + 1):
            return int(end)
    return int(NOWHERE)
