"""The best adapter of many in each read, and what is left of the read without it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.align import TRAITS, Trait, locate
from kernels.edit_distance import LONGEST, fill_matches
from kernels.jit import inlined, kernel
from kernels.search import (
    LONGEST_WORD,
    NOWHERE,
    coded_rows,
    first_occurrence,
    is_within,
    low_bits,
    occurrences,
    plain_rows,
    view,
)

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]

__all__ = ["HISTOGRAM", "LONGEST_WORD", "TRAITS", "WORD_FIELDS", "Leave", "Removes", "Trait", "adapter_ends"]

HISTOGRAM = 1024
"""Bins of the lengths that were cut off; the last stands for all that are longer."""

WORD_FIELDS = 4
"""Fields of a word: where the part of the read begins that it is searched in (below zero: from the read's end),
where it ends (0: with the read), its letters, and 1 where it is searched in the whole read."""


class Removes(IntEnum):
    """What goes with an adapter: what follows it, what precedes it, or that where it is at the read's beginning."""

    AFTER = 0
    BEFORE = 1
    EITHER = 2


class Leave(IntEnum):
    """What stays of a read with an adapter: the rest, the rest and the adapter, or the adapter alone."""

    REST = 0
    ADAPTER = 1
    ONLY_ADAPTER = 2


_LENGTH, _REMOVES = int(Trait.LENGTH), int(Trait.REMOVES)
_FIRST_WORD, _LAST_WORD = int(Trait.FIRST_WORD), int(Trait.LAST_WORD)
_BEFORE, _EITHER = int(Removes.BEFORE), int(Removes.EITHER)
_ADAPTER, _ONLY_ADAPTER = int(Leave.ADAPTER), int(Leave.ONLY_ADAPTER)


@inlined
def _first_word(
    rows: Masks, count: int, length: int, words: Numbers, letters: Bytes, first: int, last: int, seen: Masks
) -> int:
    """Where the first word of the whole adapter is; where none is but one of a part is, the read's end.

    `NOWHERE` where there is no word at all, so that the adapter cannot be there. Words that are searched in the
    whole read come first.
    """
    if length == 0:
        return int(NOWHERE)
    parts = int(first)
    while parts < last and words[parts, 3]:
        parts += 1
    if parts > first:
        found = int(first_occurrence(rows, count, letters, words, first, parts, length, seen))
        if found < NOWHERE:
            return found
    tail = max(0, length - 64)
    view(rows, count, tail, seen)
    hits = np.uint64(0)
    for word in range(parts, last):
        begin = words[word, 0]
        if begin < 0 and begin >= -64:
            outside = low_bits(max(0, length + begin) - tail)
            hits |= occurrences(seen, letters, word, words[word, 2]) & ~outside
    if hits != np.uint64(0):
        return int(length)
    for word in range(parts, last):
        begin = words[word, 0]
        if begin >= 0 or begin < -64:
            begin = begin if begin >= 0 else max(0, length + begin)
            end = min(words[word, 1], length) if words[word, 1] > 0 else length
            if is_within(rows, count, letters, word, words[word, 2], begin, end, seen):
                return int(length)
    return int(NOWHERE)


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int64[:, ::1], float64[::1], int32[:, ::1],"
    "int64[:, ::1], uint8[:, ::1], uint8[::1], boolean, uint8[::1], int64, int64,"
    "int32[::1], int32[::1], int32[::1], int64[:, ::1])"
)
def adapter_ends(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    texts: Bytes,
    traits: Numbers,
    rates: Rates,
    unknowns: Column,
    words: Numbers,
    letters: Bytes,
    classes: Bytes,
    is_plain: bool,
    table: Bytes,
    times: int,
    leave: int,
    begins: Column,
    ends: Column,
    which: Column,
    histogram: Counts,
) -> None:
    """Looks for adapters in each read; the best one counts: of highest score, then of fewest errors, then the first.

    Args:
        buffer: uint8, bases, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        texts: uint8 [n_adapters, width], their codes, see `kernels.base_codes`.
        traits: int64 [n_adapters, TRAITS], see `Trait`. Between ``FIRST_WORD`` and ``LAST_WORD`` are the words
            of which a read must hold one for the adapter to be looked for, those that are searched in the whole
            read first; where there are none it is always looked for.
        rates: float64 [n_adapters], errors allowed for each aligned base.
        unknowns: int32 [n_adapters, width + 1], Ns among the first i letters.
        words: int64 [n_words, WORD_FIELDS].
        letters: uint8 [n_words, LONGEST_WORD], of each letter the row of its code in `classes`.
        classes: uint8 [n_classes], codes that occur in words.
        is_plain: `classes` are those of A, C, G and T, and so are all letters of all adapters.
        table: uint8 [256], the code of every byte of a read.
        times: how often to look, each time in what is left.
        leave: a `Leave`; other than the rest only where `times` is 1.
        begins: int32 [n_reads], to fill: bases to cut from the 5' end.
        ends: int32 [n_reads], to fill: where the read then ends, from its old beginning.
        which: int32 [n_reads], to fill: the last adapter found, or -1.
        histogram: int64 [n_adapters, HISTOGRAM], to add to: reads by bases that were cut off.
    """
    longest = 0
    for read in range(len(lengths)):
        longest = max(longest, int(lengths[read]))
    rows = np.empty((max(4, len(classes)), longest // 64 + 2), np.uint64)
    seen = np.empty(len(rows), np.uint64)
    codes = np.empty(longest + 1, np.uint8)
    costs = np.empty(texts.shape[1] + 1, np.int32)
    scores = np.empty(texts.shape[1] + 1, np.int32)
    origins = np.empty(texts.shape[1] + 1, np.int32)
    found = np.zeros(4, np.int64)
    matches = np.zeros((len(texts), 256), np.uint64)
    for adapter in range(len(texts)):
        if traits[adapter, _LENGTH] <= LONGEST:
            fill_matches(texts[adapter], traits[adapter, _LENGTH], matches[adapter])
    for read in range(len(starts)):
        begin = 0
        end = int(lengths[read])
        which[read] = -1
        for _ in range(times):
            start = int(starts[read]) + begin
            length = end - begin
            is_coded = False
            if is_plain:
                plain_rows(buffer, start, length, rows)
            else:
                for i in range(length):
                    codes[i] = table[buffer[start + i]]
                is_coded = True
                coded_rows(codes, length, classes, rows)
            best = -1
            best_begin = 0
            best_end = 0
            best_score = 0
            best_errors = 0
            for adapter in range(len(texts)):
                first, last = traits[adapter, _FIRST_WORD], traits[adapter, _LAST_WORD]
                hit = 0
                if last > first:
                    hit = int(_first_word(rows, len(classes), length, words, letters, first, last, seen))
                    if hit == NOWHERE:
                        continue
                if not is_coded:
                    for i in range(length):
                        codes[i] = table[buffer[start + i]]
                    is_coded = True
                if not locate(
                    codes,
                    length,
                    texts[adapter],
                    traits[adapter],
                    rates[adapter],
                    unknowns[adapter],
                    hit,
                    matches[adapter],
                    costs,
                    scores,
                    origins,
                    found,
                ):
                    continue
                if best < 0 or found[2] > best_score or (found[2] == best_score and found[3] < best_errors):
                    best = int(adapter)
                    best_begin, best_end, best_score, best_errors = found[0], found[1], found[2], found[3]
            if best < 0:
                break
            which[read] = best
            removes = traits[best, _REMOVES]
            is_front = removes == _BEFORE or (removes == _EITHER and best_begin == 0)
            cut = best_end if is_front else length - best_begin
            histogram[best, min(cut, HISTOGRAM - 1)] += 1
            if leave == _ONLY_ADAPTER:
                begin, end = begin + best_begin, begin + best_end
            elif is_front:
                begin += best_begin if leave == _ADAPTER else best_end
            else:
                end = begin + (best_end if leave == _ADAPTER else best_begin)
        begins[read] = begin
        ends[read] = end
