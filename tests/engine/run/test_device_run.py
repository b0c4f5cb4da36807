"""Runs that count on devices, in Numba's simulator unless a GPU is asked for, and come to the CPU's results."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.collectors.base import part
from engine.collectors.key_table import KeyedReads
from engine.collectors.sequence_keys import SequenceKeys
from engine.collectors.tally import tallies
from engine.devices import twins
from engine.devices.discovery import Device, Devices, find_devices, is_simulated
from engine.devices.turns import Turns
from engine.devices.twins import twins_of
from engine.run import device_team, staff
from engine.run.crew import Crew
from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import Activity, DeviceState, RunSnapshot
from engine.run.state import RunState
from engine.run.worker import Worker
from tests.engine.devices.faulty import FaultyDriver, faulty_devices
from tests.engine.pipeline.chains import pipeline, stage
from tests.engine.run.conftest import SAMPLES
from tests.engine.run.test_run import wait_until

_READS = 8
_BASES = 24
_BATCH = 200
"""Bytes of a batch: two reads."""


def few_reads(name: str, folder: Path) -> Path:
    """Real reads, few and short, for the simulator is slow."""
    path = folder / name.removesuffix(".gz")
    with gzip.open(SAMPLES / name) as source, path.open("wb") as target:
        for number in range(4 * _READS):
            line = next(source).rstrip(b"\n")
            target.write((line[-_BASES:] if number % 2 else line.split(b" ")[0]) + b"\n")
    return path


@pytest.fixture
def reads(tmp_path: Path) -> Path:
    return few_reads("illumina_single.fastq.gz", tmp_path)


def made(*paths: Path, **settings: Any) -> Run:
    """A run of a file, or of pairs in two."""
    now = datetime.now().astimezone()
    inputs = tuple((path,) for path in paths) if len(paths) > 1 else ()
    created = RunSnapshot(1, "reads", paths[0], "", RunState.CREATED, now, inputs=inputs)
    wanted = {"workers": 1, "batch_bytes": _BATCH} | settings
    return Run(created, RunSettings.model_validate(wanted))


def run(*paths: Path, **settings: Any) -> RunSnapshot:
    """Carries out a run of a file, or of pairs in two."""
    end = made(*paths, **settings).execute()
    assert end.state is RunState.COMPLETED, end.failure
    return end


@pytest.fixture
def few_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for tests of what does not depend on what is counted on the device."""
    wanted = {"lengths", "bases"}
    monkeypatch.setattr(
        twins, "twins_of", lambda collectors: [twin for twin in twins_of(collectors) if twin.collector in wanted]
    )


@pytest.fixture
def drivers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[FaultyDriver]]:
    """Has every device of a run fail as told; gives those that were made."""

    def make(**faults: Any) -> list[FaultyDriver]:
        return faulty_devices(monkeypatch, **faults)

    return make


def test_a_device_counts_what_the_cpu_counts(reads: Path, drivers: Callable[..., list[FaultyDriver]]) -> None:
    opened = drivers()
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    (load,) = end.devices
    assert load.state is DeviceState.DONE
    assert load.batches == end.threads[0].batches > 2
    assert load.queue_share == 1
    assert load.copying > 0
    assert load.counting > 0
    assert 0 < load.busy <= 1
    assert load.memory == opened[0].held == 0
    assert opened[0].most_held > 0
    assert opened[0].were_pinned  # nobody writes into the buffers of the pool
    assert end.buffers
    assert not any(buffers.in_use for buffers in end.buffers)
    assert not end.warnings
    assert [thread.name for thread in end.threads] == ["read + parse", "worker 1", "cuda:0"]


def test_pairs_are_counted_on_a_device_too(tmp_path: Path) -> None:
    mates = [few_reads(f"illumina_pair_{mate}.fastq.gz", tmp_path) for mate in (1, 2)]
    end = run(*mates, device="cuda:0", batch_bytes=1000)
    assert end.results.mate is not None
    assert end.results == run(*mates).results
    assert end.devices[0].batches > 0


