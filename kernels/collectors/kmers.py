"""Words of seven bases by position, of a sample of the reads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]

KMER = 7
"""Bases of a k-mer."""

KMERS = 4**KMER
"""Different k-mers of A, C, G and T."""

SAMPLE_STEP = 50
"""One read in this many is looked at."""

MOST_BASES = 500
"""Bases of a read that are looked at."""

LETTERS = b"ACGT"
"""The letter of each digit of a k-mer's number, which is written to base 4, the first base highest."""

NEVER = (1 << 63) - 1
"""`first_seen` of a k-mer that was not seen."""

_POSITIONS = 512
_A, _C, _G, _T, _N = b"ACGTN"
_CASE = 0xDF


def kmer_text(number: int) -> str:
    """The bases of a k-mer."""
    return "".join(chr(LETTERS[number >> 2 * place & 3]) for place in reversed(range(KMER)))


def kmer_counts_reference(
    reads: list[tuple[int, bytes]],
    counts: dict[tuple[int, str], int],
    totals: dict[int, int],
    seen: dict[str, list[int]],
) -> None:
    """Plain twin of `kmer_counts`, of reads with their numbers; `seen` is of k-mer to [first seen, k-mers there]."""
    for number, read in reads:
        text = read[:MOST_BASES].upper().decode()
        if (number + 1) % SAMPLE_STEP:
            continue
        for position in range(len(text) - KMER + 1):
            kmer = text[position : position + KMER]
            if "N" in kmer:
                continue
            totals[position] = totals.get(position, 0) + 1
            if set(kmer) <= set("ACGT"):
                counts[position, kmer] = counts.get((position, kmer), 0) + 1
                now = [number * _POSITIONS + position, len(text) - KMER + 1]
                seen[kmer] = min(seen.get(kmer, now), now)


@kernel("void(uint8[::1], int32[::1], int32[::1], int64[::1], int32[:, ::1], int64[::1], int64[::1], int64[::1])")
def kmer_counts(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    indices: Table,
    counts: Counts,
    totals: Table,
    first_seen: Table,
    first_positions: Table,
) -> None:
    """Counts the k-mers of one read in 50, either case, in its first 500 bases.

    Args:
        buffer: uint8, bases.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        indices: int64 [n_reads], the number of each read in the file, from 0.
        counts: int32 [positions, 4^7], to add to, by the position a k-mer begins at and its number;
            positions is at least the longest length, or 500, less 6.
        totals: int64 [positions], to add to: k-mers without N, those with other letters included.
        first_seen: int64 [4^7], where each k-mer was first seen: the read's number in the file times
            512, plus the position; to lower.
        first_positions: int64 [4^7], k-mers in that read.
    """
    for read in range(len(starts)):
        if (indices[read] + 1) % SAMPLE_STEP != 0:
            continue
        start = np.int64(starts[read])
        length = min(np.int64(lengths[read]), np.int64(MOST_BASES))
        number = np.int64(0)
        since_n = 0
        since_other = 0
        for i in range(length):
            base = buffer[start + i] & np.uint8(_CASE)
            digit = -1
            if base == _A:
                digit = 0
            elif base == _C:
                digit = 1
            elif base == _G:
                digit = 2
            elif base == _T:
                digit = 3
            since_n = 0 if base == _N else since_n + 1
            since_other = 0 if digit < 0 else since_other + 1
            number = (number << 2 | max(digit, 0)) & (KMERS - 1)
            position = i - KMER + 1
            if since_n >= KMER:
                totals[position] += 1
            if since_other >= KMER:
                counts[position, number] += 1
                now = indices[read] * _POSITIONS + position
                if now < first_seen[number]:
                    first_seen[number] = now
                    first_positions[number] = length - KMER + 1
