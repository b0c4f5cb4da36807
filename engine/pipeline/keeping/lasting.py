"""What pipelines have done in all their runs, searches and executions: kept for good, and merged as they come."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.checkpoint.state import State, decode, encode
from engine.errors import CheckpointError
from engine.pipeline.keeping.place import Keeper, KeptStatistics, Records
from engine.pipeline.keeping.versions import version_order
from engine.pipeline.steps.statistics import StepStatistics
from engine.run.snapshot import StageSummary


@dataclass(frozen=True, slots=True)
class LastingStatistics:
    """What a version of a pipeline has done so far.

    Attributes:
        name: of the pipeline.
        version: of the pipeline.
        runs: runs, searches and executions that have come to an end.
        failed: those of them that failed.
        first: when the first of them ended.
        last: when the last one did.
        total: all stages as one, over all of them; its ``executions`` are batches and documents.
        stages: each stage; of those runs whose stages were what they were the last time, where a composite stage names
            a pipeline that has become another since.
    """

    name: str
    version: str
    runs: int
    failed: int
    first: datetime
    last: datetime
    total: StageSummary
    stages: tuple[StageSummary, ...]


class LastingTallies:
    """Statistics of pipelines by name and version. Every method may be called from any thread, and several processes.

    Args:
        keeper: where they are kept, such as `engine.store.store.Store.pipelines`.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add(self, name: str, version: str, statistics: StepStatistics, *, is_failed: bool = False) -> None:
        """Adds what a run, a search or an execution has done, once it has ended.

        Raises:
            StoreError: it cannot be kept.
        """
        state = _without_metrics(statistics.state())
        shape = _shape(state)

        def job(records: Records) -> None:
            new = blank_of(state)  # each time: a job may be done again
            new.restore(state)
            now = datetime.now().astimezone()
            kept_rows = (KeptStatistics(*row) for row in records.statistics(name))
            found = [each for each in kept_rows if (each.version, each.shape) == (version, shape)]
            before = found[0] if found else None
            if before is not None and (kept := _restored(before.state)) is not None:
                new.merge(kept)
            records.keep_statistics(
                name,
                KeptStatistics(
                    version=version,
                    shape=shape,
                    runs=1 + (before.runs if before else 0),
                    failed=int(is_failed) + (before.failed if before else 0),
                    first=before.first if before else now.isoformat(),
                    last=now.isoformat(),
                    state=b"".join(encode(new.state())),
                ),
            )

        self._keeper.change(job)

    def of(self, name: str) -> tuple[LastingStatistics, ...]:
        """What each version of a pipeline has done, the latest version last; those that have done nothing are left out.

        Raises:
            StoreError: it cannot be read.
        """
        kept = [KeptStatistics(*row) for row in self._keeper.read(lambda records: records.statistics(name))]
        versions = sorted({each.version for each in kept}, key=version_order)
        return tuple(
            found
            for version in versions
            if (found := _together(name, version, [each for each in kept if each.version == version])) is not None
        )


def blank_of(state: State) -> StepStatistics:
    """Statistics that have counted nothing, of the stages that a state is of.

    Raises:
        CheckpointError: this is something else.
    """
    kept: Any = state
    try:
        return StepStatistics(str(kept["name"]), str(kept["kind"]), [blank_of(step) for step in kept["steps"]])
    except (KeyError, TypeError) as error:
        raise CheckpointError("It does not tell what the stages have done.") from error


def _restored(content: bytes) -> StepStatistics | None:
    """What was kept; ``None``: it cannot be read any more, and counting begins anew."""
    try:
        state = decode(content)
        found = blank_of(state)
        found.restore(state)
    except CheckpointError:
        return None
    return found


def _together(name: str, version: str, kept: list[KeptStatistics]) -> LastingStatistics | None:
    """What one version has done, whatever its stages were."""
    readable = [(each, found) for each in kept if (found := _restored(each.state)) is not None]
    if not readable:
        return None
    newest, whole = max(readable, key=lambda row: datetime.fromisoformat(row[0].last))
    total = StepStatistics(whole.name, whole.kind)
    for _, found in readable:
        total.merge(_alone(found))
    return LastingStatistics(
        name=name,
        version=version,
        runs=sum(each.runs for each, _ in readable),
        failed=sum(each.failed for each, _ in readable),
        first=min(datetime.fromisoformat(each.first) for each, _ in readable),
        last=datetime.fromisoformat(newest.last),
        total=total.summary(),
        stages=whole.summary().stages,
    )


def _alone(statistics: StepStatistics) -> StepStatistics:
    """The same without the stages inside."""
    alone = StepStatistics(statistics.name, statistics.kind)
    alone.restore({**statistics.state(), "steps": []})
    return alone


def _without_metrics(state: State) -> State:
    kept: Any = state
    return {**state, "metrics": None, "steps": [_without_metrics(step) for step in kept["steps"]]}


def _shape(state: State) -> str:
    """Tells stages apart that cannot be added up."""

    def named(state: Any) -> list[Any]:
        return [state["name"], state["kind"], *map(named, state["steps"])]

    return hashlib.sha256(json.dumps(named(state)).encode()).hexdigest()[:16]
