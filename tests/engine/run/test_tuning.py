"""What tuning moves in a real run: never a result."""

from __future__ import annotations

import gzip
import itertools
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.collectors.tally import Tally
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.run import run as run_module
from engine.run.crew import Crew
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.tuning import may_resize
from engine.sink.plan import OutputPlan
from engine.tuning.decision import Verdict
from engine.tuning.load import Counters
from engine.tuning.optimizer import Optimizer
from engine.tuning.setting import Bounds, Setting

TRIMMING = PipelineDefinition(
    name="trimming",
    version="1.0.0",
    type="document",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="once", stage="deduplicate"),
        StageDefinition(name="length", stage="length", parameters={"minimum": 30}),
    ),
)
MIB = 1 << 20


def a_run(path: Path, output: Path | None, *, tuning: bool, **settings: Any) -> Run:
    created = RunSnapshot(1, path.name, path, "", RunState.CREATED, datetime.now().astimezone())
    return Run(
        created,
        RunSettings.model_validate({"workers": 4, "tuning": tuning, **settings}),
        pipeline=lambda: resolve(TRIMMING),
        output=None if output is None else OutputPlan(output),
    )


@pytest.fixture
def reads(tmp_path: Path, sample: Path) -> Path:
    """Some tens of megabytes of real reads."""
    path = tmp_path / "reads.fastq"
    text = gzip.decompress(sample.read_bytes())
    with path.open("wb") as file:
        for _ in range(8):
            file.write(text)
    return path


