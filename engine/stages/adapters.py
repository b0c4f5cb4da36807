"""Trimming adapters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.batch import Column, ReadBatch
from engine.reasons import Reason
from engine.stages.adapter_names import Side, renamed
from engine.stages.adapter_pairs import PairedSearch
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.adapter_search import AdapterSearch, Matches, nothing_found
from engine.stages.base import Mask, NativeStage, cut, is_dropped, with_failures
from engine.stages.counters import TURNED
from engine.stages.turning import exchanged, marked, turned_in_place
from kernels.stages.adapters import Leave
from kernels.stages.trim_mask import lower_outside, mask_outside

_LEAVES = {"retain": Leave.ADAPTER, "crop": Leave.ONLY_ADAPTER}


class AdapterTrimmer(NativeStage[AdapterParameters]):
    """Removes adapters as cutadapt does.

    Statistics: for each adapter, or each part of a linked one, a counter of the reads by bases removed, `HISTOGRAM` - 1
    standing for all above; and ``reverse complement``, the reads or pairs that went on in the other orientation.
    """

    def __init__(self, parameters: AdapterParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        self._first = self._search(of_second=False) if parameters.mates != "second" else None
        self._second = self._search(of_second=True) if parameters.mates != "first" else None
        self._together: PairedSearch | None = None
        if parameters.together and parameters.specs():
            both = parameters.specs(), parameters.specs(of_second=True)
            self._together = PairedSearch(*both, **self._options)

    @property
    def _options(self) -> dict[str, Any]:
        parameters = self.parameters
        leave = _LEAVES.get(parameters.action, Leave.REST)
        return {
            "times": parameters.times,
            "leave": leave,
            "read_wildcards": parameters.read_wildcards,
            "wildcards": parameters.wildcards,
        }

    def _search(self, *, of_second: bool) -> AdapterSearch | None:
        specs = self.parameters.specs(of_second=of_second)
        return AdapterSearch(specs, **self._options) if specs else None

    @property
    def _mark(self) -> str:
        return "" if self.parameters.rename else self.parameters.mark

    @property
    def works_in_place(self) -> bool:
        """See `NativeStage.works_in_place`."""
        return self.parameters.revcomp or self.parameters.action in {"mask", "lowercase"}

    def _work(self, batch: ReadBatch) -> ReadBatch:
        mate = batch.mate
        if self.parameters.action == "lowercase" and self._together is None:
            self._raise(batch, mate)
        if mate is None:
            return batch if self._first is None or self._together is not None else self._single(batch, self._first)
        if self._first is None and self._second is None:
            return batch
        if self.parameters.revcomp:
            batch, mate, found, found_mate, which = self._exchanged(batch, mate)
        else:
            found, found_mate = self._both_found(batch, mate)
            which = np.zeros(len(batch), np.bool_)
        if self.parameters.rename:
            sides = [Side(batch, found, self._first), Side(mate, found_mate, self._second)]
            batch, mate = renamed(sides, self.parameters.rename, which)
        if self._together is None:
            self._count(self._first, found, batch)
            self._count(self._second, found_mate, mate)
        batch = self._cut(batch, found) if self._first else batch
        mate = self._cut(mate, found_mate) if self._second else mate
        return self._with_failures(replace(batch, mate=mate), found.which, found_mate.which)

    def _both_found(self, batch: ReadBatch, mate: ReadBatch) -> tuple[Matches, Matches]:
        if self._together is None:
            return _found(self._first, batch), _found(self._second, mate)
        return self._together.matches(batch, mate, _lengths(batch), _lengths(mate), self.statistics)

    def _raise(self, batch: ReadBatch, mate: ReadBatch | None) -> None:
        """Makes all upper case that is looked at, as cutadapt does, so that lower case tells what was found."""
        for side, search in ((batch, self._first), (mate, self._second)):
            has_other = self.parameters.revcomp and mate is not None and (self._first or self._second)
            if side is not None and (search or has_other):
                nowhere = np.zeros(len(side), np.int32)
                lower_outside(side.buffer, side.sequence_starts, side.lengths, nowhere, side.lengths)

    def _single(self, batch: ReadBatch, search: AdapterSearch) -> ReadBatch:
        found = _found(search, batch)
        which = np.zeros(len(batch), np.bool_)
        if self.parameters.revcomp:
            turned = search.turned_matches(batch, _lengths(batch))
            # One that is found may score below nothing, if so many errors are allowed.
            which = (turned.scores[0] > found.scores[0]) & (turned.which >= 0)
            found = found.chosen(turned, which)
            batch = marked(turned_in_place(batch, which), which, self._mark)
            self._count_turned(which)
        if self.parameters.rename:
            (batch,) = renamed([Side(batch, found, search)], self.parameters.rename, which)
        self._count(search, found, batch)
        return self._with_failures(self._cut(batch, found), found.which, found.which)

    def _exchanged(self, batch: ReadBatch, mate: ReadBatch) -> tuple[ReadBatch, ReadBatch, Matches, Matches, Mask]:
        """Pairs in the order that suits the adapters better, what is found in them, and which changed places."""
        found, found_mate = _found(self._first, batch), _found(self._second, mate)
        other, other_mate = _found(self._first, mate), _found(self._second, batch)
        which = other.scores[0] + other_mate.scores[0] > found.scores[0] + found_mate.scores[0]
        self._count_turned(which)
        batch, mate = exchanged(batch, mate, which, self._mark)
        return batch, mate, found.chosen(other, which), found_mate.chosen(other_mate, which), which

    def _count(self, search: AdapterSearch | None, found: Matches, batch: ReadBatch) -> None:
        if search is not None:
            search.count(found, ~is_dropped(batch), self.statistics)

    def _count_turned(self, which: Mask) -> None:
        self.statistics.add(TURNED, {"turned": int(np.count_nonzero(which))})

    def _cut(self, batch: ReadBatch, found: Matches) -> ReadBatch:
        """The reads of one side of the pairs, without what was found, and noted where it was."""
        action = self.parameters.action
        if action == "mask":
            mask_outside(batch.buffer, batch.sequence_starts, batch.lengths, found.begins, found.ends)
        elif action == "lowercase":
            # Of pairs in which nothing was found together, cutadapt leaves the letters as they are.
            untouched = (found.which < 0) if self._together else np.zeros(len(batch), np.bool_)
            lengths = np.where(untouched, np.int32(0), batch.lengths)
            lower_outside(batch.buffer, batch.sequence_starts, lengths, found.begins, found.ends)
        elif action != "none":
            batch = cut(batch, found.begins, found.ends)
        return _noting(batch, found)

    def _with_failures(self, batch: ReadBatch, found: Column, found_mate: Column) -> ReadBatch:
        """The batch without reads that are to be dropped for the adapters that they have or have not."""
        mates, discard = self.parameters.mates, self.parameters.discard
        mate = batch.mate
        if discard == "none":
            return batch
        reason = Reason.TRIMMED if discard == "trimmed" else Reason.UNTRIMMED
        fails, fails_mate = ((adapter >= 0) == (discard == "trimmed") for adapter in (found, found_mate))
        if discard == "untrimmed" and mates != "both":  # where one read was not looked at, the other one decides
            is_each = self.parameters.pairs == "each"
            if mates == "first":
                fails_mate = fails & (not is_each)
            else:
                fails = fails_mate & (mate is not None and not is_each)
        second = [(reason, fails_mate)] if mate is not None else []
        return with_failures(batch, [(reason, fails)], second, self.parameters.pairs)


def _found(search: AdapterSearch | None, batch: ReadBatch) -> Matches:
    return nothing_found(batch) if search is None else search.matches(batch, _lengths(batch))


def _noting(batch: ReadBatch, found: Matches) -> ReadBatch:
    """The batch with the reads noted in which an adapter was found, by this stage or one before."""
    trimmed = (found.which >= 0).astype(np.uint8)
    return replace(batch, trimmed=trimmed if batch.trimmed is None else trimmed | batch.trimmed)


def _lengths(batch: ReadBatch) -> Column:
    """Lengths by which nothing is found in reads that were dropped, nor counted."""
    return batch.lengths if batch.dropped is None else np.where(is_dropped(batch), np.int32(0), batch.lengths)
