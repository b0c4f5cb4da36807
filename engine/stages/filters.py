"""Stages that drop reads by what they measure on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator

from engine.batch import Column, ReadBatch
from engine.reasons import Reason
from engine.stages.base import BASES, PERCENT, PHRED, Filter, FilterParameters, Mask, columns
from kernels.collectors.reads import quality_sums
from kernels.qualities import OFFSET
from kernels.stages.filter_measures import ERROR_RATES, changes, expected_errors, gc_bases, low_counts, n_counts

Failing = Sequence[tuple[Reason, Mask]]


class LengthFilterParameters(FilterParameters):
    """What can be set for the filter on length."""

    minimum: int = Field(default=20, title="Shortest", description="Shorter reads go.", ge=0, json_schema_extra=BASES)
    maximum: int | None = Field(
        default=None, title="Longest", description="Longer reads go; empty: no limit.", ge=0, json_schema_extra=BASES
    )

    second_minimum: int | None = Field(
        default=None,
        title="Shortest second read",
        description="Of pairs; empty: as for first reads.",
        ge=0,
        json_schema_extra=BASES,
    )
    second_maximum: int | None = Field(
        default=None,
        title="Longest second read",
        description="Of pairs; empty: as for first reads.",
        ge=0,
        json_schema_extra=BASES,
    )

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        for least, most in (self.range(), self.range(of_second=True)):
            if most is not None and most < least:
                raise ValueError("the longest is below the shortest: no read can pass")
        return self

    def range(self, *, of_second: bool = False) -> tuple[int, int | None]:
        """Shortest and longest first or second reads that pass; ``None``: no limit."""
        least = self.second_minimum if of_second and self.second_minimum is not None else self.minimum
        return least, self.second_maximum if of_second and self.second_maximum is not None else self.maximum


class LengthFilter(Filter[LengthFilterParameters]):
    """Drops reads that are too short or too long."""

    def _failing(self, batch: ReadBatch) -> Failing:
        return self._outside(batch, *self.parameters.range())

    def _failing_second(self, mates: ReadBatch) -> Failing:
        return self._outside(mates, *self.parameters.range(of_second=True))

    def _outside(self, batch: ReadBatch, least: int, most: int | None) -> Failing:
        too_long = np.zeros(len(batch), np.bool_) if most is None else batch.lengths > most
        return [(Reason.TOO_SHORT, batch.lengths < least), (Reason.TOO_LONG, too_long)]


class NFilterParameters(FilterParameters):
    """What can be set for the filter on N."""

    maximum: float = Field(
        default=5,
        title="Most N",
        description="Below 1 a share of the read's bases, from 1 on a number. Reads with more go.",
        ge=0,
        allow_inf_nan=False,
    )


class NFilter(Filter[NFilterParameters]):
    """Drops reads with too many Ns."""

    def _failing(self, batch: ReadBatch) -> Failing:
        counts = _counted(batch, n_counts)
        limit = self.parameters.maximum
        if limit < 1:
            return [(Reason.TOO_MANY_N, _ratio(counts, batch.lengths) > limit)]
        return [(Reason.TOO_MANY_N, counts > limit)]


class ExpectedErrorsFilterParameters(FilterParameters):
    """What can be set for the filter on expected errors."""

    maximum: float = Field(
        default=1.0, title="Most errors", description="Reads with more expected errors go.", ge=0, allow_inf_nan=False
    )


class ExpectedErrorsFilter(Filter[ExpectedErrorsFilterParameters]):
    """Drops reads whose qualities promise too many errors."""

    def _failing(self, batch: ReadBatch) -> Failing:
        return [(Reason.EXPECTED_ERRORS, _errors(batch) > self.parameters.maximum)]


class ErrorRateFilterParameters(FilterParameters):
    """What can be set for the filter on the error rate."""

    maximum: float = Field(
        default=0.01,
        title="Highest error rate",
        description="Expected errors for each base, on average; reads with more go.",
        gt=0,
        lt=1,
    )


class ErrorRateFilter(Filter[ErrorRateFilterParameters]):
    """Drops reads whose bases are wrong too often on average; reads of any length alike."""

    def _failing(self, batch: ReadBatch) -> Failing:
        rates = np.divide(_errors(batch), batch.lengths, out=np.zeros(len(batch), np.float64), where=batch.lengths > 0)
        return [(Reason.ERROR_RATE, rates > self.parameters.maximum)]


class MeanQualityFilterParameters(FilterParameters):
    """What can be set for the filter on mean quality."""

    minimum: float = Field(
        default=20, title="Lowest mean", description="Reads below it go.", ge=0, le=93, json_schema_extra=PHRED
    )
    of_scores: bool = Field(
        default=False,
        title="Mean of scores",
        description="Average the scores themselves, as fastp does. Otherwise the chances of an error are "
        "averaged, and the mean turned into a score, which is what the scores mean.",
    )


class MeanQualityFilter(Filter[MeanQualityFilterParameters]):
    """Drops reads of low mean quality; reads without bases go too, unless the limit is 0."""

    def _failing(self, batch: ReadBatch) -> Failing:
        minimum = self.parameters.minimum
        lengths = batch.lengths
        if self.parameters.of_scores:
            sums = np.empty(len(batch), np.int64)
            quality_sums(batch.buffer, batch.quality_starts, lengths, sums)
            fails = sums - OFFSET * lengths.astype(np.int64) < minimum * lengths
        else:
            fails = _errors(batch) > 10 ** (-minimum / 10) * lengths
        return [(Reason.MEAN_QUALITY, fails | ((lengths == 0) & (minimum > 0)))]


class LowQualityFilterParameters(FilterParameters):
    """What can be set for the filter on bases of low quality."""

    quality: int = Field(
        default=15, title="Good quality", description="Bases below it are bad.", ge=0, le=93, json_schema_extra=PHRED
    )
    maximum: float = Field(
        default=40, title="Most bad bases", description="Reads with more go.", ge=0, le=100, json_schema_extra=PERCENT
    )


class LowQualityFilter(Filter[LowQualityFilterParameters]):
    """Drops reads in which too many bases are of low quality."""

    def _failing(self, batch: ReadBatch) -> Failing:
        (counts,) = columns(batch, 1)
        low_counts(batch.buffer, batch.quality_starts, batch.lengths, self.parameters.quality, counts)
        return [(Reason.LOW_QUALITY_BASES, counts > self.parameters.maximum * batch.lengths / 100.0)]


class ComplexityFilterParameters(FilterParameters):
    """What can be set for the filter on complexity."""

    minimum: float = Field(
        default=30,
        title="Lowest complexity",
        description="Share of bases that differ from the next one; reads below it go.",
        ge=0,
        le=100,
        json_schema_extra=PERCENT,
    )


class ComplexityFilter(Filter[ComplexityFilterParameters]):
    """Drops reads of low complexity."""

    def _failing(self, batch: ReadBatch) -> Failing:
        shares = _ratio(_counted(batch, changes), batch.lengths - 1)
        return [(Reason.LOW_COMPLEXITY, shares < self.parameters.minimum / 100.0)]


class GcFilterParameters(FilterParameters):
    """What can be set for the filter on GC."""

    minimum: float = Field(
        default=0, title="Lowest GC", description="Reads below it go.", ge=0, le=100, json_schema_extra=PERCENT
    )
    maximum: float = Field(
        default=100, title="Highest GC", description="Reads above it go.", ge=0, le=100, json_schema_extra=PERCENT
    )

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.maximum < self.minimum:
            raise ValueError("the highest GC is below the lowest: no read can pass")
        return self


class GcFilter(Filter[GcFilterParameters]):
    """Drops reads whose share of G and C lies outside a range; reads without bases stay."""

    def _failing(self, batch: ReadBatch) -> Failing:
        percents = 100.0 * _ratio(_counted(batch, gc_bases), batch.lengths)
        outside = (percents < self.parameters.minimum) | (percents > self.parameters.maximum)
        return [(Reason.GC_CONTENT, outside & (batch.lengths > 0))]


def _counted(batch: ReadBatch, count: Callable[..., None]) -> Column:
    (counts,) = columns(batch, 1)
    count(batch.buffer, batch.sequence_starts, batch.lengths, counts)
    return counts


def _ratio(counts: Column, totals: Column) -> Any:
    """float64 [n_reads], 0 where there is nothing to be a part of."""
    return np.divide(counts, totals, out=np.zeros(len(counts), np.float64), where=totals > 0)


def _errors(batch: ReadBatch) -> Any:
    errors = np.empty(len(batch), np.float64)
    expected_errors(batch.buffer, batch.quality_starts, batch.lengths, ERROR_RATES, errors)
    return errors
