"""The devices of one run, and the workers that serve them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.collectors.tally import Tally
from engine.devices.comparison import Pace, compare
from engine.devices.turns import Turns
from engine.flow.pool import BufferPool
from engine.run.settings import RunSettings
from engine.run.snapshot import Activity, DeviceLoad
from engine.run.staff import Staff
from engine.run.worker import Worker

if TYPE_CHECKING:
    from engine.devices.bounds import Trims
    from engine.devices.pins import Pins
    from engine.run.device_worker import DeviceWorker

_log = logging.getLogger(__name__)

_WARM = {True: 8, False: 1}
"""Batches that do not count for devices, whose kernels are compiled meanwhile, and for workers on the CPU."""

_TRIED = {True: 16, False: 2}
"""Batches that do."""

_WAITING = tuple(Activity).index(Activity.WAITING)


class DeviceTeam:
    """Devices of a run.

    Args:
        staff: who counts.
        settings: how large batches are, and what may be held.
        trims: what is found for the pipeline.

    Attributes:
        turns: who may take a batch.
    """

    def __init__(self, staff: Staff, settings: RunSettings, trims: Trims = ()) -> None:
        self.turns = Turns(cpu=staff.cpu, devices=len(staff.devices))
        self._choice = staff.choice
        self._staff = staff
        self._settings = settings
        self._trims = trims
        self._pins: Pins | None = None
        self._workers: list[DeviceWorker] = []
        self._warnings = [staff.warning] if staff.warning else []
        self._warm: dict[Worker, Pace] = {}
        self._is_decided = not staff.is_auto

    def __len__(self) -> int:
        return len(self._staff.devices)

    def most_kept(self, *, is_paired: bool) -> int:
        """Batches that devices may keep until they are certain, where `pin` has been called."""
        from engine.devices.counter import most_kept

        return len(self) * most_kept(self._settings.batch_bytes, 2 if is_paired else 1)

    def pin(self, pool: BufferPool) -> None:
        """Has batches go up from where they are, as long as nobody writes into the pool's buffers; before `worker`."""
        from engine.devices.pins import Pins

        self._pins = Pins(pool.size, pool.capacity)
        pool.on_drop = self._pins.drop

    def worker(self, seat: int, tally: Tally, *arguments: Any) -> DeviceWorker:
        """The worker of the next device; to be asked for once for each.

        Args:
            seat: see `Worker`.
            tally: likewise.
            arguments: likewise.
        """
        # Imported where it is needed: most machines have no such device, and every run would wait for it.
        from engine.devices.counter import DeviceCounter
        from engine.devices.driver import driver_of
        from engine.devices.twins import twins_of
        from engine.run.device_worker import DeviceWorker

        device = self._staff.devices[len(self._workers)]
        counter = DeviceCounter(
            driver_of(device.number, self._settings.device_bytes),
            tally,
            batch_bytes=self._settings.batch_bytes,
            twins=twins_of(tally.reads),
            trims=self._trims,
            pins=self._pins,
        )
        worker = DeviceWorker(device, counter, self._warn, seat, tally, *arguments)
        self._workers.append(worker)
        return worker

    @property
    def warnings(self) -> tuple[str, ...]:
        """What did not go as wanted."""
        return tuple(self._warnings)

    @property
    def choice(self) -> str:
        """What was chosen after all were tried, in words; empty before, or where nothing is to be chosen."""
        if self._is_decided or not all(worker.has_ended for worker in self._workers):
            return self._choice
        return "The input was too short to tell whether the CPU or a device is faster."

    def loads(self, batches: int) -> tuple[DeviceLoad, ...]:
        """The devices as they are now; see `DeviceWorker.load`."""
        return tuple(worker.load(batches) for worker in self._workers)

    def decide(self, workers: Sequence[Worker]) -> None:
        """Where all are to be tried: chooses, once all have done enough.

        Args:
            workers: of the run, those of devices included.
        """
        if self._is_decided:
            return
        devices = [worker for worker in self._workers if worker.is_counting]
        if not devices:
            self._is_decided = all(worker.has_failed for worker in self._workers)
            return
        cpu = [worker for worker in workers if worker not in self._workers]
        paces = {worker: self._pace(worker) for worker in (*cpu, *devices)}
        on_cpu = [pace for worker in cpu if (pace := paces[worker]) is not None]
        there = [pace for worker in devices if (pace := paces[worker]) is not None]
        if 2 * len(on_cpu) < len(cpu) or len(there) < len(devices):
            return
        self._is_decided = True
        times = [worker.times for worker in devices]
        verdict = compare(
            on_cpu,
            len(cpu),
            there,
            [worker.log.name for worker in devices],
            sum(each.copying for each in times),
            sum(each.counting for each in times),
        )
        self._choice = verdict.words
        _log.info("%s", verdict.words)
        if verdict.is_device:
            self.turns.leave_to_devices()
        else:
            self.turns.leave_to_cpu()

    def _pace(self, worker: Worker) -> Pace | None:
        """Since it was warm; ``None``: it has not done enough since."""
        is_device = worker in self._workers
        batches, warm = worker.log.batches, _WARM[is_device]
        totals = worker.log.read()[1]
        now = Pace(worker.progress.text_bytes, sum(totals) - totals[_WAITING])
        if batches < warm:
            return None
        before = self._warm.setdefault(worker, now)
        if batches < warm + _TRIED[is_device]:
            return None
        return Pace(now.text_bytes - before.text_bytes, now.seconds - before.seconds)

    def _warn(self, sentence: str) -> None:
        _log.info("%s", sentence)  # whoever shows the run tells it
        self._warnings.append(sentence)
