"""Semi-global alignment of an adapter with a read, with errors counted and matches scored.

Agrees with cutadapt 5's ``Aligner``, the ways in which it breaks ties included: among the
alignments whose errors are few enough for their length, it takes the one of highest score (a
match +1, a mismatch -1, an insertion or deletion -2), the first of those that overlap.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined
from kernels.occurrences import NOWHERE
from kernels.stages.edit_distance import LONGEST, first_place

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]
Masks = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]


class Skip(IntFlag):
    """What an alignment may leave out for nothing."""

    ADAPTER_START = 1
    READ_START = 2
    ADAPTER_END = 4
    READ_END = 8


class Method(IntEnum):
    """How an adapter is looked for: by alignment, or base by base at one end of the read."""

    ALIGN = 0
    PREFIX = 1
    SUFFIX = 2


class Trait(IntEnum):
    """What each number of an adapter means, see `locate`."""

    LENGTH = 0
    SKIPS = 1
    OVERLAP = 2
    INDEL_COST = 3
    METHOD = 4
    EFFECTIVE_LENGTH = 5
    REMOVES = 6
    FIRST_WORD = 7
    LAST_WORD = 8


TRAITS = len(Trait)
_LENGTH, _SKIPS, _OVERLAP, _INDEL_COST, _METHOD, _EFFECTIVE, _, _, _ = (int(trait) for trait in Trait)
_SUFFIX = int(Method.SUFFIX)
_ALIGN = int(Method.ALIGN)
_BACK = int(Skip.READ_START | Skip.READ_END | Skip.ADAPTER_END)
_ADAPTER_START, _READ_START, _ADAPTER_END, _READ_END = (int(skip) for skip in Skip)

_MISMATCH = -1
_INDEL = -2


@inlined
def compare_end(codes: Bytes, length: int, text: Bytes, traits: Numbers, rate: float, found: Numbers) -> bool:
    """Compares an adapter with one end of a read, without insertions and deletions; see `locate`."""
    size = traits[_LENGTH]
    overlap = min(size, length)
    at_end = traits[_METHOD] == _SUFFIX
    errors = 0
    for i in range(overlap):
        equal = text[size - 1 - i] & codes[length - 1 - i] if at_end else text[i] & codes[i]
        if not equal:
            errors += 1
    if errors > int(rate * traits[_EFFECTIVE]) or overlap < traits[_OVERLAP]:
        return False
    found[0] = length - overlap if at_end else 0
    found[1] = length if at_end else overlap
    found[2] = overlap - 2 * errors
    found[3] = errors
    return True


@inlined
def _is_at(codes: Bytes, begin: int, text: Bytes, size: int) -> bool:
    """Whether a whole adapter is at a place in a read, without errors."""
    if begin < 0:
        return False
    same = 0
    while same < size and text[same] & codes[begin + same]:
        same += 1
    return same == size


@inlined
def locate(
    codes: Bytes,
    length: int,
    text: Bytes,
    traits: Numbers,
    rate: float,
    unknowns: Column,
    first_word: int,
    matches: Masks,
    costs: Column,
    scores: Column,
    origins: Column,
    found: Numbers,
) -> bool:
    """Finds the best place of an adapter in a read.

    Args:
        codes: uint8 [>= length], the read, see `kernels.base_codes`.
        length: bases of the read.
        text: uint8, codes of the adapter.
        traits: int64 [TRAITS], see `Trait`.
        rate: errors allowed for each base of the adapter that is aligned.
        unknowns: int32 [m + 1], Ns among the first i letters of the adapter. They are not counted as aligned.
        first_word: where the first word of the whole adapter occurs in the read. Of an adapter that is looked
            for anywhere up to the 3' end, what lies well before it need not be aligned.
        matches: uint64 [256], see `fill_matches`; not looked at for adapters of more than `LONGEST` letters.
        costs: int32 [>= m + 1], work space.
        scores: likewise.
        origins: likewise.
        found: int64 [4], to fill: begin and end in the read, score, errors.

    Returns:
        Whether there is such a place.
    """
    if traits[_METHOD] != _ALIGN:
        return compare_end(codes, length, text, traits, rate, found)
    m = traits[_LENGTH]
    n = length
    skips = traits[_SKIPS]
    overlap = traits[_OVERLAP]
    indel_cost = traits[_INDEL_COST]
    free_start = skips & _READ_START
    k = int(rate * m)
    first_column = 0
    last_column = int(n)
    if not free_start:
        last_column = min(n, m + k)
    if not skips & _READ_END:
        first_column = max(0, n - m - k)
    if skips == _BACK:
        # An alignment with at most k errors holds a word of the adapter unharmed, or runs over the read's end.
        first_column = max(0, min(n, first_word) - m - k - 2)
        if m <= LONGEST and indel_cost == 1:
            # Costs alone take a tenth of the time: they tell whether it is there at all, and where at the earliest.
            place = int(first_place(codes, first_column, n, matches, m, rate, overlap))
            if place == NOWHERE:
                return False
            first_column = max(first_column, place - m - k - 2)
            # Without errors nothing is better, and it begins too near to whatever else ends here to come second.
            for end in range(place, min(n, place + m // 2 - k) + 1):
                if m >= overlap and _is_at(codes, end - m, text, m):
                    found[0] = end - m
                    found[1] = end
                    found[2] = m
                    found[3] = 0
                    return True

    for i in range(m + 1):
        if skips & _ADAPTER_START:
            scores[i] = 0
            costs[i] = min(i, first_column) * indel_cost if free_start else first_column * indel_cost
            origins[i] = first_column - i if free_start else min(0, first_column - i)
        else:
            scores[i] = i * _INDEL
            costs[i] = i * indel_cost if free_start else max(i, first_column) * indel_cost
            origins[i] = max(0, first_column - i) if free_start else 0
    if skips == _BACK:
        for i in range(m + 1):
            origins[i] = first_column

    nothing = m + n + 1
    best_cost = nothing
    best_score = 0
    best_origin = 0
    best_row = m
    best_end = int(n)
    last = m if skips & _ADAPTER_START else min(m, k + 1)
    filled = 0
    origin = 0
    for j in range(first_column + 1, last_column + 1):
        diagonal_cost = int(costs[0])
        diagonal_score = int(scores[0])
        diagonal_origin = int(origins[0])
        if free_start:
            origins[0] += 1
        else:
            costs[0] += indel_cost
            scores[0] += _INDEL
        for i in range(1, last + 1):
            if text[i - 1] & codes[j - 1]:
                cost = diagonal_cost
                score = diagonal_score + 1
                origin = diagonal_origin
            else:
                mismatch = diagonal_cost + 1
                insertion = costs[i] + indel_cost
                deletion = costs[i - 1] + indel_cost
                if mismatch <= deletion and mismatch <= insertion:
                    cost = mismatch
                    score = diagonal_score + _MISMATCH
                    origin = diagonal_origin
                elif deletion <= insertion:
                    cost = deletion
                    score = scores[i - 1] + _INDEL
                    origin = int(origins[i - 1])
                else:
                    cost = insertion
                    score = scores[i] + _INDEL
                    origin = int(origins[i])
            diagonal_cost = int(costs[i])
            diagonal_score = int(scores[i])
            diagonal_origin = int(origins[i])
            costs[i] = cost
            scores[i] = score
            origins[i] = origin
        filled = last
        while last >= 0 and costs[last] > k:
            last -= 1
        if last < m:
            last += 1
        elif skips & _READ_END:
            origin = int(origins[m])
            aligned = m + min(origin, 0)
            known = aligned - (unknowns[m] - unknowns[m - aligned])
            if aligned >= overlap and costs[m] <= known * rate:
                better = scores[m] > best_score
                longer = aligned > m + min(best_origin, 0)
                if best_cost == nothing or (better and (longer or origin <= best_origin + m // 2)):
                    best_score = int(scores[m])
                    best_cost = int(costs[m])
                    best_origin = origin
                    best_end = int(j)
                    if best_cost == 0 and origin >= 0:
                        break
    if last_column == n:
        # Of the rows of the last column, `origin` is that of the last one computed: cutadapt's tie-break has it so.
        for i in range(filled, (0 if skips & _ADAPTER_END else m) - 1, -1):
            skipped = -min(int(origins[i]), 0)
            aligned = i - skipped
            known = aligned - (unknowns[i] - unknowns[skipped]) if aligned < m else traits[_EFFECTIVE]
            if aligned >= overlap and costs[i] <= known * rate:
                better = scores[i] > best_score
                longer = aligned > best_row + min(best_origin, 0)
                if best_cost == nothing or (better and (longer or origin <= best_origin + m // 2)):
                    best_score = int(scores[i])
                    best_cost = int(costs[i])
                    best_origin = int(origins[i])
                    best_row = int(i)
                    best_end = int(n)
    if best_cost == nothing:
        return False
    found[0] = max(best_origin, 0)
    found[1] = best_end
    found[2] = best_score
    found[3] = best_cost
    return True
