"""Which known sequence an overrepresented one may come from.

As in FastQC 0.12.1 (``Contaminant``, ``ContaminentFinder``): a stretch of more than 20 bases with at
most one mismatch on either strand, or all of a sequence of 8 to 19 bases. Within a known sequence the
longest stretch counts, and of equally long ones that on the forward strand and furthest to the left. Among
known sequences the longest wins, of equally long ones that with fewer mismatches, then the first in the list.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from engine.collectors.known_sequences import KnownSequence, default_contaminants

NO_SOURCE = "No Hit"

_SHORTEST = 8
_SHORT = 20
# More than 20 bases with one mismatch hold this many without.
_SEED = 10
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Match(NamedTuple):
    """A stretch that two sequences share.

    ``length`` in bases; ``identity`` in percent, rounded down.
    """

    length: int
    identity: int


class ContaminantFinder:
    """Looks a sequence up among known ones."""

    def __init__(self, contaminants: tuple[KnownSequence, ...]) -> None:
        self._names = [contaminant.name for contaminant in contaminants]
        self._strands = [(known.bases, known.bases[::-1].translate(_COMPLEMENT)) for known in contaminants]
        self._places: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for number, strands in enumerate(self._strands):
            for strand, bases in enumerate(strands):
                for at in range(len(bases) - _SEED + 1):
                    self._places[bases[at : at + _SEED]].append((number, strand, at))

    def source(self, sequence: str) -> str:
        """The name and the match of the best contaminant, or `NO_SOURCE`."""
        best, best_name = None, ""
        if _SHORTEST <= len(sequence) < _SHORT:
            for name, strands in zip(self._names, self._strands, strict=True):
                if any(sequence in bases for bases in strands):
                    best, best_name = Match(len(sequence), 100), name
                    break
        for number, diagonals in groupby(self._diagonals(sequence), key=itemgetter(0)):
            found = [match_along(self._strands[number][strand], sequence, offset) for _, strand, offset in diagonals]
            longest = max(filter(None, found), key=attrgetter("length"), default=None)
            if longest and (best is None or longest > best):
                best, best_name = longest, self._names[number]
        return f"{best_name} ({best.identity}% over {best.length}bp)" if best else NO_SOURCE

    def _diagonals(self, sequence: str) -> list[tuple[int, int, int]]:
        """Contaminants, strands and offsets worth comparing along, in the order in which ties are decided."""
        found = set()
        for at in range(len(sequence) - _SEED + 1):
            for number, strand, place in self._places.get(sequence[at : at + _SEED], ()):
                offset = at - place
                if _SHORT - len(self._strands[number][strand]) <= offset < len(sequence) - _SHORT:
                    found.add((number, strand, offset))
        return sorted(found)


def match_along(contaminant: str, sequence: str, offset: int) -> Match | None:
    """The best stretch of more than 20 bases with at most one mismatch.

    A mismatch right after a stretch counts for its identity as one inside does, as in FastQC.

    Args:
        contaminant: compared base by base with
        sequence: this one, where
        offset: is where the contaminant's first base would stand in it, negative if before it.
    """
    best: Match | None = None
    mismatches = 0
    start, end = max(0, -offset), 0
    for i in range(start, min(len(contaminant), len(sequence) - offset)):
        if contaminant[i] == sequence[i + offset]:
            end = i
            continue
        mismatches += 1
        if mismatches > 1:
            best = _better(best, 1 + end - start, 1)
            start = end = i + 1
            mismatches = 0
    return _better(best, 1 + end - start, mismatches)


def _better(best: Match | None, length: int, mismatches: int) -> Match | None:
    if length <= _SHORT:
        return best
    found = Match(length, (length - mismatches) * 100 // length)
    return found if best is None or found > best else best


@cache
def _default_finder() -> ContaminantFinder:
    return ContaminantFinder(default_contaminants())


# A run that is watched asks for the same sequences again and again.
@lru_cache(maxsize=8192)
def possible_source(sequence: str) -> str:
    """What FastQC names as the possible source of a sequence."""
    return _default_finder().source(sequence)
