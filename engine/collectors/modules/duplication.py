"""Duplication levels.

As in FastQC 0.12.1 (``DuplicationLevel``): only the first 100,000 distinct sequences are counted, so
the number of sequences at each level is scaled up by the chance of having met one of that level by then.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.collectors.key_table import KeyTable
from engine.collectors.results import DUPLICATION_LEVELS, Duplication

# Level 10 falls into ">10" and level 50 too: but for the first of them, slots begin past what their label says.
_SLOT_STARTS = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 51, 101, 501, 1001, 5001, 10_001])
# A correction by less than this share of a sequence is not worth making.
_NEGLIGIBLE = 0.01
# The chance of having missed a level falls at least as fast as exp(-share x level): at this exponent it
# is below what even 100,000 sequences would care about.
_DEEPEST = 25


def duplication(table: KeyTable) -> Duplication:
    """Percent of reads by how often their sequence occurs, and the percent that would remain of each once."""
    levels, sequences = np.unique(table.counts[: table.known], return_counts=True)
    corrected = corrected_counts(levels, sequences, table.reads, table.reads_at_limit)
    reads = corrected * levels
    total = float(reads.sum())
    if not total:
        return Duplication(percent=(0.0,) * len(DUPLICATION_LEVELS), remaining=100.0)
    by_slot = np.zeros(len(DUPLICATION_LEVELS))
    np.add.at(by_slot, np.searchsorted(_SLOT_STARTS, levels, side="right") - 1, reads)
    return Duplication(percent=tuple((by_slot / total * 100).tolist()), remaining=float(corrected.sum()) / total * 100)


def corrected_counts(levels: Table, sequences: Table, reads: int, reads_at_limit: int) -> npt.NDArray[np.float64]:
    """How many sequences of each level there are in the whole file.

    Args:
        levels: int64 [n], reads of a sequence, ascending.
        sequences: int64 [n], sequences seen with so many reads.
        reads: reads in the file.
        reads_at_limit: reads after which no new sequences were kept.
    """
    observed = sequences.astype(np.float64)
    if not len(levels) or reads_at_limit == reads:
        return observed
    missed = _chances_of_missing(levels, reads, reads_at_limit)
    missed[missed < 1 - observed / (observed + _NEGLIGIBLE)] = 0.0
    missed[reads - sequences < reads_at_limit] = 0.0
    return observed / (1 - missed)


def _chances_of_missing(levels: Table, reads: int, reads_at_limit: int) -> npt.NDArray[np.float64]:
    """The chance that all reads of a sequence come after the limit, by how many it has.

    FastQC multiplies over the reads before the limit; drawing without replacement is symmetric, so the
    same product runs over the reads of the sequence, which are far fewer.
    """
    deepest = min(int(levels[-1]), _DEEPEST * reads // reads_at_limit + _DEEPEST)
    drawn = np.arange(deepest, dtype=np.float64)
    factors = np.maximum(reads - reads_at_limit - drawn, 0.0) / (reads - drawn)
    chances = np.concatenate([np.cumprod(factors), [0.0]])
    return chances[np.minimum(levels - 1, deepest)]
