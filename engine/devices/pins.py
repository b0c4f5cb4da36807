"""Buffers of a run's pool that stay where they are in memory, so that batches go up from them without a copy."""

from __future__ import annotations

import logging
import threading

from engine.batch import PADDING, Bytes, ReadBatch
from engine.devices.driver import DeviceHung, Driver

_log = logging.getLogger(__name__)

_never_freed: list[Bytes] = []
"""What a device that failed did not let go of. Other memory at the same place would be taken for it, and not copied."""


class Pins:
    """The pinned buffers of one run, for all its devices; any thread.

    A device copies only what the system keeps in its place. To have that done takes its time, which
    `bench gpu_tables` measures, but a pool gives the same few buffers again and again. Where the system refuses,
    batches are copied first.

    Args:
        batch_bytes: room of the buffers that the pool keeps; others are not pinned.
        most: buffers.
    """

    def __init__(self, batch_bytes: int, most: int) -> None:
        self._size = batch_bytes + PADDING
        self._most = most
        self._pinned: dict[int, Bytes] = {}
        self._dropped: list[Bytes] = []
        self._coming: set[int] = set()
        self._is_refused = False
        self._drivers: set[Driver] = set()
        self._users = 0
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._pinned)

    def join(self) -> None:
        """A device begins; it has to `leave`."""
        with self._guard:
            self._users += 1

    def hold(self, driver: Driver, batch: ReadBatch) -> bool:
        """Whether a device may copy from the buffers of a batch until it leaves; pins them where they are not yet.

        Raises:
            DeviceHung: the device does not answer.
        """
        return all(self._holds(driver, buffer) for buffer in batch.buffers)

    def drop(self, buffer: Bytes) -> None:
        """The pool has let go of a buffer, which no device copies from any more, and will make others."""
        with self._guard:
            if self._pinned.pop(id(buffer), None) is not None:
                self._dropped.append(buffer)

    def _holds(self, driver: Driver, buffer: Bytes) -> bool:
        known = id(buffer)  # it is kept, so nothing else can be there
        with self._guard:
            self._drivers.add(driver)
            if known in self._pinned:
                return True
            is_full = len(self._pinned) + len(self._coming) >= self._most
            is_refused = self._is_refused or self._has_hung()
            if len(buffer) != self._size or is_full or is_refused or known in self._coming:
                return False
            self._coming.add(known)
            dropped, self._dropped = self._dropped, []
        try:
            self._unpin(driver, dropped)
            # Without the lock, for the other devices have nothing to do with how long this one takes.
            driver.pin(buffer)
        except DeviceHung:
            # It may be pinned yet, whenever the device goes on; and who else asks might wait as long.
            _never_freed.append(buffer)
            self._is_refused = True
            raise
        except Exception as error:
            self._is_refused = True
            _log.info("reads are copied before they go up, because their buffers cannot be pinned: %s", error)
            return False
        else:
            with self._guard:
                self._pinned[known] = buffer
            return True
        finally:
            with self._guard:
                self._coming.discard(known)

    def leave(self, driver: Driver) -> None:
        """A device has ended, and copies nothing any more unless it hangs; the last one has all buffers free."""
        with self._guard:
            if driver.is_hung:
                self._drivers.add(driver)
            else:
                self._drivers.discard(driver)
            self._users -= 1
            if self._users:
                return
            buffers = [*self._pinned.values(), *self._dropped]
            self._pinned, self._dropped = {}, []
        self._unpin(driver, buffers)

    def _has_hung(self) -> bool:
        return any(driver.is_hung for driver in tuple(self._drivers))

    def _unpin(self, driver: Driver, buffers: list[Bytes]) -> None:
        if self._has_hung():  # and may still copy from there, for which other devices would wait in vain
            _never_freed.extend(buffers)
            return
        while buffers:
            buffer = buffers.pop()
            try:
                driver.unpin(buffer)
            except Exception as error:
                _log.info("a buffer stays pinned for as long as Lanescope runs: %s", error)
                _never_freed.append(buffer)
