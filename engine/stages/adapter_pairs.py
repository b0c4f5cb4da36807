"""Adapters of first and second reads that are removed together, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.batch import Column, ReadBatch
from engine.stages.adapter_search import AdapterSearch, Matches, nothing_found
from engine.stages.adapter_set import AdapterSpec
from engine.stages.base import Mask
from engine.stages.statistics import StageStatistics

Specs = tuple[tuple[str, AdapterSpec], ...]


class PairedSearch:
    """Looks for the adapters of both reads of a pair; the two of the highest score together count.

    Args:
        first: names and adapters of first reads.
        second: those of second reads, as many, each with the one at its place.
        options: as for `AdapterSearch`; `times` is 1.
    """

    def __init__(self, first: Specs, second: Specs, **options: Any) -> None:
        self._searches = [
            (AdapterSearch((one,), **options), AdapterSearch((other,), **options))
            for one, other in zip(first, second, strict=True)
        ]

    def matches(
        self, batch: ReadBatch, mate: ReadBatch, lengths: Column, mate_lengths: Column, statistics: StageStatistics
    ) -> tuple[Matches, Matches]:
        """What is found in first and second reads, and counts it.

        Args:
            batch: first reads.
            mate: second reads.
            lengths: int32 [n_reads], those of the first; 0 for reads that are not to be looked at.
            mate_lengths: those of the second.
            statistics: to add to.
        """
        best = nothing_found(batch), nothing_found(mate)
        chosen = np.full(len(batch), -1, np.int32)
        # One after the other, and none kept: of a plate's adapters, all matches take more room than the reads.
        for number, (one, other) in enumerate(self._searches):
            mine, theirs = one.matches(batch, lengths), other.matches(mate, mate_lengths)
            suits = _suits_better((mine, theirs), best, chosen)
            chosen[suits] = number
            best = best[0].chosen(mine, suits), best[1].chosen(theirs, suits)
        for number, searches in enumerate(self._searches):
            for search, matches in zip(searches, best, strict=True):
                search.count(matches, chosen == number, statistics)
        return replace(best[0], which=chosen), replace(best[1], which=chosen)


def _suits_better(pair: tuple[Matches, Matches], best: tuple[Matches, Matches], chosen: Column) -> Mask:
    """Where both are there, and score higher than what is best so far, or as high with fewer errors."""
    score, errors = pair[0].scores + pair[1].scores
    best_score, best_errors = best[0].scores + best[1].scores
    is_better = (chosen < 0) | (score > best_score) | ((score == best_score) & (errors < best_errors))
    suits: Mask = (pair[0].which >= 0) & (pair[1].which >= 0) & is_better
    return suits
