"""How far batches differ, which tells how near a sample of them is to all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import like, part
from engine.errors import CheckpointError

Totals = npt.NDArray[np.float64]

_PLACES = 5
"""Totals of a batch, see `kernels.collectors.sample_totals`."""

_FEWEST = 10
"""Batches of a random sample below which nothing is said about how near it is."""

_NORMAL = 1.959964
"""Standard deviations on either side that 95 of 100 cases of a normal distribution are within."""


def _zeros() -> Totals:
    return np.zeros(_PLACES)


def _no_products() -> Totals:
    return np.zeros((_PLACES, _PLACES))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Sums over some batches; never changed once made.

    Attributes:
        batches: how many.
        sums: float64 [5], of what `kernels.collectors.sample_totals` gives.
        products: float64 [5, 5], sums of products of any two of these.
    """

    batches: int = 0
    sums: Totals = field(default_factory=_zeros)
    products: Totals = field(default_factory=_no_products)

    def plus(self, other: Spread) -> Spread:
        """Both together."""
        return Spread(self.batches + other.batches, self.sums + other.sums, self.products + other.products)

    def state(self) -> State:
        """For a checkpoint."""
        return {"batches": self.batches, "sums": self.sums, "products": self.products}

    @classmethod
    def of(cls, state: State) -> Spread:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        empty = cls()
        sums, products = like(empty.sums, state.get("sums")), like(empty.products, state.get("products"))
        if (sums.shape, products.shape) != (empty.sums.shape, empty.products.shape):
            raise CheckpointError("it does not tell how far batches differ.")
        return cls(like(0, state.get("batches")), sums, products)


@dataclass(frozen=True, slots=True, eq=False)
class BatchSpread:
    """What one worker, or all, have seen of batches; never changed once made.

    Attributes:
        whole: of batches from times in which all were worked on.
        sampled: of batches that were chosen by chance from those around them.
    """

    whole: Spread = field(default_factory=Spread)
    sampled: Spread = field(default_factory=Spread)

    def with_batch(self, batch: ReadBatch, *, is_sampled: bool) -> BatchSpread:
        """One batch more, its mates with it."""
        from kernels.collectors.sample_totals import sample_totals

        totals, part = np.zeros(_PLACES, np.int64), np.zeros(_PLACES, np.int64)
        for reads in (batch, batch.mate):
            if reads is not None:
                sample_totals(reads.buffer, reads.sequence_starts, reads.quality_starts, reads.lengths, part)
                totals += part
        sums = totals.astype(np.float64)
        one = Spread(1, sums, np.outer(sums, sums))
        if is_sampled:
            return replace(self, sampled=self.sampled.plus(one))
        return replace(self, whole=self.whole.plus(one))

    def plus(self, other: BatchSpread) -> BatchSpread:
        """Both together."""
        return BatchSpread(self.whole.plus(other.whole), self.sampled.plus(other.sampled))

    @property
    def batches(self) -> int:
        """How many, of both."""
        return self.whole.batches + self.sampled.batches

    def state(self) -> State:
        """For a checkpoint."""
        return {"whole": self.whole.state(), "sampled": self.sampled.state()}

    @classmethod
    def of(cls, state: State) -> BatchSpread:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        return cls(Spread.of(part(state, "whole")), Spread.of(part(state, "sampled")))

    def margin(self, part: int, base: int, left_out_batches: int, left_out_bases: int) -> float | None:
        """How near a ratio over these batches is to that over all batches: within this in 95 of 100 cases.

        A sample of clusters, so that it is batches that vary, not reads; with what is known to be over-represented,
        which is what came while all was worked on (W. G. Cochran, Sampling Techniques, 1977, 6.3 and 6.12).

        Args:
            part: place of the numerator in the totals.
            base: place of the denominator.
            left_out_batches: those that were not chosen.
            left_out_bases: in them.

        Returns:
            In the unit of the ratio; 0 where nothing was left out; ``None`` where there are too few batches to say.
        """
        if not left_out_batches:
            return 0.0
        chosen = self.sampled
        if chosen.batches < _FEWEST or not chosen.sums[0] or not chosen.sums[base]:
            return None
        ratio = chosen.sums[part] / chosen.sums[base]
        squares = (
            chosen.products[part, part]
            - 2 * ratio * chosen.products[part, base]
            + ratio**2 * chosen.products[base, base]
        )
        share = chosen.batches / (chosen.batches + left_out_batches)
        variance = max(float(squares), 0.0) / (chosen.batches - 1)
        error = math.sqrt((1 - share) * variance * chosen.batches) / chosen.sums[base]
        grown = 1 + left_out_bases / chosen.sums[0]
        whole = self.whole.sums
        here = (whole[part] + chosen.sums[part]) / (whole[base] + chosen.sums[base])
        everywhere = (whole[part] + grown * chosen.sums[part]) / (whole[base] + grown * chosen.sums[base])
        weight = grown * chosen.sums[base] / (whole[base] + grown * chosen.sums[base])
        return float(abs(here - everywhere) + _quantile(chosen.batches - 1) * weight * error)


def _quantile(freedom: int) -> float:
    """Of Student's t for 95 of 100 cases, by the Cornish-Fisher expansion; within 1 % from nine degrees on."""
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
