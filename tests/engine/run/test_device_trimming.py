"""Pipelines that cut reads first, in runs with a device: it finds where, and what comes out is the CPU's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.devices import twins
from engine.devices.twins import twins_of
from engine.pipeline.plan import ResolvedPipeline
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import DeviceState, RunSnapshot
from engine.run.state import RunState
from engine.sink.plan import OutputPlan
from engine.stages import bounds
from kernels.cuda import trim_quality, trim_windows
from tests.engine.devices.faulty import faulty_devices
from tests.engine.pipeline.chains import pipeline, stage
from tests.engine.run.test_device_run import few_reads

_BATCHES = 4
"""Of two reads, or two pairs, each."""


@dataclass(frozen=True)
class End:
    """What has become of a run, and of its reads."""

    snapshot: RunSnapshot
    text: bytes

    @property
    def outcome(self) -> tuple[Any, ...]:
        """All that has to be the same wherever it was worked out."""
        done = self.snapshot.pipeline
        assert done is not None
        cuts = [(each.reads_in, each.bases_in, each.bases_out, each.bases_cut, each.drops) for each in done.stages]
        return self.text, self.snapshot.results, self.snapshot.results_after, cuts


def run(paths: list[Path], device: str, chain: ResolvedPipeline, **settings: Any) -> End:
    inputs = tuple((path,) for path in paths) if len(paths) > 1 else ()
    now = datetime.now().astimezone()
    created = RunSnapshot(1, "reads", paths[0], "", RunState.CREATED, now, inputs=inputs)
    target = paths[0].with_name("trimmed.fastq")
    wanted = {"workers": 1, "batch_bytes": 200, "device": device} | settings
    end = Run(
        created,
        RunSettings.model_validate(wanted),
        pipeline=lambda: chain,
        output=OutputPlan(target, replace=True),
    ).execute()
    assert end.state is RunState.COMPLETED, end.failure
    return End(end, target.read_bytes())


@pytest.fixture(autouse=True)
def few_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted on the device meanwhile does not matter."""
    monkeypatch.setattr(
        twins, "twins_of", lambda collectors: [twin for twin in twins_of(collectors) if twin.collector == "gc"]
    )


@pytest.fixture
def reads(tmp_path: Path) -> list[Path]:
    return [few_reads("illumina_single.fastq.gz", tmp_path)]


@pytest.fixture
def pairs(tmp_path: Path) -> list[Path]:
    return [few_reads(f"illumina_pair_{mate}.fastq.gz", tmp_path) for mate in (1, 2)]


class Calls:
    """How often kernels were called, here and there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there: list[str] = []
        self.here = 0
        known = bounds.on_cpu

        def on_cpu(batch: ReadBatch, search: bounds.BoundsSearch) -> Any:
            self.here += 1
            return known(batch, search)

        monkeypatch.setattr(bounds, "on_cpu", on_cpu)
        for module, names in (
            (trim_quality, ["quality_ends", "two_colour_ends"]),
            (trim_windows, ["window_begins", "window_ends", "window_stops"]),
        ):
            for name in names:
                monkeypatch.setattr(module, name, self._noted(name, getattr(module, name)))

    def _noted(self, name: str, kernel: Callable[..., None]) -> Callable[..., None]:
        def noted(*arguments: Any, **more: Any) -> None:
            self.there.append(name)
            kernel(*arguments, **more)

        noted.__module__, noted.__name__ = kernel.__module__, name
        return noted


@pytest.mark.parametrize(
    ("chain", "kernel"),
    [
        ((stage("max_n", maximum=0), stage("quality", five_prime=30, three_prime=36)), "quality_ends"),
        ((stage("windows", direction="from 5'", window=3, quality=33), stage("length", minimum=9)), "window_stops"),
        ((stage("two_colour_quality", cutoff=36),), "two_colour_ends"),
    ],
)
def test_single_reads_are_cut_as_on_the_cpu(
    chain: tuple[Any, ...], kernel: str, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(reads, "cpu", pipeline(*chain))
    calls = Calls(monkeypatch)
    end = run(reads, "cuda:0", pipeline(*chain))
    assert end.outcome == expected.outcome
    assert end.snapshot.results != end.snapshot.results_after
    assert end.snapshot.pipeline is not None
    assert any(each.bases_cut for each in end.snapshot.pipeline.stages)
    assert end.snapshot.devices[0].batches == _BATCHES
    assert calls.there.count(kernel) == _BATCHES
    assert calls.here == 0


def test_both_reads_of_pairs_are_cut_at_both_ends(pairs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    chain = pipeline(
        stage("windows", mates="first", direction="5' end", window=3, quality=36),
        stage("windows", mates="second", direction="3' end", window=3, quality=36),
        stage("quality", three_prime=36, five_prime=30),
    )
    expected = run(pairs, "cpu", chain, batch_bytes=400)
    calls = Calls(monkeypatch)
    end = run(pairs, "cuda:0", chain, batch_bytes=400)
    assert end.outcome == expected.outcome
    assert end.snapshot.pipeline is not None
    assert all(each.bases_cut for each in end.snapshot.pipeline.stages[:2])
    batches = end.snapshot.devices[0].batches
    assert calls.there.count("window_begins") == calls.there.count("window_ends") == batches > 1
    assert "quality_ends" not in calls.there
    assert calls.here == 2 * batches  # of the last stage, which cuts what is cut already


def test_who_takes_a_batch_does_not_matter(reads: list[Path]) -> None:
    chain = pipeline(stage("windows", window=3, quality=36))
    end = run(reads, "cpu,cuda:0", chain, workers=2)
    assert end.outcome == run(reads, "cpu", chain).outcome


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({"no_memory_at": 4}, "its memory is full"),
        ({"gone_at": 4}, "CUDA_ERROR_UNKNOWN"),
        ({"gone_at_download": 2}, "CUDA_ERROR_UNKNOWN"),
        ({"hangs_at": 4}, "it has not ended its work"),
        ({"launch": 2}, "CUDA_ERROR_LAUNCH_FAILED"),
    ],
)
def test_a_device_that_fails_costs_one_warning_and_no_base(
    faults: dict[str, int], reason: str, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = pipeline(stage("quality", five_prime=30, three_prime=36))
    expected = run(reads, "cpu", chain)
    calls = Calls(monkeypatch)
    if launch := faults.pop("launch", 0):
        fail_at(launch, monkeypatch)
    faulty_devices(monkeypatch, **faults)
    end = run(reads, "cuda:0", chain)
    assert end.outcome == expected.outcome
    (warning,) = end.snapshot.warnings
    assert reason in warning
    assert end.snapshot.devices[0].state is DeviceState.FAILED
    assert calls.here >= _BATCHES - 1
    assert calls.there


def fail_at(launch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a launch of the kernel for bounds fail, from 1."""
    known, launches = trim_quality.quality_ends, 0

    def failing(*arguments: Any, **more: Any) -> None:
        nonlocal launches
        launches += 1
        if launches == launch:
            raise RuntimeError("[719] Call to cuLaunchKernel results in CUDA_ERROR_LAUNCH_FAILED")
        known(*arguments, **more)

    monkeypatch.setattr(trim_quality, "quality_ends", failing)