@pytest.mark.usefixtures("few_twins")
def test_workers_on_the_cpu_and_devices_share_one_queue(reads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_devices().usable
    if is_simulated():
        found = (*found, Device(1, "another", 0))
    monkeypatch.setattr(staff, "find_devices", lambda: Devices(found))
    names = [device.name for device in found]
    end = run(reads, device=",".join(["cpu", *names]))
    assert end.results == run(reads).results
    assert [load.name for load in end.devices] == names
    batches = sum(thread.batches for thread in end.threads[1:])
    assert batches == end.threads[0].batches
    assert not end.warnings


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({"no_memory_at": 5}, "its memory is full"),
        ({"gone_at": 6}, "CUDA_ERROR_UNKNOWN"),
        ({"gone_at_download": 2}, "CUDA_ERROR_UNKNOWN"),
        ({"is_gone": True}, "CUDA_ERROR_UNKNOWN"),
        ({"hangs_at": 4}, "it has not ended its work"),
    ],
)
@pytest.mark.usefixtures("few_twins")
def test_a_device_that_fails_costs_one_warning_and_no_read(
    faults: dict[str, int], reason: str, reads: Path, drivers: Callable[..., list[FaultyDriver]]
) -> None:
    drivers(**faults)
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    (warning,) = end.warnings
    assert "cuda:0" in warning
    assert reason in warning
    assert "nothing is lost" in warning
    assert end.devices[0].state is DeviceState.FAILED


