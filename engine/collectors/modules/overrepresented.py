"""Sequences that make up much of a file."""

from __future__ import annotations

import numpy as np

from engine.collectors.key_table import KeyTable
from engine.collectors.modules.contaminants import possible_source
from engine.collectors.modules.java_order import hash_map_order
from engine.collectors.results import LISTED_ABOVE, Overrepresented, OverrepresentedSequence
from kernels.collectors.keys import key_text


def overrepresented(table: KeyTable) -> Overrepresented:
    """Sequences with more than 0.1 % of all reads, most frequent first (FastQC 0.12.1, ``OverRepresentedSeqs``)."""
    counts = table.counts[: table.known]
    percents = counts / max(table.reads, 1) * 100
    rows = np.flatnonzero(percents > LISTED_ABOVE)
    texts = [key_text(table.keys[row]).decode("ascii") for row in rows]
    order = sorted(hash_map_order(texts, table.known), key=lambda i: -int(counts[rows[i]]))
    return Overrepresented(
        sequences=tuple(
            OverrepresentedSequence(
                sequence=texts[i],
                count=int(counts[rows[i]]),
                percent=float(percents[rows[i]]),
                source=possible_source(texts[i]),
            )
            for i in order
        )
    )
