"""What pipelines have done in all their runs: merged, kept and read again."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from engine.pipeline.keeping.lasting import LastingTallies
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.pipeline.steps.statistics import StepStatistics
from engine.store.store import Store
from tests.engine.pipeline.definitions import native, pipeline
from tests.guests import batch_of
from tests.naive_parser import Read

RELEASED = Path(__file__).parents[1] / "store" / "released"


def done(seconds: list[float], *, inner: str = "cut", failures: int = 0) -> StepStatistics:
    """What one run has done: a batch of two reads, of which one is dropped, for each duration."""
    stage = StepStatistics(inner, inner)
    whole = StepStatistics("trimming", "pipeline", [stage])
    before = batch_of([Read(b"a", b"ACGT", b"IIII"), Read(b"b", b"AC", b"II")])
    for number, each in enumerate(seconds):
        for step in (whole, stage):
            step.executions += 1
            step.successes += 1
            step.add_duration(each)
            step.reads.count(before, before.rows(slice(0, 2)))
        whole.add_error(number, f"batch {number}")
    stage.failures = whole.failures = failures
    stage.reads.add("adapters", {3: 2})
    return whole


def test_runs_add_up_as_if_they_were_one(store: Store) -> None:
    source = random.Random(5)  # noqa: S311 - durations, not secrets
    parts = [[source.expovariate(100) for _ in range(200)] for _ in range(3)]
    tallies = LastingTallies(store.pipelines)
    for part in parts:
        tallies.add("trimming", "1.0.0", done(part, failures=1), is_failed=part is parts[0])
    (kept,) = LastingTallies(store.pipelines).of("trimming")
    whole = done([each for part in parts for each in part], failures=3).summary()
    assert (kept.runs, kept.failed) == (3, 1)
    assert kept.first <= kept.last
    for name in ("executions", "successes", "failures", "reads_in", "bases_in", "p50", "p95", "p99"):
        assert getattr(kept.total, name) == getattr(whole, name), name
    (cut,) = kept.stages
    assert cut.counters == {"adapters": {"3": 6}}
    assert cut.p99 == whole.stages[0].p99
    assert cut.seconds == pytest.approx(whole.stages[0].seconds)


def test_versions_stand_apart_and_what_never_ran_has_nothing(store: Store) -> None:
    tallies = LastingTallies(store.pipelines)
    tallies.add("trimming", "1.10.0", done([1.0]))
    tallies.add("trimming", "1.9.0", done([1.0, 2.0]))
    assert [(each.version, each.total.executions) for each in tallies.of("trimming")] == [("1.9.0", 2), ("1.10.0", 1)]
    assert tallies.of("other") == ()


def test_stages_that_became_others_count_in_the_whole_alone(store: Store) -> None:
    tallies = LastingTallies(store.pipelines)
    tallies.add("trimming", "1.0.0", done([1.0, 2.0]))
    tallies.add("trimming", "1.0.0", done([3.0], inner="length"))
    (kept,) = tallies.of("trimming")
    assert (kept.runs, kept.total.executions) == (2, 3)
    assert [(stage.name, stage.executions) for stage in kept.stages] == [("length", 1)]


def test_threads_and_processes_lose_nothing(store: Store) -> None:
    def add() -> None:
        with Store.open(store.path) as other:
            for _ in range(5):
                LastingTallies(other.pipelines).add("trimming", "1.0.0", done([1.0]))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (kept,) = LastingTallies(store.pipelines).of("trimming")
    assert (kept.runs, kept.total.executions) == (20, 20)


def test_what_is_removed_takes_what_it_has_done_along(store: Store, registry: PipelineRegistry) -> None:
    registry.register(pipeline("trimming", native("cut", "cut")))
    tallies = LastingTallies(store.pipelines)
    tallies.add("trimming", "1.0.0", done([1.0]))
    registry.unregister("trimming")
    assert tallies.of("trimming") == ()


def test_what_is_damaged_begins_anew(store: Store) -> None:
    tallies = LastingTallies(store.pipelines)
    tallies.add("trimming", "1.0.0", done([1.0]))
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("UPDATE pipeline_statistics SET state = X'80049500'")
    assert tallies.of("trimming") == ()
    tallies.add("trimming", "1.0.0", done([2.0]))
    (kept,) = tallies.of("trimming")
    assert kept.total.executions == 1


def test_a_released_database_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "released.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript((RELEASED / "6.sql").read_text(encoding="utf-8"))
    with Store.open(path) as store:
        (kept,) = LastingTallies(store.pipelines).of("trimming")
    assert (kept.runs, kept.total.executions, kept.stages[0].name) == (1, 3, "cut")
    assert kept.total.p50 == pytest.approx(0.002, rel=0.01)
