"""The threads that have devices count."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Any

from engine.batch import ReadBatch
from engine.devices.counter import DeviceCounter
from engine.devices.discovery import Device
from engine.devices.preparing import prepare
from engine.devices.times import DeviceTimes
from engine.devices.turns import Dismissed
from engine.flow.gate import Stopped
from engine.flow.queue import QueueEnded
from engine.run.activity import ActivityLog
from engine.run.snapshot import Activity, DeviceLoad, DeviceState
from engine.run.worker import Marked, Worker


class DeviceWorker(Worker):
    """A worker with a device.

    Collectors that have a twin on the device are counted there, the others and the pipeline in this thread meanwhile;
    what the pipeline's first stages cut by may be found there too.
    It has the lock for as long as counts are on their way and batches come without waiting, and sees to it that all is
    certain before it waits for anything. So whoever finds the lock free finds everything counted, and no other thread
    ever has to do with the device. Once the device has failed it goes on as a worker without.

    Args:
        device: which.
        counter: what counts on it, not opened yet.
        on_failure: called once, with a sentence, when the device cannot be used, or not any longer.
        arguments: see `Worker`.
    """

    def __init__(
        self, device: Device, counter: DeviceCounter, on_failure: Callable[[str], None], *arguments: Any
    ) -> None:
        super().__init__(*arguments)
        self.log = ActivityLog(device.name)
        self._device = device
        self._counter = counter
        counter.on_wait = self._log_wait
        self._on_failure = on_failure
        self._has_lock = False
        self._state = DeviceState.STARTING
        self._began = time.monotonic()
        self._ended: float | None = None

    def run(self) -> None:
        """See `Worker.run`."""
        self._began = time.monotonic()
        self._counter.kept.on_free = self._intake.give_back
        self._counter.open(lambda: prepare(self._device, self._is_wanted))
        self._state = DeviceState.COUNTING
        try:
            self._mind_failure()
            super().run()
        finally:
            self._end()

    def _is_wanted(self) -> bool:
        try:
            self._gate.passed_now()
        except Stopped:
            return False
        return True

    def _end(self) -> None:
        try:
            self._rest()
        except Exception as error:
            self.error = self.error or error
            self._processing.cancel()
        finally:
            if self.error is not None:  # its frames would keep a device's memory alive; which lines they were at stays
                traceback.clear_frames(self.error.__traceback__)
            self._counter.close()
            self._ended = time.monotonic()
            if self._state is DeviceState.COUNTING:
                self._state = DeviceState.DONE

    def load(self, batches: int) -> DeviceLoad:
        """The device as it is now.

        Args:
            batches: how many all workers have done.
        """
        times = self._counter.times
        lived = max((self._ended or time.monotonic()) - self._began, 1e-9)
        return DeviceLoad(
            name=self._device.name,
            title=self._device.title,
            state=self._state,
            memory=self._counter.held,
            batches=times.batches,
            copying=times.copying,
            counting=times.counting,
            busy=min(times.busy / lived, 1.0),
            queue_share=times.batches / batches if batches else 0.0,
        )

    @property
    def is_counting(self) -> bool:
        """Whether the device is in use."""
        return self._state is DeviceState.COUNTING

    @property
    def has_failed(self) -> bool:
        """Whether the device cannot be used any more."""
        return self._state is DeviceState.FAILED

    @property
    def has_ended(self) -> bool:
        """Whether its thread has, or is about to."""
        return self._ended is not None

    @property
    def times(self) -> DeviceTimes:
        """What the device has done."""
        return self._counter.times

    def _next(self) -> ReadBatch:
        try:
            if self._state is DeviceState.COUNTING:
                self._turns.passed_by_device()
            batch = self._intake.queue.pop_now() if self._gate.passed_now() else None
            if batch is None:
                self._rest()
                self._gate.passed()
                batch = self._intake.queue.pop()
        except QueueEnded:
            self._turns.end()  # of those who stand by nobody is needed any more
            raise
        except Dismissed:
            self._rest()  # first, as long as a failure is still minded
            if self._state is DeviceState.COUNTING:
                self._state = DeviceState.DISMISSED
            raise QueueEnded from None
        if not self._has_lock:
            self._counting.acquire()
            self._has_lock = True
        return batch

    def _count(self, batch: ReadBatch) -> None:
        self.log.switch(Activity.COMPUTING)
        try:
            self._work_on(batch)
        finally:
            self._counter.kept.let_go(batch)
        self.log.switch(Activity.WAITING)

    def _add(self, batch: ReadBatch) -> ReadBatch:
        self._tally.add(batch, self._counter.collectors if self._counter.add(batch) else ())
        with_bounds = self._counter.with_bounds(batch)
        self._mind_failure()
        return with_bounds

    def _now(self) -> Marked:
        self._settle()
        return super()._now()

    def _publish(self) -> None:
        began = time.perf_counter()
        self._settle()
        self.copying_seconds += time.perf_counter() - began  # the device counts nothing meanwhile
        super()._publish()

    def _rest(self) -> None:
        """Before waiting: everything is counted, and who wants to may look."""
        if not self._has_lock:
            return
        try:
            self._settle()
        finally:
            self._has_lock = False
            self._counting.release()
            self.log.switch(Activity.WAITING)

    def _settle(self) -> None:
        if self._has_lock:  # else it is settled already, and this may be another thread
            self._counter.settle()
            self._mind_failure()
            self._counter.take()

    def _log_wait(self, waits: bool) -> None:
        self.log.switch(Activity.ON_DEVICE if waits else Activity.COMPUTING)

    def _mind_failure(self) -> None:
        if not self._counter.failure or self._state is not DeviceState.COUNTING:
            return
        self._state = DeviceState.FAILED
        self._counter.give_up()
        self._turns.device_failed()
        self._on_failure(
            f"{self._device.name} ({self._device.title}) cannot be used: {self._counter.failure}. "
            "The CPU counts what it was to count; nothing is lost."
        )
