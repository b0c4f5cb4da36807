"""In how many reads words occur, and where."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel
from kernels.occurrences import NOWHERE, first_occurrence, plain_rows

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]


def word_counts_reference(
    buffer: Bytes, starts: Column, lengths: Column, letters: Bytes, words: Numbers, counts: Counts
) -> None:
    """Plain twin of `word_counts`."""
    texts = [
        bytes(b"ACGT"[letter] for letter in row[:size]) for row, size in zip(letters, words[:, 2].tolist(), strict=True)
    ]
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        read = bytes(buffer[start : start + length]).upper()
        for word, text in enumerate(texts):
            counts[word] += text in read


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int64[:, ::1], int64[::1])")
def word_counts(buffer: Bytes, starts: Column, lengths: Column, letters: Bytes, words: Numbers, counts: Counts) -> None:
    """Counts the reads that hold each word, case aside.

    Args:
        buffer: uint8, bases, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        letters: uint8 [n_words, LONGEST_WORD], each letter's place in ACGT.
        words: int64 [n_words, 3], letters of each word in column 2.
        counts: int64 [n_words], to add to.
    """
    longest = 0
    for read in range(len(lengths)):
        longest = max(longest, int(lengths[read]))
    rows = np.empty((4, longest // 64 + 2), np.uint64)
    seen = np.empty(4, np.uint64)
    for read in range(len(starts)):
        length = int(lengths[read])
        plain_rows(buffer, int(starts[read]), length, rows)
        for word in range(len(words)):
            if first_occurrence(rows, 4, letters, words, word, word + 1, length, seen) < NOWHERE:
                counts[word] += 1
