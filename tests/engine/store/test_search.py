"""The list of runs and the search in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from engine.collectors.results import BasicStatistics, QcResults
from engine.run.snapshot import RunFailure, RunSnapshot
from engine.run.state import RunState
from engine.store.listing import RunRow
from engine.store.store import Store


@pytest.fixture
def names(store: Store, make_run: Callable[..., RunSnapshot]) -> Callable[[str], list[str]]:
    """Names of the runs found in a store with some."""

    def add(name: str, folder: str, state: RunState, day: int) -> None:
        run = make_run(store, name)
        created = datetime(2025, 11, day, 14, 5).astimezone()
        store.save(replace(run, path=Path(folder) / name, state=state, created=created))

    add("Sample_01.fastq.gz", "/data/flow cell", RunState.COMPLETED, 20)
    add("Sample%02.fastq.gz", "/data/o'brien", RunState.FAILED, 21)
    add("Sample-03.fastq", '/data/"quoted"', RunState.CANCELLED, 22)
    add("GRÖSSE.fastq", "C:\\reads", RunState.INTERRUPTED, 23)

    def search(text: str) -> list[str]:
        return [row.name.split(".")[0] for row in store.list_runs(text)]

    return search


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["GRÖSSE", "Sample-03", "Sample%02", "Sample_01"]),
        ("   ", ["GRÖSSE", "Sample-03", "Sample%02", "Sample_01"]),
        ("sample", ["Sample-03", "Sample%02", "Sample_01"]),
        ("SAMPLE gz", ["Sample%02", "Sample_01"]),
        ("gz sample", ["Sample%02", "Sample_01"]),
        ("gz completed", ["Sample_01"]),
        ("%", ["Sample%02"]),
        ("_", ["Sample_01"]),
        ("\\", ["GRÖSSE"]),
        ("'", ["Sample%02"]),
        ('"', ["Sample-03"]),
        ("'; DROP TABLE runs; --", []),
        ("flow", ["Sample_01"]),
        ("cancelled", ["Sample-03"]),
        ("interrupted", ["GRÖSSE"]),
        ("größe", ["GRÖSSE"]),
        ("gro\u0308sse", ["GRÖSSE"]),
        ("2025-11-21", ["Sample%02"]),
        ("21 november 2025", ["Sample%02"]),
        ("2025-11 fastq.gz", ["Sample%02", "Sample_01"]),
        ("14:05 sample-03", ["Sample-03"]),
        ("nothing", []),
        ("*", []),
    ],
)
def test_search(names: Callable[[str], list[str]], text: str, found: list[str]) -> None:
    assert names(text) == found


def test_newest_first_also_within_one_moment(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    moment = datetime(2025, 11, 20).astimezone()
    runs = [make_run(store, created=moment) for _ in range(3)]
    assert [row.run_id for row in store.list_runs()] == [run.run_id for run in reversed(runs)]


def test_newest_first_also_after_the_clock_was_set_back(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    runs = [make_run(store, created=datetime(2025, 11, day).astimezone()) for day in (20, 19, 18)]
    assert [row.run_id for row in store.list_runs()] == [run.run_id for run in reversed(runs)]


def test_a_row_holds_what_the_list_shows(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    basic = BasicStatistics(reads=10, bases=1500, gc_percent=41.5, mean_quality=35.25)
    run = make_run(
        store,
        state=RunState.FAILED,
        elapsed=2.5,
        results=QcResults(basic=basic),
        failure=RunFailure("This is not valid FASTQ", "reads.fastq: it is not", "Mend it."),
    )
    assert store.list_runs() == [
        RunRow(
            run_id=run.run_id,
            name=run.name,
            path=run.path,
            kind="gzip",
            state=RunState.FAILED,
            created=run.created,
            elapsed=2.5,
            reads=10,
            bases=1500,
            mean_quality=35.25,
            gc_percent=41.5,
            bytes_total=1000,
            failure_title="This is not valid FASTQ",
            failure_message="reads.fastq: it is not",
        )
    ]


def test_a_run_without_failure(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    make_run(store)
    [row] = store.list_runs()
    assert row.failure_title is None
    assert row.failure_message is None
    assert row.created.tzinfo is not None


def test_a_row_knows_all_files_of_a_run(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    lanes = tuple(tuple(Path(f"/d/L{lane}_R{mate}.fastq") for lane in (1, 2)) for mate in (1, 2))
    make_run(store, path=lanes[0][0], inputs=lanes)
    [row] = store.list_runs()
    assert row.files == (*lanes[0], *lanes[1])