@pytest.mark.usefixtures("few_twins")
def test_a_launch_that_fails_costs_one_warning_and_no_read(reads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kernels.cuda import bases

    def failing(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("[719] Call to cuLaunchKernel results in CUDA_ERROR_LAUNCH_FAILED")

    monkeypatch.setattr(bases, "base_counts", failing)
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    assert len(end.warnings) == 1
    assert "CUDA_ERROR_LAUNCH_FAILED" in end.warnings[0]


@pytest.mark.usefixtures("few_twins")
def test_without_the_device_the_cpu_counts_and_says_why(reads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Devices(reason="NVIDIA's driver finds no GPU.", hint="See what nvidia-smi tells.")
    monkeypatch.setattr(staff, "find_devices", lambda: nothing)
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    assert end.warnings == (
        "cuda:0 cannot be used, and the CPU counts instead. NVIDIA's driver finds no GPU. See what nvidia-smi tells.",
    )
    monkeypatch.setattr(staff, "FEWEST_BYTES", reads.stat().st_size)
    tried = run(reads, device="auto")
    assert not tried.warnings
    assert tried.device_choice == "The CPU counts: NVIDIA's driver finds no GPU."


def test_nobody_looks_for_devices_for_a_small_file(
    reads: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def looked() -> Devices:
        raise AssertionError("it takes longer than all there is to count")

    monkeypatch.setattr(staff, "find_devices", looked)
    caplog.set_level(logging.INFO, staff.__name__)
    tried = run(reads, device="auto")
    assert tried.results == run(reads).results
    assert not tried.devices
    assert tried.device_choice.startswith("The CPU counts: the input is so small")
    assert tried.device_choice in caplog.text


def test_what_is_compressed_counts_as_the_text_that_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "find_devices", lambda: Devices((Device(0, "a GPU", 0),)))
    size = staff.FEWEST_BYTES // 2
    assert not staff.staff_of("auto", size).devices
    assert staff.staff_of("auto", size, is_compressed=True).is_auto
    assert staff.staff_of("auto").is_auto
    assert staff.staff_of("cuda:0", 1).devices


@pytest.mark.usefixtures("few_twins")
def test_a_pipeline_that_writes_into_buffers_changes_nothing(reads: Path) -> None:
    masking = pipeline(stage("mask", quality=40))
    now = datetime.now().astimezone()
    ends = [
        Run(
            RunSnapshot(1, "reads", reads, "", RunState.CREATED, now),
            RunSettings(workers=1, batch_bytes=_BATCH, device=device),
            pipeline=lambda: masking,
        ).execute()
        for device in ("cpu", "cuda:0")
    ]
    assert ends[0].state is ends[1].state is RunState.COMPLETED
    assert ends[0].results == ends[1].results
    assert ends[0].results_after == ends[1].results_after
    assert ends[0].results != ends[0].results_after


class Impatient(Turns):
    """Devices are dismissed after two batches."""

    asked = 0

    def passed_by_device(self) -> None:
        self.asked += 1
        if self.asked == 3:
            self.leave_to_cpu()
        super().passed_by_device()


@pytest.mark.usefixtures("few_twins")
def test_a_device_that_fails_when_it_is_dismissed_costs_no_read(
    reads: Path, drivers: Callable[..., list[FaultyDriver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_team, "Turns", Impatient)
    drivers(gone_at_download=1)
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    assert end.devices[0].state is DeviceState.FAILED
    assert len(end.warnings) == 1


@pytest.mark.usefixtures("few_twins")
def test_a_device_that_is_slower_is_dismissed_and_the_cpu_goes_on(
    reads: Path, drivers: Callable[..., list[FaultyDriver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_team, "Turns", Impatient)
    opened = drivers()
    end = run(reads, device="cuda:0")
    assert end.results == run(reads).results
    (load,) = end.devices
    assert (load.state, load.batches) == (DeviceState.DISMISSED, 2)
    assert opened[0].held == 0
    assert not end.warnings


@pytest.mark.usefixtures("few_twins")
def test_a_mark_is_of_whole_batches(reads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Crew.start

    def marked(crew: Crew) -> None:
        crew.want_mark()
        start(crew)

    monkeypatch.setattr(Crew, "start", marked)
    # Nobody else asks once a run is over, when workers have let go of what they counted.
    monkeypatch.setattr(Worker, "handed_over", Worker.counted)
    kept = []
    for device in ("cpu", "cuda:0"):
        executed = made(reads, device=device)
        assert executed.execute().state is RunState.COMPLETED
        assert executed._crew is not None
        mark = executed._crew.at_mark()
        assert mark is not None
        assert mark.state["number"] == 1
        (tally,) = tallies(1, is_paired=False)
        tally.restore(part(dict(mark.state), "tally"))
        kept.append(tally.results())
    assert kept[0].basic.reads == 2
    assert kept[0] == kept[1]


@pytest.mark.usefixtures("few_twins")
def test_a_pause_shows_all_that_was_counted(reads: Path) -> None:
    paused = made(reads, device="cuda:0")
    paused._on_change = lambda snapshot: paused.pause() if snapshot.state is RunState.RUNNING else None
    thread = threading.Thread(target=paused.execute, name="the run under test")
    thread.start()
    try:
        wait_until(lambda: paused.snapshot.state is RunState.PAUSED, 30)
        wait_until(lambda: paused._crew is not None and is_still(paused), 30)
    finally:
        paused._on_change = lambda _snapshot: None
        paused.resume()
        thread.join(60)
    assert paused.snapshot.results == run(reads).results


@pytest.mark.usefixtures("few_twins")
def test_a_cancelled_run_frees_who_stands_by(reads: Path, drivers: Callable[..., list[FaultyDriver]]) -> None:
    opened = drivers()
    cancelled = made(reads, device="cuda:0", workers=2)
    cancelled._on_change = lambda snapshot: cancelled.cancel() if snapshot.threads else None
    end = cancelled.execute()
    assert end.state in {RunState.CANCELLED, RunState.COMPLETED}  # it is short
    assert opened[0].held == 0


def is_still(paused: Run) -> bool:
    """Whether what is shown is all that has been counted, with no batch on its way."""
    assert paused._crew is not None
    loads = paused.snapshot.threads
    is_waiting = bool(loads) and all(load.activity is Activity.WAITING for load in loads)
    return is_waiting and paused.snapshot.results.basic.reads == paused._crew.progress.reads


@pytest.mark.parametrize("fails_from", [1, 3])
def test_what_fails_on_this_machine_fails_the_run(
    fails_from: int, reads: Path, monkeypatch: pytest.MonkeyPatch, drivers: Callable[..., list[FaultyDriver]]
) -> None:
    known, calls = SequenceKeys.add_keyed, 0

    def failing(self: SequenceKeys, number: int, of: KeyedReads) -> None:
        nonlocal calls
        calls += 1
        if calls >= fails_from:
            raise ValueError("this cannot be counted")
        known(self, number, of)

    only_keys = [twin for twin in twins_of(tallies(1, is_paired=False)[0].reads) if twin.collector == "keys"]
    monkeypatch.setattr(twins, "twins_of", lambda _collectors: only_keys)
    monkeypatch.setattr(SequenceKeys, "add_keyed", failing)
    opened, failing_run = drivers(), made(reads, device="cuda:0")
    end = failing_run.execute()
    assert end.state is RunState.FAILED
    assert not end.warnings
    assert opened[0].held == 0  # although the run is still there, and with it what it failed by
