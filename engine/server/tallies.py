"""What pipelines have done since the server started."""

from __future__ import annotations

import threading

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import StageSummary


class ExecutionTallies:
    """Statistics of executions, by pipeline and version. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._tallies: dict[str, StepStatistics] = {}
        self._failures: dict[str, int] = {}

    def add(self, reference: str, statistics: StepStatistics) -> None:
        """Adds an execution of the pipeline ``name@version`` that came to its end."""
        with self._guard:
            before = self._tallies.get(reference)
            # Another version of a pipeline inside of this one has other stages, whose counts do not add up with these.
            if before is None or _shape(before) != _shape(statistics):
                self._tallies[reference] = statistics.copy()
            else:
                before.merge(statistics)

    def add_failure(self, definition: PipelineDefinition) -> None:
        """Adds an execution that failed."""
        with self._guard:
            self._failures[definition.reference] = self._failures.get(definition.reference, 0) + 1

    def summary(self, definition: PipelineDefinition) -> tuple[StageSummary | None, int]:
        """What the executions did, and how many failed."""
        with self._guard:
            tally = self._tallies.get(definition.reference)
            failures = self._failures.get(definition.reference, 0)
            return None if tally is None else tally.summary(), failures


def _shape(statistics: StepStatistics) -> tuple[object, ...]:
    return (statistics.name, statistics.kind, *map(_shape, statistics.steps))
