"""Where probes, short exact sequences of adapters, first occur in reads.

Any occurrence of a probe covers one of the words that begin at every `stride`-th base of the
read. So only those words are looked up, in a table of the words that probes have at their first
`stride` offsets, and what may be a hit is then compared in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.words import WIDTH, Whole, first_bytes, load_word, times

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

NEAR = 65_536
"""Hits that begin before this base are counted base by base, later ones by thousands of bases."""

FAR_STEP = 1000
"""Bases in a bin of late hits; a bin begins at a multiple of it, counted from base 1."""

MOST_PROBES = 64

# One bit for each of the words that occur would do; entries of 16 bits say at once which candidates to try. These are
# 8 KiB: four times as many pass fewer words, but leave a core's first cache no room for the reads.
_HASH_BITS = 12
_SHIFT = np.uint64(64 - _HASH_BITS)
_CASE = 0xDF
_CASES = np.uint64(0xDFDFDFDFDFDFDFDF)
_NO_STATE = np.uint64(0)


@dataclass(frozen=True, slots=True, eq=False)
class ProbeIndex:
    """Probes, prepared for `adapter_hits`.

    Attributes:
        letters: uint8 [n_probes, longest probe], the probes in upper case, zero past their ends.
        sizes: int64 [n_probes], bases of each probe.
        width: bases of a word that is looked up, 1..8.
        stride: a word is looked up at every multiple of this many bases.
        lists: int16 [2^12], by the hash of a word: where its candidates begin in `candidates`, 0 for none.
        candidates: int64 [n, 2], lists of a probe's number and the offset of the word in it, the highest
            offset of a list first; each list ends with -1. Row 0 is not used.
    """

    letters: Bytes
    sizes: Table
    width: int
    stride: int
    lists: npt.NDArray[np.int16]
    candidates: Table


def probe_index(probes: Sequence[bytes]) -> ProbeIndex:
    """Prepares probes.

    Raises:
        ValueError: there is none, or are more than `MOST_PROBES`, or one is empty.
    """
    if not 0 < len(probes) <= MOST_PROBES or not all(probes):
        raise ValueError(f"there have to be 1 to {MOST_PROBES} probes of one base or more")
    probes = [probe.upper() for probe in probes]
    shortest = min(map(len, probes))
    width = min(WIDTH, shortest // 2 + 1)
    stride = shortest - width + 1
    letters = np.zeros((len(probes), max(map(len, probes))), np.uint8)
    by_hash: dict[int, list[tuple[int, int]]] = {}
    for number, probe in enumerate(probes):
        letters[number, : len(probe)] = np.frombuffer(probe, np.uint8)
        padded = np.frombuffer(bytearray(probe + bytes(WIDTH)), np.uint8)  # of bytes alone, it would be of another type
        hashes = np.zeros(stride, np.int64)
        word_hashes(padded, width, hashes)
        for offset, hash_ in enumerate(hashes.tolist()):
            by_hash.setdefault(hash_, []).append((number, offset))
    lists = np.zeros(1 << _HASH_BITS, np.int16)
    candidates = [(0, 0)]
    for hash_, found in by_hash.items():
        lists[hash_] = len(candidates)
        candidates += [*sorted(found, key=lambda candidate: -candidate[1]), (-1, 0)]
    sizes = np.array([len(probe) for probe in probes], np.int64)
    return ProbeIndex(letters, sizes, width, stride, lists, np.array(candidates, np.int64))


@inlined
def word_hash(word: np.uint64) -> Whole:
    """Where in `ProbeIndex.lists` a word is looked up, of which only bits of `word_mask` are set."""
    return np.int64(times(word) >> _SHIFT)


@inlined
def word_mask(width: int) -> np.uint64:
    """The bits of a word of `width` bases that tell bases, but not their case."""
    return first_bytes(_CASES, width)


@inlined
def _word_hash(buffer: Bytes, offset: Whole, mask: np.uint64) -> Whole:
    return word_hash(load_word(buffer, offset) & mask)


@kernel("void(uint8[::1], int64, int64[::1])")
def word_hashes(text: Bytes, width: int, hashes: Table) -> None:
    """Hashes the words at the first offsets of a text.

    Args:
        text: uint8 [>= n + 8].
        width: bases of a word, 1..8.
        hashes: int64 [n], to fill, 0..2^12 - 1.
    """
    for offset in range(len(hashes)):
        hashes[offset] = _word_hash(text, offset, word_mask(width))


@inlined
def upper_byte(byte: int) -> int:
    """A character in upper case."""
    return byte & _CASE if 97 <= byte <= 122 else byte


@inlined
def _is_probe(buffer: Bytes, start: Whole, letters: Bytes, probe: int, size: Whole) -> bool:
    i = 0
    while i < size and upper_byte(buffer[start + i]) == letters[probe, i]:
        i += 1
    return i == size


def adapter_hits_reference(reads: Sequence[bytes], probes: Sequence[bytes]) -> list[list[int]]:
    """Plain twin of `adapter_hits`: for each read, where each probe first occurs, or -1."""
    return [[read.upper().find(probe.upper()) for probe in probes] for read in reads]


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int64[::1], int64, int64,"
    "int16[::1], int64[:, ::1], int64[:, ::1], int64[:, :, ::1])"
)
def adapter_hits(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    letters: Bytes,
    sizes: Table,
    width: int,
    stride: int,
    lists: npt.NDArray[np.int16],
    candidates: Table,
    near: Table,
    far: Table,
) -> None:
    """Counts reads by where each probe first occurs in them, either case.

    Args:
        buffer: uint8, bases, readable for 64 bytes past the end of any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        letters: see `ProbeIndex`.
        sizes: likewise.
        width: likewise.
        stride: likewise.
        lists: likewise.
        candidates: likewise.
        near: int64 [n_probes, >= the longest length, at most `NEAR`], to add to: reads whose first hit
            begins at base i, from 0.
        far: int64 [n_probes, > the longest length / 1,000, 2], to add to, for hits at base `NEAR` and
            later: reads whose first hit begins at base i, and the sum of these i, by (i + 1) // 1,000.
    """
    n_probes = len(sizes)
    found_in = np.full(n_probes, -1, np.int64)
    mask = word_mask(width)
    for read in range(len(starts)):
        start = np.int64(starts[read])
        length = np.int64(lengths[read])
        missing = n_probes
        offset = np.int64(0)
        while offset + width <= length and missing > 0:
            number = np.int64(lists[_word_hash(buffer, start + offset, mask)])
            offset += stride
            if number == 0:
                continue
            while candidates[number, 0] >= 0:
                probe = candidates[number, 0]
                at = offset - stride - candidates[number, 1]
                number += 1
                if found_in[probe] == read or at < 0 or at + sizes[probe] > length:
                    continue
                if not _is_probe(buffer, start + at, letters, probe, sizes[probe]):
                    continue
                found_in[probe] = read
                missing -= 1
                if at < NEAR:
                    near[probe, at] += 1
                else:
                    far[probe, (at + 1) // FAR_STEP, 0] += 1
                    far[probe, (at + 1) // FAR_STEP, 1] += at
