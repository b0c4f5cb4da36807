"""How a run that tries all chooses; what workers did is set, since their speed must not decide a test."""

from __future__ import annotations

from typing import Any

import pytest

from engine.collectors.tally import tallies
from engine.devices.discovery import Device
from engine.devices.turns import Dismissed
from engine.run.activity import ActivityLog
from engine.run.device_team import DeviceTeam
from engine.run.device_worker import DeviceWorker
from engine.run.settings import RunSettings
from engine.run.snapshot import Activity, DeviceState
from engine.run.staff import Staff
from engine.run.worker import Progress, Worker

GPU = Device(0, "Tesla", 1 << 30)


class Log(ActivityLog):
    """What a worker is said to have spent, in seconds."""

    computing = 0.0

    def read(self) -> tuple[Activity, tuple[float, ...]]:
        return Activity.WAITING, tuple(self.computing if each is Activity.COMPUTING else 1.0 for each in Activity)


def hired(*, is_auto: bool = True) -> tuple[DeviceTeam, Worker, DeviceWorker]:
    team = DeviceTeam(Staff((GPU,), is_auto=is_auto), RunSettings(workers=1))
    nothing: Any = None
    first, second = tallies(2, is_paired=False)
    rest = (nothing,) * 5
    cpu, device = Worker(0, first, *rest, team.turns), team.worker(1, second, *rest, team.turns)
    device._state = DeviceState.COUNTING
    cpu.log, device.log = Log("worker 1"), Log("cuda:0")
    return team, cpu, device


def has_done(worker: Worker, batches: int, text_bytes: int, seconds: float) -> None:
    worker.log.batches = batches
    worker.progress = Progress(1, 1, text_bytes)
    assert isinstance(worker.log, Log)
    worker.log.computing = seconds


@pytest.mark.parametrize(("device_bytes", "is_device"), [(5_000_000, True), (50_000, False)])
def test_what_is_faster_after_the_first_batches_goes_on(device_bytes: int, is_device: bool) -> None:
    team, cpu, device = hired()
    workers = [cpu, device]
    team.decide(workers)
    has_done(cpu, 1, 10, 5.0)
    has_done(device, 8, 10, 90.0)  # its kernels were compiled
    team.decide(workers)
    assert team.choice == ""
    has_done(cpu, 20, 1_000_010, 6.0)
    team.decide(workers)
    assert team.choice == ""
    has_done(device, 24, device_bytes + 10, 91.0)
    team.decide(workers)
    if is_device:
        assert team.choice.startswith("Counting on cuda:0 was 5.0 times as fast as with 1 worker")
        team.turns.passed_by_device()
    else:
        assert team.choice.startswith("Counting with 1 worker on the CPU was 20.0 times as fast as on cuda:0")
        team.turns.passed_by_cpu()
        with pytest.raises(Dismissed):
            team.turns.passed_by_device()


def test_nothing_is_chosen_where_it_has_been_said() -> None:
    team, cpu, device = hired(is_auto=False)
    has_done(cpu, 50, 1000, 1.0)
    has_done(device, 50, 1000, 1.0)
    team.decide([cpu, device])
    team.decide([cpu, device])
    assert team.choice == ""


def test_an_input_that_ends_before_is_told() -> None:
    team, _cpu, device = hired()
    device._ended = 1.0
    assert "too short to tell" in team.choice
