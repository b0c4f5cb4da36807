"""Which adapters the first reads of an input show."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.stages.adapters import Adapter, AdapterParameters
from engine.stages.known_adapters import LIBRARIES
from kernels.detect import word_counts
from kernels.search import LONGEST_WORD

WORD = 16
"""Leading bases of an adapter that are looked for, without errors; by chance in one read of 30 million or so."""

LEAST_SHARE = 0.001
"""Share of the reads in which an adapter has to be."""

LEAST_READS = 3
"""Reads in which it has to be, however few there are."""


def detected(batch: ReadBatch) -> tuple[Adapter, ...]:
    """The adapters of common library kits that a batch shows, most frequent first.

    An adapter counts where at least one read in a thousand, and at least three, hold its first 16 bases. Only
    what kits are known to put there is looked for: what else is frequent may well be the sample.

    Args:
        batch: the first reads of an input; of pairs, both are looked at.
    """
    texts = list(LIBRARIES.values())
    letters = np.zeros((len(texts), LONGEST_WORD), np.uint8)
    for row, text in enumerate(texts):
        letters[row, :WORD] = ["ACGT".index(letter) for letter in text[:WORD]]
    words = np.full((len(texts), 3), WORD, np.int64)
    best = np.zeros(len(texts), np.int64)
    for side in (batch, batch.mate):
        if side is not None:
            counts = np.zeros(len(texts), np.int64)
            word_counts(side.buffer, side.sequence_starts, side.lengths, letters, words, counts)
            best = np.maximum(best, counts)
    least = max(LEAST_READS, LEAST_SHARE * len(batch))
    names = list(LIBRARIES)
    return tuple(
        Adapter(name=names[row], sequence=texts[row]) for row in np.argsort(-best, kind="stable") if best[row] >= least
    )


def with_detected(parameters: AdapterParameters, batch: ReadBatch) -> AdapterParameters:
    """The parameters with the adapters that the first reads show, and nothing more to detect."""
    if not parameters.detect:
        return parameters
    known = {adapter.sequence for adapter in parameters.adapters}
    found = tuple(adapter for adapter in detected(batch) if adapter.sequence not in known)
    return parameters.model_copy(update={"adapters": parameters.adapters + found, "detect": False})
