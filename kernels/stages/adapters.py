"""The best adapter of many in each read, linked ones among them, and what is left of the read without it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.occurrences import (
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
from kernels.stages.align import TRAITS, Trait, locate
from kernels.stages.edit_distance import LONGEST, fill_matches

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Masks = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]

__all__ = ["LINK_FIELDS", "LONGEST_WORD", "TRAITS", "WORD_FIELDS", "Leave", "Removes", "Trait", "adapter_ends"]

WORD_FIELDS = 4
"""Fields of a word: where the part of the read begins that it is searched in (below zero: from the read's end),
where it ends (0: with the read), its letters, and 1 where it is searched in the whole read."""

LINK_FIELDS = 3
"""Fields of an adapter: the part that follows it in linked ones, or -1; 1 where it has to be there; 1 where the part
that follows has to be."""


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
_REST, _ONLY_ADAPTER = int(Leave.REST), int(Leave.ONLY_ADAPTER)


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


@inlined
def _is_after(
    codes: Bytes,
    length: int,
    text: Bytes,
    traits: Numbers,
    rate: float,
    unknowns: Column,
    words: Numbers,
    letters: Bytes,
    classes: Bytes,
    matches: Masks,
    rows: Masks,
    seen: Masks,
    costs: Column,
    scores: Column,
    origins: Column,
    found: Numbers,
) -> bool:
    """Whether the second part of a linked adapter is in what is left of a read; see `locate`."""
    first, last = traits[_FIRST_WORD], traits[_LAST_WORD]
    hit = 0
    if last > first:
        coded_rows(codes, length, classes, rows)
        hit = int(_first_word(rows, len(classes), length, words, letters, first, last, seen))
        if hit == NOWHERE:
            return False
    return bool(locate(codes, length, text, traits, rate, unknowns, hit, matches, costs, scores, origins, found))


@kernel(
    "void(uint8[::1], int32[::1], int32[::1], uint8[:, ::1], int64[:, ::1], float64[::1], int32[:, ::1],"
    "int64[:, ::1], int64[:, ::1], uint8[:, ::1], uint8[::1], boolean, uint8[::1], int64, int64,"
    "int32[::1], int32[::1], int32[::1], int32[:, ::1], int32[:, ::1], int32[:, ::1], int32[:, ::1])"
)
def adapter_ends(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    texts: Bytes,
    traits: Numbers,
    rates: Rates,
    unknowns: Column,
    links: Numbers,
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
    scores: Column,
    places: Column,
    hits: Column,
    cuts: Column,
) -> None:
    """Looks for adapters in each read; the best one counts: of highest score, then of fewest errors, then the first.

    A linked adapter has two parts: one that removes what is before it, and one that is looked for in what is then
    left. Their scores and errors are added up.

    Args:
        buffer: uint8, bases, readable for 64 bytes past any read.
        starts: int32 [n_reads], offset of each read's first base.
        lengths: int32 [n_reads], bases.
        texts: uint8 [n_parts, width], the codes of adapters and, behind them, of the second parts of linked ones, see
            `kernels.base_codes`.
        traits: int64 [n_parts, TRAITS], see `Trait`. Between ``FIRST_WORD`` and ``LAST_WORD`` are the words
            of which a read must hold one for the part to be looked for, those that are searched in the whole
            read first; where there are none it is always looked for.
        rates: float64 [n_parts], errors allowed for each aligned base.
        unknowns: int32 [n_parts, width + 1], Ns among the first i letters.
        links: int64 [n_adapters, LINK_FIELDS].
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
        scores: int32 [2, n_reads], to fill: scores and errors of all adapters found, each added up.
        places: int32 [4, n_reads], to fill: where in the read, as it was, the last adapter found begins and ends that
            has its 5' side removed, then that which has its 3' side removed; -1 where there is none.
        hits: int32 [2 times, n_reads], to fill: all parts found, -1 for none.
        cuts: int32 [2 times, n_reads], to fill: bases that were cut off for each.
    """
    longest = 0
    for read in range(len(lengths)):
        longest = max(longest, int(lengths[read]))
    rows = np.empty((max(4, len(classes)), longest // 64 + 2), np.uint64)
    rows_after = np.empty((max(4, len(classes)), longest // 64 + 2), np.uint64)
    seen = np.empty(len(rows), np.uint64)
    codes = np.empty(longest + 1, np.uint8)
    costs = np.empty(texts.shape[1] + 1, np.int32)
    sums = np.empty(texts.shape[1] + 1, np.int32)
    origins = np.empty(texts.shape[1] + 1, np.int32)
    found = np.zeros(4, np.int64)
    after = np.zeros(4, np.int64)
    best = np.zeros(4, np.int64)
    matches = np.zeros((len(texts), 256), np.uint64)
    for part in range(len(texts)):
        if traits[part, _LENGTH] <= LONGEST:
            fill_matches(texts[part], traits[part, _LENGTH], matches[part])
    for read in range(len(starts)):
        begin = 0
        end = int(lengths[read])
        which[read] = -1
        scores[0, read] = scores[1, read] = 0
        for side in range(4):
            places[side, read] = -1
        for slot in range(len(hits)):
            hits[slot, read] = -1
        for turn in range(times):
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
            chosen = -1
            best_score = 0
            best_errors = 0
            for adapter in range(len(links)):
                first, last = traits[adapter, _FIRST_WORD], traits[adapter, _LAST_WORD]
                is_linked = links[adapter, 0] >= 0
                hit = 0
                if last > first:
                    hit = int(_first_word(rows, len(classes), length, words, letters, first, last, seen))
                    if hit == NOWHERE and (not is_linked or links[adapter, 1]):
                        continue
                if not is_coded:
                    for i in range(length):
                        codes[i] = table[buffer[start + i]]
                    is_coded = True
                is_here = hit != NOWHERE and locate(
                    codes,
                    length,
                    texts[adapter],
                    traits[adapter],
                    rates[adapter],
                    unknowns[adapter],
                    hit,
                    matches[adapter],
                    costs,
                    sums,
                    origins,
                    found,
                )
                if not is_linked:
                    if not is_here:
                        continue
                    removes = traits[adapter, _REMOVES]
                    is_front = removes == _BEFORE or (removes == _EITHER and found[0] == 0)
                    skipped = 0
                    is_next = False
                    score, errors = found[2], found[3]
                else:
                    if not is_here and links[adapter, 1]:
                        continue
                    partner = links[adapter, 0]
                    skipped = found[1] if is_here else 0
                    is_next = _is_after(
                        codes[skipped:],
                        length - skipped,
                        texts[partner],
                        traits[partner],
                        rates[partner],
                        unknowns[partner],
                        words,
                        letters,
                        classes,
                        matches[partner],
                        rows_after,
                        seen,
                        costs,
                        sums,
                        origins,
                        after,
                    )
                    if not is_next and (links[adapter, 2] or not is_here):
                        continue
                    is_front = False
                    score = (found[2] if is_here else 0) + (after[2] if is_next else 0)
                    errors = (found[3] if is_here else 0) + (after[3] if is_next else 0)
                if chosen < 0 or score > best_score or (score == best_score and errors < best_errors):
                    chosen = int(adapter)
                    best_score = int(score)
                    best_errors = int(errors)
                    best[:] = -1
                    if is_linked:
                        if is_here:
                            best[0], best[1] = found[0], found[1]
                        if is_next:
                            best[2], best[3] = skipped + after[0], skipped + after[1]
                    elif is_front:
                        best[0], best[1] = found[0], found[1]
                    else:
                        best[2], best[3] = found[0], found[1]
            if chosen < 0:
                break
            which[read] = chosen
            scores[0, read] += best_score
            scores[1, read] += best_errors
            for side in range(4):
                places[side, read] = begin + best[side] if best[side] >= 0 else -1
            if best[0] >= 0:
                hits[2 * turn, read] = chosen
                cuts[2 * turn, read] = best[1]
            if best[2] >= 0:
                hits[2 * turn + 1, read] = links[chosen, 0] if links[chosen, 0] >= 0 else chosen
                cuts[2 * turn + 1, read] = length - best[2]
            old = begin
            if best[0] >= 0:
                begin = old + int(best[1] if leave == _REST else best[0])
                if leave == _ONLY_ADAPTER:
                    end = old + int(best[1])
            if best[2] >= 0:
                end = old + int(best[2] if leave == _REST else best[3])
                if leave == _ONLY_ADAPTER and best[0] < 0:
                    begin = old + int(best[2])
        begins[read] = begin
        ends[read] = end
