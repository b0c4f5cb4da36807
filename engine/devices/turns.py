"""Who of a run's workers may take a batch: those on the CPU, those with a device, or all."""

from __future__ import annotations

import threading


class Dismissed(Exception):
    """This worker is not needed any more."""


class Turns:
    """Passed by every worker before it takes a batch.

    Workers on the CPU may have to stand by, for the day that no device works any more. Devices never do: one that is
    slower than the CPU is dismissed, and gives its memory back.

    Args:
        cpu: workers on the CPU take batches from the beginning.
        devices: how many workers with a device there are; without any the CPU never stands by.
    """

    def __init__(self, *, cpu: bool, devices: int) -> None:
        self._cpu = cpu or not devices
        self._devices = devices
        self._wants_devices = True
        self._ended = False
        self._changed = threading.Condition()

    def passed_by_cpu(self) -> None:
        """Returns when the CPU is needed, or all has ended."""
        with self._changed:
            while not (self._cpu or self._ended):
                self._changed.wait()

    def passed_by_device(self) -> None:
        """Returns if devices are wanted.

        Raises:
            Dismissed: they are not.
        """
        if not self._wants_devices:
            raise Dismissed

    def device_failed(self) -> None:
        """One device fewer; without any the CPU takes over."""
        with self._changed:
            self._devices -= 1
            if not self._devices:
                self._cpu = True
            self._changed.notify_all()

    def leave_to_devices(self) -> None:
        """The CPU stands by from now on, as long as there is a device."""
        with self._changed:
            self._cpu = not self._devices

    def leave_to_cpu(self) -> None:
        """Devices are dismissed."""
        with self._changed:
            self._cpu = True
            self._wants_devices = False
            self._changed.notify_all()

    def end(self) -> None:
        """Nobody waits here any more; who has something to take finds out that there is nothing."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
