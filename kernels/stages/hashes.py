"""Numbers that are the same for the same thing and as good as random otherwise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import COMPILES, inlined, kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def mixed_reference(value: int) -> int:
    """Plain twin of the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    value = (value ^ (value >> 30)) * _FIRST & _MASK
    value = (value ^ (value >> 27)) * _SECOND & _MASK
    return value ^ (value >> 31)


@inlined
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(_FIRST)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(_SECOND)
    return value ^ (value >> np.uint64(31))


def number_hashes_reference(first: int, seed: int, hashes: Hashes) -> None:
    """Plain twin of `number_hashes`."""
    salt = mixed_reference((seed + _STEP) & _MASK)
    for row in range(len(hashes)):
        hashes[row] = mixed_reference((mixed_reference(((first + row + 1) * _STEP) & _MASK) ^ salt) & _MASK)


@kernel("void(int64, int64, uint64[::1])")
def number_hashes(first: int, seed: int, hashes: Hashes) -> None:
    """Hashes consecutive numbers of records.

    Args:
        first: the first number, from 0.
        seed: other seeds give other hashes.
        hashes: uint64 [n_reads], to fill.
    """
    salt = _mixed(np.uint64(seed) + np.uint64(_STEP))
    for row in range(len(hashes)):
        number = np.uint64(first + row + 1) * np.uint64(_STEP)
        hashes[row] = _mixed(_mixed(number) ^ salt)


def sequence_hashes_reference(
    buffer: Bytes, starts: Column, lengths: Column, compared: int, seed: int, hashes: Hashes
) -> None:
    """Plain twin of `sequence_hashes`."""
    for row, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        used = min(length, compared) if compared > 0 else length
        text = bytes(byte & 0xDF for byte in bytes(buffer[start : start + used]))
        value = (int(hashes[row]) ^ mixed_reference((seed + used * _STEP) & _MASK)) & _MASK
        for i in range(0, used, 8):
            value = mixed_reference(value ^ int.from_bytes(text[i : i + 8], "little")) + _STEP & _MASK
        hashes[row] = value


@kernel("void(uint8[::1], int32[::1], int32[::1], int64, int64, uint64[::1])")
def sequence_hashes(buffer: Bytes, starts: Column, lengths: Column, compared: int, seed: int, hashes: Hashes) -> None:
    """Hashes the bases of reads, case aside, on top of what the hashes already are.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        compared: hash only so many leading bases; 0: all.
        seed: other seeds give other hashes.
        hashes: uint64 [n_reads], changed: zero before the first mate, the first mate's before the second.
    """
    for row in range(len(starts)):
        start = int(starts[row])
        used = int(lengths[row])
        if compared > 0:
            used = min(used, compared)
        value = hashes[row] ^ _mixed(np.uint64(seed) + np.uint64(used) * np.uint64(_STEP))
        for i in range(0, used, 8):
            chunk = np.uint64(0)
            for j in range(min(8, used - i)):
                chunk |= np.uint64(buffer[start + i + j] & np.uint8(0xDF)) << np.uint64(8 * j)
            value = _mixed(value ^ chunk) + np.uint64(_STEP)
        hashes[row] = value


def find_new_reference(keys: Hashes, seen: set[tuple[int, int]], skipped: Bytes, is_new: Bytes) -> None:
    """Plain twin of `find_new`, over a set."""
    for row, (first, second) in enumerate(keys.T.tolist()):
        is_new[row] = skipped[row] != 0 or (first, second) not in seen
        if not skipped[row]:
            seen.add((first, second))


@kernel("int64(uint64[:, ::1], uint64[:, ::1], uint8[::1], uint8[::1])")
def find_new(keys: Hashes, table: Hashes, skipped: Bytes, is_new: Bytes) -> int:
    """Puts keys into a hash table with open addressing, and finds those that were not in it.

    Args:
        keys: uint64 [2, n]; a key of two zeros counts as zero and one.
        table: uint64 [2, a power of two], of which at most half gets used; zero where empty.
        skipped: uint8 [n]; where it is not 0 the key is left alone and counts as new.
        is_new: uint8 [n], to fill.

    Returns:
        How many keys were added.
    """
    mask = table.shape[1] - 1
    added = 0
    for row in range(keys.shape[1]):
        is_new[row] = 1
        if skipped[row]:
            continue
        first, second = keys[0, row], keys[1, row]
        if first == 0 and second == 0:
            second = np.uint64(1)
        slot = np.int64(first & np.uint64(mask))
        while table[0, slot] != 0 or table[1, slot] != 0:
            if table[0, slot] == first and table[1, slot] == second:
                is_new[row] = 0
                break
            slot = (slot + 1) & mask
        if is_new[row]:
            table[0, slot] = first
            table[1, slot] = second
            added += 1
    return added


if not COMPILES:
    # NumPy's scalars warn where they run over, which is meant here.
    number_hashes = number_hashes_reference
    sequence_hashes = sequence_hashes_reference
