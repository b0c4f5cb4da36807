"""A run opens from the store exactly as it looked."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.collectors.judged_by import JudgedBy, standard
from engine.collectors.profiles import profile
from engine.collectors.results import BasicStatistics, NContent, QcResults
from engine.run.snapshot import Activity, QueueLoad, RunFailure, RunSnapshot, Sample, ThreadLoad
from engine.run.state import RunState
from engine.store.errors import RunNotFoundError
from engine.store.store import Store

counts = st.integers(0, 2**62)
seconds = st.floats(0, 1e9)
texts = st.text(max_size=20)
moments = st.datetimes(
    min_value=datetime(1971, 1, 2),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001 (the same)
    timezones=st.just(timezone(timedelta(hours=5, minutes=30))) | st.just(UTC),
)
shares = st.dictionaries(st.sampled_from(Activity), st.floats(0, 1))
maybe_counts = st.none() | counts
changes = st.fixed_dictionaries(
    {
        "name": texts,
        "state": st.sampled_from(RunState),
        "created": moments,
        "started": st.none() | moments,
        "finished": st.none() | moments,
        "elapsed": seconds,
        "prepared": seconds,
        "time_left": st.none() | seconds,
        "bytes_total": maybe_counts,
        "samples": st.lists(st.builds(Sample, seconds, *[counts] * 6), max_size=5).map(tuple),
        "threads": st.lists(
            st.builds(
                ThreadLoad, texts, st.sampled_from(Activity), st.lists(shares, max_size=4).map(tuple), counts, seconds
            ),
            max_size=3,
        ).map(tuple),
        "queue": st.builds(QueueLoad, counts, counts, counts, seconds, seconds),
        # pydantic fills in the other modules, values that are not numbers among them.
        "results": st.builds(QcResults, basic=st.builds(BasicStatistics, reads=counts, bases=counts)),
        "failure": st.none() | st.builds(RunFailure, texts, texts, texts, maybe_counts, maybe_counts, maybe_counts),
        "workers": st.integers(0, 512),
        "versions": st.dictionaries(texts, texts, max_size=3),
        "host": texts,
    }
)


def test_every_field(store: Store, make_run: Callable[..., RunSnapshot], full: Callable[..., RunSnapshot]) -> None:
    run = full(make_run(store))
    store.save(run)
    assert store.load(run.run_id) == run


def test_a_run_just_created(store: Store) -> None:
    run = store.create_run(
        name="pipe",
        path=Path("pipe"),
        kind="plain",
        bytes_total=None,
        workers=3,
        parameters={"quality": 20, "adapters": ["ACGT", None], "paired": False},
        versions={"lanescope": "0.1.0", "numba": "0.68"},
    )
    assert run.state is RunState.CREATED
    assert run.host
    assert run.created.tzinfo is not None
    assert abs(datetime.now(UTC) - run.created) < timedelta(seconds=10)
    assert store.load(run.run_id) == run
    assert store.parameters(run.run_id) == {"quality": 20, "adapters": ["ACGT", None], "paired": False}


@given(change=changes)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_run(store: Store, make_run: Callable[..., RunSnapshot], change: dict[str, object]) -> None:
    run = replace(make_run(store), **change)  # type: ignore[arg-type] # hypothesis keeps to the fields
    store.save(run)
    loaded = store.load(run.run_id)
    assert repr(loaded.results) == repr(run.results)  # in which nan equals nan
    assert replace(loaded, results=run.results) == run


def test_another_store_reads_the_same(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], full: Callable[..., RunSnapshot]
) -> None:
    run = full(make_run(store))
    store.save(run)
    store.close()
    with Store.open(path) as other:
        assert other.load(run.run_id) == run


def test_times_come_back_local(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    created = datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    run = make_run(store, created=created)
    loaded = store.load(run.run_id).created
    assert loaded == created
    assert loaded.utcoffset() == created.astimezone().utcoffset()


def test_modules_that_vanish_leave_nothing(
    store: Store, make_run: Callable[..., RunSnapshot], full: Callable[..., RunSnapshot]
) -> None:
    run = full(make_run(store))
    store.save(run)
    emptied = replace(run, results=QcResults(), samples=(), threads=(), failure=None)
    store.save(emptied)
    assert store.load(run.run_id) == emptied


def test_what_is_not_a_number_stays_so(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    basic = BasicStatistics(gc_percent=math.nan, mean_quality=math.nan)
    run = make_run(store, results=QcResults(basic=basic, n_content=NContent(n=(math.nan, math.inf, None))))
    loaded = store.load(run.run_id).results
    assert math.isnan(loaded.basic.gc_percent)
    assert loaded.n_content is not None
    assert repr(loaded.n_content.n) == "(nan, inf, None)"
    [row] = store.list_runs()
    assert math.isnan(row.gc_percent)
    assert math.isnan(row.mean_quality)


NAMES = ["Probe ü 试验 🧬.fastq", "a'b\"c; DROP TABLE runs;--.fq", "<b>bold</b>.fq", "new\nline.fq", "%_\\.fq", " .fq"]
if sys.platform != "win32":
    # Not valid in the file system's encoding, as files copied from old machines are.
    NAMES.append("latin1-\udce4.fastq")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_odd_names(store: Store, make_run: Callable[..., RunSnapshot], name: str) -> None:
    run = make_run(store, name)
    assert store.load(run.run_id) == run
    [row] = store.list_runs()
    assert (row.name, row.path) == (name, Path("/data") / name)


def test_a_run_that_is_not_there(store: Store) -> None:
    with pytest.raises(RunNotFoundError, match="Run 7") as caught:
        store.load(7)
    assert caught.value.run_id == 7
    with pytest.raises(RunNotFoundError):
        store.parameters(7)


def test_saving_a_run_that_is_not_there(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    run = replace(make_run(store), run_id=99)
    with pytest.raises(RunNotFoundError):
        store.save(run)
    store.flush()  # it does not wait to be tried again


def test_statistics(store: Store, path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    assert store.statistics().runs == 0
    make_run(store)
    make_run(store)
    statistics = store.statistics()
    assert statistics.runs == 2
    assert statistics.bytes_on_disk == sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


def test_a_run_keeps_the_limits_it_was_judged_by(store: Store, make_run: Callable[..., RunSnapshot]) -> None:
    mine = JudgedBy("my_rna", profile("rna_seq").model_copy(update={"title": "Our RNA", "based_on": "rna_seq"}))
    begun = store.create_run(
        name="a", path=Path("a"), kind="", bytes_total=None, workers=1, parameters={}, versions={}, judged_by=mine
    )
    old = make_run(store)
    assert [store.load(run.run_id).limits for run in (begun, old)] == [mine.limits, profile()]
    # What goes on saving the run does not know what was chosen meanwhile.
    store.judge_by({begun.run_id: standard(), old.run_id: mine, 99: mine})
    store.save(replace(begun, state=RunState.RUNNING))
    assert [store.load(run.run_id).judged_by for run in (begun, old)] == [standard(), mine]


def test_limits_kept_before_there_was_a_setting_are_read_as_usual() -> None:
    kept = json.loads(JudgedBy("", profile("nanopore")).to_json())
    del kept["limits"]["kmers"]
    assert JudgedBy.from_json(json.dumps(kept)) == JudgedBy("", profile("nanopore"))
