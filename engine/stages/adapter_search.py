"""Where adapters are in the reads of a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.stages.adapter_set import AdapterSet, AdapterSpec
from engine.stages.base import Mask, columns
from engine.stages.statistics import StageStatistics
from kernels.stages.adapter_cuts import HISTOGRAM, count_cuts
from kernels.stages.adapters import Leave, adapter_ends
from kernels.stages.turn import COMPLEMENT, turned

_ROOM = 1 << 20
"""Numbers that what is found in reads looked at together may take, and where adapters are cut off each as many."""

_SAME = np.arange(256, dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What a search has found: the columns that `kernels.stages.adapters.adapter_ends` fills."""

    begins: Column
    ends: Column
    which: Column
    scores: Column
    places: Column
    hits: Column
    cuts: Column

    def chosen(self, others: Matches, which: Mask) -> Matches:
        """Those of the others for some reads: bool [n_reads]; these for the rest."""
        sides = _with_as_many_turns([self, others])
        pairs = ([getattr(side, name) for side in sides] for name in Matches.__slots__)
        return Matches(*(np.where(which, theirs, mine) for mine, theirs in pairs))

    def without_empty_turns(self) -> Matches:
        """The same, with room for no more turns than something was found in."""
        used = np.flatnonzero((self.hits >= 0).any(axis=1))
        slots = 2 * (int(used.max(initial=0)) // 2 + 1)
        return replace(self, hits=self.hits[:slots].copy(), cuts=self.cuts[:slots].copy())

    def mirrored(self, lengths: Column) -> Matches:
        """The same, counted from the other end of reads of these lengths."""

        def turned_round(places: Column) -> Column:
            return np.where(places < 0, np.int32(-1), lengths - places)

        rows = np.arange(len(self.hits)) ^ 1  # of each turn, the 5' side and the 3' side
        return replace(
            self,
            begins=lengths - self.ends,
            ends=lengths - self.begins,
            places=np.ascontiguousarray(turned_round(self.places)[::-1]),
            hits=self.hits[rows],
            cuts=self.cuts[rows],
        )


class AdapterSearch:
    """Looks for the adapters of one side of the pairs.

    Args:
        specs: names and adapters, at least one.
        times: how often to look.
        leave: what stays of a read.
        read_wildcards: letters such as N in reads match what they stand for.
        wildcards: those in adapters do.

    Attributes:
        titles: the names.
        is_linked: bool [n_adapters], those with two parts.
    """

    def __init__(
        self,
        specs: tuple[tuple[str, AdapterSpec], ...],
        *,
        times: int,
        leave: Leave,
        read_wildcards: bool,
        wildcards: bool = True,
    ) -> None:
        # The rightmost place is the first one from the other end; all adapters of a search are looked for from there.
        self._is_mirrored = any(spec.rightmost for _, spec in specs)
        wanted = [spec.mirrored if self._is_mirrored else spec for _, spec in specs]
        self._set = AdapterSet(wanted, read_wildcards=read_wildcards, wildcards=wildcards)
        self._times = times
        self._leave = int(leave)
        self.titles = [name.encode() for name, _ in specs]
        self.is_linked = np.array([spec.front is not None for _, spec in specs], np.bool_)
        self._names = [f"{name}, 5' part" if spec.front else name for name, spec in specs]
        self._names += [f"{name}, 3' part" for name, spec in specs if spec.front]

    def matches(self, batch: ReadBatch, lengths: Column) -> Matches:
        """What is found in reads of these lengths: int32 [n_reads], 0 for those that are not to be looked at."""
        return self._sought(batch.buffer, batch.sequence_starts, lengths)

    def turned_matches(self, batch: ReadBatch, lengths: Column) -> Matches:
        """What is found in the reverse complements of reads of these lengths."""
        return self._sought(*_written_back(batch.buffer, batch.sequence_starts, lengths, COMPLEMENT), lengths)

    def count(self, matches: Matches, which: npt.NDArray[Any], statistics: StageStatistics) -> None:
        """Counts what was found in some of the reads: not 0 in [n_reads]."""
        histogram = np.zeros((self._set.parts, HISTOGRAM), np.int64)
        count_cuts(matches.hits, matches.cuts, which.astype(np.uint8), histogram)
        for name, counts in zip(self._names, histogram, strict=True):
            lengths = np.flatnonzero(counts)
            statistics.add(name, dict(zip(lengths.tolist(), counts[lengths].tolist(), strict=True)))

    def _sought(self, buffer: Bytes, starts: Column, lengths: Column) -> Matches:
        if not self._is_mirrored:
            return self._found(buffer, starts, lengths)
        return self._found(*_written_back(buffer, starts, lengths, _SAME), lengths).mirrored(lengths)

    def _found(self, buffer: Bytes, starts: Column, lengths: Column) -> Matches:
        step = max(_ROOM // (2 * self._times), 1)
        if len(starts) <= step:
            return self._found_in(buffer, starts, lengths)
        firsts = range(0, len(starts), step)
        some = (self._found_in(buffer, starts[at : at + step], lengths[at : at + step]) for at in firsts)
        return _joined([found.without_empty_turns() for found in some])

    def _found_in(self, buffer: Bytes, starts: Column, lengths: Column) -> Matches:
        """Likewise, with room for all that could be found in each read."""
        adapters, reads = self._set, len(starts)
        slots = 2 * self._times
        matches = Matches(
            *(np.empty(reads, np.int32) for _ in range(3)),
            *(np.empty((rows, reads), np.int32) for rows in (2, 4, slots, slots)),
        )
        adapter_ends(
            buffer,
            starts,
            lengths,
            adapters.texts,
            adapters.traits,
            adapters.rates,
            adapters.unknowns,
            adapters.links,
            adapters.words,
            adapters.letters,
            adapters.classes,
            adapters.is_plain,
            adapters.table,
            self._times,
            self._leave,
            *(getattr(matches, name) for name in Matches.__slots__),
        )
        return matches


def _joined(parts: list[Matches]) -> Matches:
    """Those of consecutive reads."""
    parts = _with_as_many_turns(parts)
    return Matches(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in Matches.__slots__))


def _with_as_many_turns(parts: list[Matches]) -> list[Matches]:
    """The same, with room for as many turns as the one of them that has most."""
    slots = max(len(part.hits) for part in parts)
    return [replace(part, hits=_padded(part.hits, slots), cuts=_padded(part.cuts, slots)) for part in parts]


def _padded(rows: Column, slots: int) -> Column:
    if len(rows) == slots:
        return rows
    return np.pad(rows, ((0, slots - len(rows)), (0, 0)), constant_values=-1)


def _written_back(buffer: Bytes, starts: Column, lengths: Column, letters: Bytes) -> tuple[Bytes, Column]:
    """Reads from their ends to their beginnings in a buffer of their own, with other letters, and where each begins."""
    ends = np.cumsum(lengths, dtype=np.int32)
    target = np.zeros((int(ends[-1]) if len(ends) else 0) + PADDING, np.uint8)
    turned(buffer, starts, lengths, letters, target)
    return target, ends - lengths


def nothing_found(batch: ReadBatch) -> Matches:
    """What a search for no adapter finds."""
    reads = len(batch)
    begins, which = columns(batch, 2)
    begins[:], which[:] = 0, -1
    return Matches(begins, batch.lengths, which, np.zeros((2, reads), np.int32), *_none(reads))


def _none(reads: int) -> tuple[Column, Column, Column]:
    return np.full((4, reads), -1, np.int32), np.full((2, reads), -1, np.int32), np.zeros((2, reads), np.int32)
