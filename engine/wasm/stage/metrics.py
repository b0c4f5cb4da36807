"""Numbers that a plugin counts, and how those of many batches become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.errors import CheckpointError
from engine.wasm.parameters import Identifier

Values = npt.NDArray[np.float64]

_ADD, _LEAST, _MOST = 0, 1, 2
_NEUTRAL = np.array([0.0, np.inf, -np.inf])
_SUMMARY = (_ADD, _ADD, _LEAST, _MOST)
"""Of a number for each read: how many reads have one, their sum, the least, the greatest."""


class Metric(BaseModel):
    """One metric, as the manifest declares it.

    Attributes:
        name: as files and code spell it.
        kind: ``sum``, ``minimum`` and ``maximum`` are one number a batch; ``histogram`` is ``bins`` counts a
            batch; ``per_read`` is a number for each read, of which summary and histogram are kept.
        bins: counts of a histogram.
        low: value at the left edge of the first bin.
        high: value at the right edge of the last bin.
        unit: as shown.
        title: name for people; empty for the name itself.
        help: what it means, in a sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier
    kind: Literal["sum", "minimum", "maximum", "histogram", "per_read"]
    bins: int = Field(default=50, ge=1, le=1000)
    low: float = Field(default=0.0, allow_inf_nan=False)
    high: float = Field(default=100.0, allow_inf_nan=False)
    unit: str = ""
    title: str = ""
    help: str = ""

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be less than high")
        return self

    @property
    def operations(self) -> tuple[int, ...]:
        """How each number kept of it is put together with its like."""
        bins = (_ADD,) * self.bins
        return {
            "sum": (_ADD,), "minimum": (_LEAST,), "maximum": (_MOST,),
            "histogram": bins, "per_read": (*_SUMMARY, *bins),
        }[self.kind]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A metric over all reads so far.

    Attributes:
        metric: which.
        value: the number; of ``per_read`` the mean; not a number where there is none yet.
        count: of ``per_read``, reads that have one.
        least: of ``per_read``, the least.
        most: of ``per_read``, the greatest.
        histogram: float64 [bins], counts from ``low`` to ``high``, what lies outside in the outermost;
            ``None`` where there is none.
    """

    metric: Metric
    value: float
    count: int = 0
    least: float = np.nan
    most: float = np.nan
    histogram: Values | None = None


class MetricTotals:
    """A plugin's metrics over the reads that it has seen. Merge those of all workers to get them all."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = tuple(metrics)
        self._operations = np.array([step for metric in metrics for step in metric.operations], np.int8)
        self._values: Values = _NEUTRAL[self._operations]

    def copy(self) -> MetricTotals:
        """As they are now."""
        twin = MetricTotals(self.metrics)
        twin._values = self._values.copy()
        return twin

    def state(self) -> Values:
        """The numbers, for a checkpoint."""
        return self._values.copy()

    def restore(self, values: object) -> None:
        """Takes up what `state` gave.

        Raises:
            CheckpointError: these are the numbers of other metrics.
        """
        if not isinstance(values, np.ndarray) or values.shape != self._values.shape or values.dtype != np.float64:
            raise CheckpointError("It holds other numbers than the plugin counts.")
        self._values = values.copy()

    def raw(self) -> bytes:
        """The numbers as bytes, equal where all are."""
        return self._values.tobytes()

    def merge(self, other: MetricTotals) -> None:
        """Adds what another of the same metrics has."""
        self._add(other._values)

    def _add(self, values: Values) -> None:
        mine, kind = self._values, self._operations
        both = np.where(kind == _LEAST, np.minimum(mine, values), np.maximum(mine, values))
        with np.errstate(over="ignore", invalid="ignore"):  # a sum beyond all numbers is none
            self._values = np.where(kind == _ADD, mine + values, both)

    def add_batch(self, slots: Values, columns: npt.NDArray[np.float32]) -> None:
        """Adds what a guest wrote.

        Args:
            slots: float64, the batch's numbers, one metric after another, as `neutral_slots` lays them out.
            columns: float32 [n_per_read, n_reads], not a number for reads without.
        """
        parts, slot, column = [], 0, 0
        for metric in self.metrics:
            if metric.kind == "per_read":
                parts.append(_summary(metric, columns[column]))
                column += 1
            else:
                width = len(metric.operations)
                parts.append(slots[slot : slot + width])
                slot += width
        if parts:
            self._add(np.concatenate(parts))

    def values(self) -> dict[str, MetricValue]:
        """Every metric by name."""
        found, place = {}, 0
        for metric in self.metrics:
            part = self._values[place : place + len(metric.operations)]
            place += len(part)
            found[metric.name] = _value(metric, part)
        return found


def neutral_slots(metrics: Sequence[Metric]) -> Values:
    """The numbers of a batch before the guest writes any: 0, for a minimum +inf, for a maximum -inf."""
    steps = [step for metric in metrics if metric.kind != "per_read" for step in metric.operations]
    return _NEUTRAL[np.array(steps, np.intp)]


def per_read_columns(metrics: Sequence[Metric]) -> int:
    """How many of them are numbers for each read."""
    return sum(metric.kind == "per_read" for metric in metrics)


def _summary(metric: Metric, column: npt.NDArray[np.float32]) -> Values:
    values = column[~np.isnan(column)].astype(np.float64)
    scaled = (np.clip(values, metric.low, metric.high) - metric.low) * (metric.bins / (metric.high - metric.low))
    bins = np.minimum(scaled.astype(np.intp), metric.bins - 1)
    least, most = (values.min(), values.max()) if len(values) else (np.inf, -np.inf)
    head = np.array([len(values), values.sum(), least, most])
    return np.concatenate([head, np.bincount(bins, minlength=metric.bins).astype(np.float64)])


def _value(metric: Metric, part: Values) -> MetricValue:
    if metric.kind == "per_read":
        count, total, least, most = part[:4]
        if not count:
            return MetricValue(metric, np.nan, histogram=part[4:].copy())
        return MetricValue(metric, float(total / count), int(count), float(least), float(most), part[4:].copy())
    if metric.kind == "histogram":
        return MetricValue(metric, float(part.sum()), histogram=part.copy())
    return MetricValue(metric, float(part[0]) if np.isfinite(part[0]) else np.nan)
