"""Kernels compiled in another process: once, not for nobody, and not for ever."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.collectors.tally import tallies
from engine.devices import preparing
from engine.devices.counter import DeviceCounter
from engine.devices.discovery import Device, is_simulated
from engine.devices.driver import DeviceHung
from engine.devices.preparing import compile_all, prepare
from kernels.cuda import prepared
from tests.engine.devices.faulty import FaultyDriver
from tests.engine.devices.test_counter import FEW, batches, on_cpu, reads_of, same

GPU = Device(0, "a GPU", 1 << 30, (9, 0))


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "cache" / "9.0.complete"
    monkeypatch.setattr(preparing, "_mark", lambda _device: path)
    return path


def child_does(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "_CODE", code)


def test_it_is_done_once(mark: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = tmp_path / "done"
    child_does(f"import sys; open({str(done)!r}, 'x').write(sys.argv[2])", monkeypatch)
    prepare(GPU, lambda: True)
    assert done.read_text() == "0"
    assert mark.exists()
    prepare(GPU, lambda: True)


def test_what_fails_there_is_tried_again(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does("raise SystemExit(3)", monkeypatch)
    prepare(GPU, lambda: True)
    assert not mark.exists()


def test_a_process_that_hangs_is_ended(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does("import threading; threading.Event().wait()", monkeypatch)
    with pytest.raises(DeviceHung, match="it was not ready within 1 seconds"):
        prepare(GPU, lambda: True, 1)
    assert not mark.exists()


def test_nobody_waits_for_what_is_not_wanted(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does("import threading; threading.Event().wait()", monkeypatch)
    answers = iter([True])
    prepare(GPU, lambda: next(answers, False))
    assert not mark.exists()


def test_the_simulator_and_a_bundle_compile_nothing_elsewhere(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_does("raise SystemExit('this is not to be')", monkeypatch)
    prepare(Device(0, "none", 0, is_simulated=True), lambda: True)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    prepare(GPU, lambda: True)
    assert not mark.exists()


def test_every_kernel_of_a_run_is_launched() -> None:
    compile_all(0)
    assert None not in prepared._ready.values(), "Numba lays arguments out otherwise now: see kernels.cuda.spans"


def test_a_device_that_is_not_ready_in_time_is_not_used() -> None:
    def late() -> None:
        raise DeviceHung("it was not ready within 9 seconds")

    what = list(batches(reads_of("illumina_single.fastq.gz", 2)))
    (tally,) = tallies(1, is_paired=False)
    counter = DeviceCounter(FaultyDriver(), tally, batch_bytes=4096, twins=FEW)
    counter.open(late)
    assert counter.failure == "it was not ready within 9 seconds"
    for batch in what:
        assert not counter.add(batch)
        tally.add(batch)
    counter.close()
    assert same(tally, on_cpu(what))


@pytest.mark.skipif(not is_simulated(), reason="not on this platform: there is a GPU")
def test_where_there_is_no_gpu_the_process_fails(mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    prepare(GPU, lambda: True)
    assert not mark.exists()
