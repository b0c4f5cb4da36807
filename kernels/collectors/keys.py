"""Exact counts of how often reads begin alike: a table from the first bases of reads to numbers.

A key is the first `KEY_BASES` bases of a read, in upper case. Keys are compared in full, so that
two keys of one hash are never taken for each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.words import WIDTH, Whole, first_bytes, is_upper, load_word, mixed, upper_word

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

KEY_BASES = 50
"""Bases of a read that make its key."""

KEY_WORDS = 7
"""Words that hold a key; what is past its end is zero, which no base is."""

SEED = np.uint64(0x51ED270B0A1C4E2F)
"""The state that the hash of a key begins with."""

# An entry of the slots: which key it is, from 1, and above that as much of the hash as there is room for. 0: free.
NUMBER_BITS = np.uint64(17)
"""Bits of an entry that tell which key it is."""

MOST_KEYS = (1 << 17) - 1
"""Keys that a table can hold."""

# Slots that are fetched together: one by one, each would have to come from memory before the next is asked for.
_BLOCK = 64


def slots_for(keys: int) -> Words:
    """Free slots for a table of at most `keys` keys: uint64 [a power of two, at least twice `keys`].

    Raises:
        ValueError: more than `MOST_KEYS`.
    """
    if keys > MOST_KEYS:
        raise ValueError(f"a table holds at most {MOST_KEYS} keys")
    return np.zeros(1 << max(4, (2 * keys).bit_length()), np.uint64)


@inlined
def _key_word(buffer: Bytes, start: Whole, bases: Whole, number: int) -> np.uint64:
    """Word `number` of the key of a read; needs 8 bytes after its start even if it is shorter."""
    if bases <= number * WIDTH:
        return np.uint64(0)
    return upper_word(first_bytes(load_word(buffer, start + number * WIDTH), bases - number * WIDTH))


@inlined
def _key_bases(length: Whole) -> Whole:
    return min(np.int64(length), np.int64(KEY_BASES))


@inlined
def _is_key(buffer: Bytes, start: Whole, bases: Whole, keys: Words, row: Whole) -> bool:
    difference = np.uint64(0)
    for number in range(KEY_WORDS):
        difference |= _key_word(buffer, start, bases, number) ^ keys[row, number]
    return bool(difference == np.uint64(0))


@inlined
def _entry(hash_: np.uint64, row: Whole) -> np.uint64:
    return (hash_ << NUMBER_BITS) | np.uint64(row + 1)


@inlined
def key_row(entry: np.uint64) -> Whole:
    """The key of an entry that is not free."""
    return np.int64(entry & np.uint64(MOST_KEYS)) - 1


@inlined
def may_be_key(entry: np.uint64, hash_: np.uint64) -> bool:
    """Whether the entry is of a key with this hash, as far as it tells."""
    return bool((entry ^ (hash_ << NUMBER_BITS)) <= np.uint64(MOST_KEYS))


@inlined
def home_slot(hash_: np.uint64, count: int) -> Whole:
    """Where among `count` slots the search for a key begins: bits of the hash that are not in its entry come first."""
    folded = (hash_ >> np.uint64(44)) ^ hash_
    return np.int64(folded & np.uint64(count - 1))


@inlined
def _plain_hash(buffer: Bytes, start: Whole) -> tuple[bool, np.uint64]:
    """The hash of a key of `KEY_BASES`, and whether it is right, as it is where all bases are in upper case."""
    hash_ = SEED
    letters = np.uint64(0)
    for number in range(KEY_WORDS):
        word = first_bytes(load_word(buffer, start + number * WIDTH), KEY_BASES - number * WIDTH)
        letters |= word
        hash_ = mixed(hash_, word)
    return is_upper(letters), hash_


@kernel("void(uint8[::1], int32[::1], int32[::1], uint64[::1])")
def key_hashes(buffer: Bytes, starts: Column, lengths: Column, hashes: Words) -> None:
    """Hashes the keys of reads.

    Args:
        buffer: uint8, bases 33..126, readable for 64 bytes past any read's start.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        hashes: uint64 [n_reads], to fill.
    """
    for read in range(len(starts)):
        bases = _key_bases(lengths[read])
        start = np.int64(starts[read])
        if bases == KEY_BASES:
            is_plain, hash_ = _plain_hash(buffer, start)
            if is_plain:
                hashes[read] = hash_
                continue
        hash_ = SEED
        for number in range(KEY_WORDS):
            hash_ = mixed(hash_, _key_word(buffer, start, bases, number))
        hashes[read] = hash_


def count_keys_reference(reads: list[bytes], keys: list[bytes], counts: list[int], most: int) -> int:
    """Plain twin of `count_keys`, and of `count_known_keys` where `most` is ``len(keys)``."""
    filled_at = -1
    for number, read in enumerate(reads):
        key = read[:KEY_BASES].upper()
        if key in keys:
            counts[keys.index(key)] += 1
        elif len(keys) < most:
            keys.append(key)
            counts.append(1)
            if len(keys) == most:
                filled_at = number
    return filled_at


@kernel(
    "UniTuple(int64, 2)(uint8[::1], int32[::1], int32[::1], uint64[::1],uint64[::1], uint64[:, ::1], int64[::1], int64)"
)
def count_keys(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    hashes: Words,
    slots: Words,
    keys: Words,
    counts: Counts,
    known: int,
) -> tuple[int, int]:
    """Counts the keys of reads in order; new ones are added as long as there is room.

    Args:
        buffer: as for `key_hashes`.
        starts: likewise.
        lengths: likewise.
        hashes: uint64 [n_reads], what `key_hashes` gives.
        slots: uint64, what `slots_for` gives, with the known keys entered; new ones are entered too.
        keys: uint64 [most, 7], the words of the known keys, in order of their first read; added to.
        counts: int64 [most], reads of each key, to add to.
        known: keys known so far.

    Returns:
        The number of keys known, and the number of the read with which the table was filled, or -1.
    """
    filled_at = -1
    for read in range(len(starts)):
        bases = _key_bases(lengths[read])
        start = np.int64(starts[read])
        slot = home_slot(hashes[read], len(slots))
        while slots[slot] != np.uint64(0):
            if may_be_key(slots[slot], hashes[read]) and _is_key(buffer, start, bases, keys, key_row(slots[slot])):
                break
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] != np.uint64(0):
            counts[key_row(slots[slot])] += 1
        elif known < len(counts):
            for number in range(KEY_WORDS):
                keys[known, number] = _key_word(buffer, start, bases, number)
            slots[slot] = _entry(hashes[read], known)
            counts[known] = 1
            known += 1
            if known == len(counts):
                filled_at = read
    return known, filled_at


@kernel("void(uint8[::1], int32[::1], int32[::1], uint64[::1], uint64[::1], uint64[:, ::1], int64[::1])")
def count_known_keys(
    buffer: Bytes, starts: Column, lengths: Column, hashes: Words, slots: Words, keys: Words, counts: Counts
) -> None:
    """Counts those reads whose key is known.

    Args:
        buffer: as for `key_hashes`.
        starts: likewise.
        lengths: likewise.
        hashes: uint64 [n_reads], what `key_hashes` gives.
        slots: uint64, where keys are found; only read.
        keys: uint64 [n_keys, 7], only read.
        counts: int64 [n_keys], reads of each key, to add to.
    """
    entries = np.empty(_BLOCK, np.uint64)
    for first in range(0, len(starts), _BLOCK):
        last = min(first + _BLOCK, len(starts))
        for read in range(first, last):
            entries[read - first] = slots[home_slot(hashes[read], len(slots))]
        for read in range(first, last):
            hash_ = hashes[read]
            slot = home_slot(hash_, len(slots))
            entry = entries[read - first]
            while entry != np.uint64(0):
                if may_be_key(entry, hash_):
                    row = key_row(entry)
                    if _is_key(buffer, np.int64(starts[read]), _key_bases(lengths[read]), keys, row):
                        counts[row] += 1
                        break
                slot = (slot + 1) & (len(slots) - 1)
                entry = slots[slot]


@inlined
def _row_hash(keys: Words, row: int) -> np.uint64:
    hash_ = SEED
    for number in range(KEY_WORDS):
        hash_ = mixed(hash_, keys[row, number])
    return hash_


@inlined
def _same_rows(keys: Words, row: Whole, others: Words, other: int) -> bool:
    difference = np.uint64(0)
    for number in range(KEY_WORDS):
        difference |= keys[row, number] ^ others[other, number]
    return bool(difference == np.uint64(0))


@kernel("int64(uint64[:, ::1], int64[::1], uint64[::1], uint64[:, ::1], int64[::1], int64)")
def add_keys(others: Words, other_counts: Counts, slots: Words, keys: Words, counts: Counts, known: int) -> int:
    """Counts keys that have been counted elsewhere; new ones are added as long as there is room.

    Args:
        others: uint64 [n, 7], all different.
        other_counts: int64 [n], reads of each.
        slots: as for `count_keys`.
        keys: likewise.
        counts: likewise.
        known: likewise.

    Returns:
        The number of keys known.
    """
    for other in range(len(others)):
        hash_ = _row_hash(others, other)
        slot = home_slot(hash_, len(slots))
        while slots[slot] != np.uint64(0):
            if may_be_key(slots[slot], hash_) and _same_rows(keys, key_row(slots[slot]), others, other):
                break
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] != np.uint64(0):
            counts[key_row(slots[slot])] += other_counts[other]
        elif known < len(counts):
            keys[known] = others[other]
            slots[slot] = _entry(hash_, known)
            counts[known] = other_counts[other]
            known += 1
    return known


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[::1], int32[::1], int32[::1])")
def gather_keys(
    buffer: Bytes, starts: Column, lengths: Column, gathered: Bytes, new_starts: Column, new_lengths: Column
) -> None:
    """Copies the first bases of reads, so that they outlive the buffer.

    Args:
        buffer: as for `key_hashes`.
        starts: likewise.
        lengths: likewise.
        gathered: uint8 [>= 50 * n_reads + 64], to fill.
        new_starts: int32 [n_reads], to fill: as `starts`, into `gathered`.
        new_lengths: int32 [n_reads], to fill: at most 50.
    """
    at = np.int32(0)
    for read in range(len(starts)):
        bases = np.int32(_key_bases(lengths[read]))
        gathered[at : at + bases] = buffer[starts[read] : starts[read] + bases]
        new_starts[read] = at
        new_lengths[read] = bases
        at += bases


def key_text(words: Words) -> bytes:
    """The bases of a key, uint64 [7]."""
    return words.astype("<u8").tobytes().rstrip(b"\0")
