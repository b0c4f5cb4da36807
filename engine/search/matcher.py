"""Which reads of a batch are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.batch import ReadBatch
from engine.search.hits import HitBatch, MotifPlaces
from engine.search.request import SearchRequest
from engine.stages.filters import MeanQualityFilter, MeanQualityFilterParameters
from engine.stages.name_filters import names_of
from engine.stages.name_patterns import NamePattern
from kernels.search.motifs import NOT_FOUND, motif_hits, motif_table
from kernels.search.name_search import names_with

Mask = npt.NDArray[np.bool_]


class QueryRewriter(Protocol):
    """What a pipeline of type ``query`` does: it changes a search before it begins."""

    def rewrite(self, request: SearchRequest) -> SearchRequest:
        """The search to make in place of this one."""
        ...


class HitProcessor(Protocol):
    """What a pipeline of type ``result`` does to hits, for one worker; never called by two threads at once."""

    def process(self, batch: ReadBatch) -> ReadBatch:
        """The hits after all stages; those that are dropped are marked so, and no row is taken out."""
        ...

    def close(self) -> None:
        """Lets go of what it holds, in the thread that worked with it."""
        ...


class HitProcessing(Protocol):
    """What all workers of a search share of a pipeline of type ``result``."""

    def executor(self) -> HitProcessor:
        """The part of one worker, made in its thread."""
        ...

    def cancel(self) -> None:
        """Frees whoever works or waits in it; called at the end too, from any thread."""
        ...


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds the reads that a search wants. Shared by all workers.

    Args:
        request: what is wanted.
    """

    request: SearchRequest

    def hits(self, file: Path, batch: ReadBatch, go_on: Callable[[], None]) -> HitBatch:
        """The reads of a batch that meet every condition.

        Args:
            file: where the batch is from.
            batch: reads as they were parsed.
            go_on: asked where it may take long; raises where the search has been called off.
        """
        wanted = self._by_length(batch)
        if self.request.name:
            wanted &= self._by_name(batch, go_on)
        if self.request.minimum_quality > 0:
            wanted &= self._by_quality(batch)
        motifs = None
        if self.request.motif:
            motifs = self._places(batch, wanted)
            wanted &= motifs.places != NOT_FOUND
        rows = np.flatnonzero(wanted)
        return HitBatch(file, batch.rows(rows), None if motifs is None else motifs.rows(rows))

    def _by_length(self, batch: ReadBatch) -> Mask:
        wanted = batch.lengths >= self.request.minimum_length
        if self.request.maximum_length is not None:
            wanted &= batch.lengths <= self.request.maximum_length
        return wanted

    def _by_name(self, batch: ReadBatch, go_on: Callable[[], None]) -> Mask:
        text = self.request.name.encode()
        if self.request.name_match == "pattern":
            return NamePattern(text).found_in(names_of(batch), go_on)
        found = np.empty(len(batch), np.uint8)
        is_whole = self.request.name_match == "exact"
        wanted = np.frombuffer(bytearray(text), np.uint8)  # writable, as the kernel is compiled for
        names_with(batch.buffer, batch.name_starts, batch.name_lengths, wanted, is_whole, found)
        return found.astype(np.bool_)

    def _by_quality(self, batch: ReadBatch) -> Mask:
        # The very filter that pipelines have, so that a search and a filter never differ.
        quality = MeanQualityFilter(MeanQualityFilterParameters(minimum=self.request.minimum_quality))
        dropped = quality.process(batch).dropped
        return np.ones(len(batch), np.bool_) if dropped is None else dropped == 0

    def _places(self, batch: ReadBatch, wanted: Mask) -> MotifPlaces:
        classes, letters = motif_table(self.request.motif, both_strands=self.request.both_strands)
        places, misses = np.empty(len(batch), np.int32), np.empty(len(batch), np.int32)
        strands = np.empty(len(batch), np.uint8)
        motif_hits(
            batch.buffer,
            batch.sequence_starts,
            batch.lengths,
            wanted.view(np.uint8),
            classes,
            letters,
            self.request.mismatches,
            places,
            misses,
            strands,
        )
        return MotifPlaces(places, misses, strands)
