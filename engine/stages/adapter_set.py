"""Adapters as the kernel takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.stages.adapter_words import Word, words_of
from kernels.base_codes import literal_codes, literal_table, pattern_codes, read_codes
from kernels.stages.adapters import LINK_FIELDS, LONGEST_WORD, WORD_FIELDS, Removes
from kernels.stages.align import TRAITS, Method, Skip, Trait

_FORBIDDING = 100_000
"""What an insertion or deletion costs where none is allowed (cutadapt's figure)."""


class Place(StrEnum):
    """Where an adapter is, and so what goes with it."""

    END = "3'"
    START = "5'"
    END_ANCHORED = "3' anchored"
    START_ANCHORED = "5' anchored"
    END_ONLY = "3' end"
    START_ONLY = "5' end"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class AdapterSpec:
    """One adapter with all that decides whether a read has it.

    Attributes:
        sequence: IUPAC letters, upper case.
        place: where it is.
        errors: below 1 the errors allowed for each aligned base; from 1 on those allowed in the whole.
        overlap: least bases that have to be aligned.
        indels: insertions and deletions count as errors; where not, they are not allowed.
        rightmost: of several places the one furthest to the right is taken.
        anywhere: a part of it may be at either end of the read; what goes with it is told by its place all the same.
        front: the part of a linked adapter that is looked for first, this one in what is left behind it.
        needs_front: a read without that part does not have the adapter.
        needs_back: a read without this part does not.
    """

    sequence: str
    place: Place
    errors: float
    overlap: int
    indels: bool
    rightmost: bool = False
    anywhere: bool = False
    front: AdapterSpec | None = None
    needs_front: bool = False
    needs_back: bool = False

    @property
    def rate(self) -> float:
        """Errors allowed for each aligned base."""
        known = len(self.sequence) - self.sequence.count("N")
        return self.errors / known if self.errors >= 1 and known else self.errors

    @property
    def mirrored(self) -> AdapterSpec:
        """What is looked for in a read that is written from its end to its beginning."""
        return replace(self, sequence=self.sequence[::-1], place=_MIRRORED.get(self.place, self.place))

    @property
    def sides(self) -> Place:
        """The place by which the alignment goes."""
        return Place.EITHER if self.anywhere else self.place

    @property
    def is_anchored(self) -> bool:
        """It has to be whole, at one end of the read."""
        return self.place in {Place.END_ANCHORED, Place.START_ANCHORED}

    @property
    def least(self) -> int:
        """Least bases that have to be aligned."""
        return len(self.sequence) if self.is_anchored else min(self.overlap, len(self.sequence))

    @property
    def method(self) -> Method:
        """How it is looked for."""
        if not self.is_anchored or self.indels:
            return Method.ALIGN
        return Method.PREFIX if self.place is Place.START_ANCHORED else Method.SUFFIX

    def words(self) -> tuple[Word, ...]:
        """The words of which a read holds one if it has the adapter; none where it always has to be looked for."""
        if self.method is not Method.ALIGN:
            return ()
        words = words_of(
            self.sequence,
            self.least,
            self.rate,
            at_end=self.sides in {Place.END, Place.END_ONLY, Place.END_ANCHORED, Place.EITHER},
            at_start=self.sides in {Place.START, Place.START_ONLY, Place.START_ANCHORED, Place.EITHER},
            inside=self.sides in {Place.END, Place.START, Place.EITHER},
        )
        return words if all(len(word.text) <= LONGEST_WORD for word in words) else ()


_MIRRORED = {Place.END: Place.START, Place.START: Place.END}
_SKIPS = {
    Place.END: Skip.READ_START | Skip.READ_END | Skip.ADAPTER_END,
    Place.START: Skip.READ_START | Skip.READ_END | Skip.ADAPTER_START,
    Place.END_ANCHORED: Skip.READ_START,
    Place.START_ANCHORED: Skip.READ_END,
    Place.END_ONLY: Skip.READ_START | Skip.ADAPTER_END,
    Place.START_ONLY: Skip.READ_END | Skip.ADAPTER_START,
    Place.EITHER: Skip.READ_START | Skip.READ_END | Skip.ADAPTER_START | Skip.ADAPTER_END,
}
_REMOVES = {
    **dict.fromkeys([Place.END, Place.END_ANCHORED, Place.END_ONLY], Removes.AFTER),
    **dict.fromkeys([Place.START, Place.START_ANCHORED, Place.START_ONLY], Removes.BEFORE),
    Place.EITHER: Removes.EITHER,
}


class AdapterSet:
    """Arrays for `kernels.stages.adapters.adapter_ends`, by the names of its arguments.

    Args:
        specs: the adapters.
        read_wildcards: IUPAC letters in reads match what they stand for.
        wildcards: those in adapters do; if not, they match themselves, or N where those in
            reads do.

    Attributes:
        count: adapters. Each has a row, a linked one for its first part; second parts have theirs behind all of them.
    """

    def __init__(self, specs: Sequence[AdapterSpec], *, read_wildcards: bool, wildcards: bool = True) -> None:
        self.count = len(specs)
        self.links = np.zeros((len(specs), LINK_FIELDS), np.int64)
        parts = [spec.front or spec for spec in specs]
        for row, spec in enumerate(specs):
            self.links[row] = len(parts) if spec.front else -1, spec.needs_front, spec.needs_back
            parts += [spec] if spec.front else []
        self._literal: dict[str, int] | None = None
        self.table = read_codes(wildcards=read_wildcards)
        if not wildcards:
            letters = "".join(spec.sequence for spec in parts)
            self._literal = literal_codes(letters, are_read=not read_wildcards)
            self.table = self.table if read_wildcards else literal_table(self._literal)
        self._fill(parts)
        self.is_plain = not read_wildcards and len(self.classes) == 4

    @property
    def parts(self) -> int:
        """Rows: adapters, and second parts of linked ones."""
        return len(self.texts)

    def _fill(self, specs: Sequence[AdapterSpec]) -> None:
        width = max(len(spec.sequence) for spec in specs)
        count = len(specs)
        self.texts = np.zeros((count, width), np.uint8)
        self.traits = np.zeros((count, TRAITS), np.int64)
        self.rates = np.array([spec.rate for spec in specs], np.float64)
        self.unknowns = np.zeros((count, width + 1), np.int32)
        words: list[tuple[Word, npt.NDArray[np.uint8]]] = []
        for row, spec in enumerate(specs):
            length = len(spec.sequence)
            self.texts[row, :length] = self._codes(spec.sequence, spec.sequence)
            is_unknown = np.frombuffer(spec.sequence.encode(), np.uint8) == ord("N")
            is_unknown &= self._literal is None
            self.unknowns[row, 1 : length + 1] = np.cumsum(is_unknown)
            own = spec.words()
            self.traits[row, Trait.LENGTH] = length
            self.traits[row, Trait.SKIPS] = _SKIPS[spec.sides]
            self.traits[row, Trait.OVERLAP] = spec.least
            self.traits[row, Trait.INDEL_COST] = 1 if spec.indels else _FORBIDDING
            self.traits[row, Trait.METHOD] = spec.method
            self.traits[row, Trait.EFFECTIVE_LENGTH] = length - int(is_unknown.sum())
            self.traits[row, Trait.REMOVES] = _REMOVES[spec.place]
            self.traits[row, Trait.FIRST_WORD] = len(words)
            self.traits[row, Trait.LAST_WORD] = len(words) + len(own)
            words += [(word, self._codes(word.text, spec.sequence)) for word in own]
        self.classes = np.unique(np.concatenate([np.array([1, 2, 4, 8], np.uint8), *(codes for _, codes in words)]))
        self.words = np.zeros((len(words), WORD_FIELDS), np.int64)
        self.letters = np.zeros((len(words), LONGEST_WORD), np.uint8)
        for row, (word, codes) in enumerate(words):
            self.words[row] = word.begin, word.end or 0, len(codes), word.begin == 0 and word.end is None
            self.letters[row, : len(codes)] = np.searchsorted(self.classes, codes)

    def _codes(self, text: str, whole: str) -> npt.NDArray[np.uint8]:
        """Codes of a part of an adapter; plain letters in one with other letters match U as those do."""
        if self._literal is not None:
            return np.array([self._literal[letter] for letter in text], np.uint8)
        return pattern_codes(text) if set(whole) <= set("ACGT") else pattern_codes(text + "N")[:-1]
