"""Which adapters the first reads of an input show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.batch import ReadBatch
from engine.stages.adapter_models import Adapter
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.known_adapters import LIBRARIES
from kernels.occurrences import LONGEST_WORD
from kernels.stages.detect import word_counts

WORD = 16
"""Leading bases of an adapter that are looked for, without errors; by chance in one read of 30 million or so."""

LEAST_SHARE = 0.001
"""Share of the reads in which an adapter has to be."""

LEAST_READS = 3
"""Reads in which it has to be, however few there are."""


def detected(batches: Iterable[ReadBatch]) -> tuple[Adapter, ...]:
    """The adapters of common library kits that reads show, most frequent first.

    An adapter counts where at least one read in a thousand, and at least three, hold its first 16 bases. Only
    what kits are known to put there is looked for: what else is frequent may well be the sample.

    Args:
        batches: the first reads of an input; of pairs, both are looked at.
    """
    texts = list(LIBRARIES.values())
    letters = np.zeros((len(texts), LONGEST_WORD), np.uint8)
    for row, text in enumerate(texts):
        letters[row, :WORD] = ["ACGT".index(letter) for letter in text[:WORD]]
    words = np.full((len(texts), 3), WORD, np.int64)
    counts = np.zeros((2, len(texts)), np.int64)
    reads = 0
    for batch in batches:
        reads += len(batch)
        for side, mine in zip((batch, batch.mate), counts, strict=True):
            if side is not None:
                word_counts(side.buffer, side.sequence_starts, side.lengths, letters, words, mine)
    best = counts.max(axis=0)
    least = max(LEAST_READS, LEAST_SHARE * reads)
    names = list(LIBRARIES)
    return tuple(
        Adapter(name=names[row], sequence=texts[row]) for row in np.argsort(-best, kind="stable") if best[row] >= least
    )


def with_adapters(parameters: AdapterParameters, found: Sequence[Adapter]) -> AdapterParameters:
    """The parameters with adapters that reads show besides, and nothing more to detect."""
    told = {"adapters": parameters.adapters} | ({"second": parameters.second} if parameters.second else {})
    more = {name: adapters + _new(adapters, found) for name, adapters in told.items()}
    return parameters.model_copy(update={**more, "detect": False})


def _new(adapters: Sequence[Adapter], found: Sequence[Adapter]) -> tuple[Adapter, ...]:
    known = {adapter.sequence for adapter in adapters}
    return tuple(adapter for adapter in found if adapter.sequence not in known)