@pytest.fixture
def watched_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches a run looks at it, and moves what is to be moved, while any batch is worked on."""
    monkeypatch.setattr(run_module, "_INTERVAL", 0.001)
    monkeypatch.setattr("engine.run.refreshing._PATIENCE", 0.001)
    add, sample_loads = Tally.add, Crew.sample_loads
    looked = threading.Condition()
    looks = itertools.count(1)
    last = [0]

    def look(crew: Crew) -> None:
        sample_loads(crew)
        with looked:
            last[0] = next(looks)
            looked.notify_all()

    def add_when_looked_at(tally: Tally, batch: ReadBatch) -> None:
        with looked:
            wanted = last[0] + 2  # the first of these may have begun before
            assert looked.wait_for(lambda: last[0] >= wanted, 30)
        add(tally, batch)

    monkeypatch.setattr(Crew, "sample_loads", look)
    monkeypatch.setattr(Tally, "add", add_when_looked_at)


class Restless(Optimizer):
    """Moves everything all the time, which the real one never does."""

    settings: Iterator[Setting]

    def observe(self, now: Counters) -> Setting:
        self._now = next(self.settings)
        return self._now


@pytest.mark.parametrize("ending", ["fastq", "fastq.gz"])
def test_results_and_files_are_the_same_whatever_is_moved(
    ending: str, tmp_path: Path, reads: Path, watched_closely: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = a_run(reads, tmp_path / f"usual.{ending}", tuning=False).execute()
    sizes = [MIB, 1 << 16, 2 * MIB, 300_000] if ending == "fastq" else [4 * MIB]
    moved: list[Setting] = [Setting(1 + n % 4, sizes[n % len(sizes)], (5 + n % 7) * 4 * MIB) for n in range(28)]
    monkeypatch.setattr(Restless, "settings", cycle(moved), raising=False)
    monkeypatch.setattr("engine.run.tuning.Optimizer", Restless)
    restless = a_run(reads, tmp_path / f"restless.{ending}", tuning=True).execute()
    assert (usual.state, restless.state) == (RunState.COMPLETED, RunState.COMPLETED)
    assert restless.tuning is not None
    assert restless.tuning.setting in moved
    assert restless.results == usual.results
    assert restless.results_after == usual.results_after
    assert (tmp_path / f"restless.{ending}").read_bytes() == (tmp_path / f"usual.{ending}").read_bytes()


def test_it_is_off_unless_asked_for(sample: Path) -> None:
    end = a_run(sample, None, tuning=False).execute()
    assert end.tuning is None
    assert sum(each.made for each in end.buffers) > 0
    assert all(each.in_use == 0 for each in end.buffers)


def test_a_short_run_is_only_watched(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # On a machine that is busy with other things no run is short.
    monkeypatch.setattr("engine.run.tuning.Optimizer", partial(Optimizer, patience=3600.0))
    end = a_run(sample, None, tuning=True).execute()
    assert end.tuning is not None
    assert end.tuning.setting == Setting(4, 4 * MIB, 12 * 4 * MIB)
    assert not end.tuning.is_frozen


class Script(Optimizer):
    """Says what it got."""

    seen: list[Counters]

    def observe(self, now: Counters) -> Setting:
        self.seen.append(now)
        return super().observe(now)


def test_readings_add_up(reads: Path, watched_closely: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Script, "seen", [], raising=False)
    monkeypatch.setattr("engine.run.tuning.Optimizer", Script)
    end = a_run(reads, None, tuning=True, batch_bytes=1_000_000).execute()
    seen = Script.seen
    assert len(seen) > 3
    for before, after in pairwise(seen):
        assert before.time <= after.time
        assert before.batches <= after.batches
        assert before.text_bytes <= after.text_bytes <= reads.stat().st_size
        assert len(after.computing) == 4
        assert 0 <= after.queue_fill <= 1
        assert 0 < after.memory < 1.5
    assert seen[-1].parsing > 0
    assert sum(seen[-1].computing) > 0
    assert end.state is RunState.COMPLETED


def test_frozen_from_the_start_nothing_is_moved(reads: Path) -> None:
    run = a_run(reads, None, tuning=True)
    run.freeze_tuning(frozen=True)
    end = run.execute()
    assert end.tuning is not None
    assert end.tuning.is_frozen
    assert not [each for each in end.tuning.decisions if each.verdict is Verdict.TRIED]


def test_a_run_can_be_frozen_and_thawed_while_it_goes(reads: Path, watched_closely: None) -> None:
    seen: list[bool] = []

    def freeze(snapshot: RunSnapshot) -> None:
        if snapshot.tuning is not None:
            seen.append(snapshot.tuning.is_frozen)
            run.freeze_tuning(frozen=len(seen) % 2 == 1)

    created = RunSnapshot(1, "reads", reads, "", RunState.CREATED, datetime.now().astimezone())
    run = Run(created, RunSettings(workers=2, tuning=True), freeze)
    end = run.execute()
    assert end.state is RunState.COMPLETED
    assert seen[:3] == [False, True, False]


def test_batches_are_resized_only_where_nothing_can_depend_on_it(tmp_path: Path) -> None:
    native = resolve(TRIMMING)
    in_time = resolve(TRIMMING.model_copy(update={"timeout": 60.0}))
    plain, packed = OutputPlan(tmp_path / "a.fastq"), OutputPlan(tmp_path / "a.fastq.gz")
    assert may_resize(None, None)
    assert may_resize(plain, native)
    assert not may_resize(packed, native)
    assert not may_resize(plain, in_time)


def test_bounds_are_what_the_run_was_given(reads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Bounds] = []

    class Noted(Optimizer):
        def __init__(self, setting: Setting, bounds: Bounds, usual: Setting) -> None:
            super().__init__(setting, bounds, usual)
            assert usual == Setting(4, 4 * MIB, 12 * 4 * MIB)
            made.append(bounds)

    monkeypatch.setattr("engine.run.tuning.Optimizer", Noted)
    a_run(reads, None, tuning=True).execute()
    a_run(reads, None, tuning=True, in_flight_bytes=48 * MIB).execute()
    least = Setting(1, MIB, 2 * MIB)
    assert made == [Bounds(least, Setting(4, 16 * MIB, room)) for room in (64 * MIB, 48 * MIB)]
