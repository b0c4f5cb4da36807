"""What stages have done and how long it took: counts that merge."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

from ddsketch import DDSketch

from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.pipeline.steps.durations import durations_of, state_of
from engine.run.snapshot import StageMetric, StageSummary
from engine.stages.statistics import StageStatistics
from engine.wasm.stage.metrics import MetricTotals, MetricValue

MOST_ERRORS = 5
"""Errors of a stage that are kept in words; all are counted."""

_ACCURACY = 0.01


class StepStatistics:
    """What a stage has done in one worker, with the stages inside of it.

    Attributes:
        name: the stage's.
        kind: see `StageSummary`.
        executions: batches that came to it.
        successes: batches that it worked on.
        failures: batches that it failed on for good.
        retries: further attempts.
        timeouts: attempts that took too long.
        reads: reads and bases in and out.
        metrics: what a plugin counted, or ``None``.
        errors: number of a batch and an error in words, by batch; at most `MOST_ERRORS`.
        steps: those of the stages inside.
    """

    def __init__(self, name: str, kind: str, steps: Sequence[StepStatistics] = ()) -> None:
        self.name = name
        self.kind = kind
        self.steps = tuple(steps)
        self.executions = 0
        self.successes = 0
        self.failures = 0
        self.retries = 0
        self.timeouts = 0
        self.reads = StageStatistics()
        self.metrics: MetricTotals | None = None
        self.errors: list[tuple[int, str]] = []
        self._durations = DDSketch(_ACCURACY)

    def add_duration(self, seconds: float) -> None:
        """Adds the time that an attempt took."""
        self._durations.add(seconds)

    def add_error(self, batch: int, words: str) -> None:
        """Keeps an error if it is one of the first."""
        self.errors = sorted([*self.errors, (batch, words)])[:MOST_ERRORS]

    def add_metrics(self, metrics: MetricTotals) -> None:
        """Adds what a plugin counted in a batch."""
        if self.metrics is None:
            self.metrics = metrics.copy()
        else:
            self.metrics.merge(metrics)

    def merge(self, other: StepStatistics) -> None:
        """Adds those of the same stage in another worker."""
        self.executions += other.executions
        self.successes += other.successes
        self.failures += other.failures
        self.retries += other.retries
        self.timeouts += other.timeouts
        self.reads.merge(other.reads)
        self.errors = sorted([*self.errors, *other.errors])[:MOST_ERRORS]
        self._durations.merge(other._durations)
        if other.metrics is not None:
            self.add_metrics(other.metrics)
        for mine, theirs in zip(self.steps, other.steps, strict=True):
            mine.merge(theirs)

    def copy(self) -> StepStatistics:
        """Independent statistics with the same counts."""
        copy = StepStatistics(self.name, self.kind, [_blank(step) for step in self.steps])
        copy.merge(self)
        return copy

    def state(self) -> State:
        """For a checkpoint."""
        return {
            "name": self.name,
            "kind": self.kind,
            "counts": [self.executions, self.successes, self.failures, self.retries, self.timeouts],
            "reads": self.reads.state(),
            "metrics": None if self.metrics is None else self.metrics.state(),
            "errors": [[batch, words] for batch, words in self.errors],
            "durations": state_of(self._durations),
            "steps": [step.state() for step in self.steps],
        }

    def restore(self, state: State) -> None:
        """Takes up what `state` gave; for statistics of the same stage that have counted nothing.

        Raises:
            CheckpointError: this is something else.
        """
        kept: Any = state
        try:
            if (kept["name"], kept["kind"]) != (self.name, self.kind):
                raise CheckpointError("It is of other stages than the pipeline has.")
            counts = [int(count) for count in kept["counts"]]
            self.executions, self.successes, self.failures, self.retries, self.timeouts = counts
            self.reads.restore(kept["reads"])
            self.errors = [(int(batch), str(words)) for batch, words in kept["errors"]]
            self._durations = durations_of(kept["durations"], _ACCURACY)
            if self.metrics is not None:
                self.metrics.restore(kept["metrics"])
            for step, inner in zip(self.steps, kept["steps"], strict=True):
                step.restore(inner)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError("It does not tell what the stages have done.") from error

    def summary(self) -> StageSummary:
        """As they are now, for people."""
        reads, durations = self.reads, self._durations
        p50, p95, p99 = (durations.get_quantile_value(share) for share in (0.5, 0.95, 0.99))
        return StageSummary(
            name=self.name,
            kind=self.kind,
            executions=self.executions,
            successes=self.successes,
            failures=self.failures,
            retries=self.retries,
            timeouts=self.timeouts,
            reads_in=reads.reads_in,
            reads_out=reads.reads_out,
            bases_in=reads.bases_in,
            bases_out=reads.bases_out,
            reads_cut=reads.reads_cut,
            bases_cut=reads.bases_cut,
            drops={reason.words: count for reason, count in reads.drops.items()},
            # Which batch came to be counted first depends on the workers.
            counters={
                name: {str(key): counts[key] for key in sorted(counts, key=_in_order)}
                for name, counts in reads.counters.items()
            },
            seconds=durations.sum,
            p50=p50,
            p95=p95,
            p99=p99,
            errors=tuple(words for _, words in self.errors),
            metrics=() if self.metrics is None else tuple(map(_metric, self.metrics.values().values())),
            stages=tuple(step.summary() for step in self.steps),
        )


def _in_order(key: int | str) -> tuple[int, str]:
    """Numbers by their size, then words."""
    return (key, "") if isinstance(key, int) else (sys.maxsize, key)


def _blank(step: StepStatistics) -> StepStatistics:
    return StepStatistics(step.name, step.kind, [_blank(inner) for inner in step.steps])


def _metric(value: MetricValue) -> StageMetric:
    metric = value.metric
    return StageMetric(
        name=metric.name,
        title=metric.title or metric.name,
        unit=metric.unit,
        kind=metric.kind,
        value=_finite(value.value),
        count=value.count,
        least=_finite(value.least),
        most=_finite(value.most),
        low=metric.low,
        high=metric.high,
        histogram=() if value.histogram is None else tuple(value.histogram.tolist()),
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
