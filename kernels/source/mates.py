"""Whether two reads are mates, told by their names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Number = int | np.int64

_SPACE = 32
_TAB = 9
_SLASH = 47
_COLON = 58
_ZERO = 48
_NUMBERS = b"123"
_FILTER = b"YN"


def mates_agree(first: bytes, second: bytes) -> bool:
    """Whether two header lines belong to a first read and its mate.

    Their first words have to be the same, apart from a ``/1`` and ``/2`` at the end. Numbers, from there
    or from a comment that begins as Illumina's (``1:N:``), have to be in order where both have one:
    1 before 2 or 3 (where 2 holds a UMI).

    Args:
        first: the header line without ``@`` and line end.
        second: likewise.
    """
    first_name, first_number = _taken_apart(first)
    second_name, second_number = _taken_apart(second)
    in_order = not first_number or not second_number or first_number < second_number
    return first_name == second_name and in_order


def _taken_apart(header: bytes) -> tuple[bytes, int]:
    """The name without the mate's number, and the number, 0 where there is none."""
    name, comment = header, b""
    for i, byte in enumerate(header):
        if byte in (_SPACE, _TAB):
            name, comment = header[:i], header[i + 1 :]
            break
    if len(name) > 2 and name[-2] == _SLASH and name[-1] in _NUMBERS:
        return name[:-2], name[-1] - _ZERO
    if len(comment) > 3 and comment[0] in _NUMBERS and comment[2] in _FILTER and comment[1] == comment[3] == _COLON:
        return name, comment[0] - _ZERO
    return name, 0


@inlined
def _name_length(names: Bytes, start: Number, length: Number) -> int:
    """Bytes of the first word."""
    for i in range(length):
        if names[start + i] == _SPACE or names[start + i] == _TAB:
            return i
    return int(length)


@inlined
def _suffix_number(names: Bytes, start: Number, length: Number) -> int:
    """The number of a mate at the end of its name, 0 where there is none."""
    if length > 2 and names[start + length - 2] == _SLASH:
        number = np.int64(names[start + length - 1]) - _ZERO
        if 1 <= number <= 3:
            return int(number)
    return 0


@inlined
def _comment_number(names: Bytes, start: Number, length: Number) -> int:
    """The number of a mate at the beginning of its comment, 0 where there is none."""
    if length > 3 and names[start + 1] == _COLON and names[start + 3] == _COLON:
        number = np.int64(names[start]) - _ZERO
        if 1 <= number <= 3 and (names[start + 2] == _FILTER[0] or names[start + 2] == _FILTER[1]):
            return int(number)
    return 0


@kernel("int64(uint8[::1], int32[:], int32[:], uint8[::1], int32[:], int32[:])")
def first_strangers(
    first: Bytes,
    first_starts: Column,
    first_lengths: Column,
    second: Bytes,
    second_starts: Column,
    second_lengths: Column,
) -> int:
    """Finds the first pair of reads that are not mates; see `mates_agree`.

    The reads of an interleaved batch are given as every other element of its columns.

    Args:
        first: uint8, the buffer of the first mates.
        first_starts: int32 [n_reads], offset of each name in it.
        first_lengths: int32 [n_reads], bytes of each header line.
        second: uint8, the buffer of the second mates; may be the same.
        second_starts: int32 [n_reads], likewise.
        second_lengths: int32 [n_reads], likewise.

    Returns:
        The number of the pair, from 0; -1 if all are mates.
    """
    for pair in range(len(first_starts)):
        start, other = np.int64(first_starts[pair]), np.int64(second_starts[pair])
        length, other_length = np.int64(first_lengths[pair]), np.int64(second_lengths[pair])
        name, other_name = _name_length(first, start, length), _name_length(second, other, other_length)
        number, other_number = _suffix_number(first, start, name), _suffix_number(second, other, other_name)
        bare, other_bare = name - (2 if number else 0), other_name - (2 if other_number else 0)
        if bare != other_bare:
            return pair
        for i in range(bare):
            if first[start + i] != second[other + i]:
                return pair
        if not number:
            number = _comment_number(first, start + name + 1, length - name - 1)
        if not other_number:
            other_number = _comment_number(second, other + other_name + 1, other_length - other_name - 1)
        if number and other_number and number >= other_number:
            return pair
    return -1
