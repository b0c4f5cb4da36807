"""Counting on a device, in such a way that nothing is lost or counted twice when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from engine.batch import ReadBatch
from engine.collectors.key_table import KeyedReads
from engine.collectors.tally import Tally
from engine.devices.bounds import Trims
from engine.devices.copying import Copier
from engine.devices.driver import Driver, Event
from engine.devices.failures import in_words, take_frames_off
from engine.devices.kept import Kept
from engine.devices.lane import Lane, slots
from engine.devices.pins import Pins
from engine.devices.staging import sides
from engine.devices.times import DeviceTimes
from engine.devices.twins import Twin

_log = logging.getLogger(__name__)

_LANES = 2
"""Streams: while one counts, the other copies."""


class _HostFailed(Exception):
    """What the device gave could not be counted here, for which no device is to blame: the run has failed.

    Attributes:
        error: why.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class DeviceCounter:
    """The twins of some collectors, on one device. Used by one thread.

    A device can fail at any moment: a launch is refused, memory is short, the device is gone with all that it held.
    What a batch has added to the tables there can be neither looked at nor undone then. So counts are *certain* only
    once the tables have come down to this machine behind the last kernel of the batch. Until then the batch is held
    here, and whoever fails has no more to lose than what is held: it is counted anew on the CPU (`give_up`).

    Memory is bounded: tables come down after every `engine.devices.lane.BATCHES` batches of a stream, or fewer where
    batches are so large that they would take more than `MOST_HELD`, so that no more are ever held. Where nobody writes
    into the buffers of the pool, they are pinned, batches go up from there, and the pool gets them back when they are
    certain (`kept`). Else they are held as they were staged for the copy, in pinned memory that is allocated once:
    the pool gets its buffers back at once, and stages that write into a buffer change nothing here. To keep the place
    in the file and read it again instead would need no memory, but not all inputs can be read twice. Bringing the
    tables down so often costs little: for reads of 150 bases they are about a fiftieth of the text that went up.

    No method raises what the device does: it ends in `failure`. What the machine itself fails at is raised.

    Hashes of keys come down for each batch. They are given to the collector of keys, which goes by the order of the
    file, as soon as they are certain; all other counts wait for `take`.

    Args:
        driver: of the device, not opened yet.
        into: whose counts these are; let go of by `close`.
        batch_bytes: text of a batch, bytes, about; larger ones are left to the CPU.
        twins: what is counted there.
        trims: whose bounds are found there too, see `with_bounds`.
        pins: of the pool that batches come from; ``None``: they are copied, and their buffers free at once.

    Attributes:
        failure: why the device is not used any more, for people; empty while it is.
        times: what it has done.
        collectors: attributes of `CollectorSet` that are counted there.
        kept: batches that were added, until their buffers are free.
        on_wait: called when this thread begins to wait for the device, and with ``False`` when it has.
    """

    def __init__(
        self,
        driver: Driver,
        into: Tally,
        *,
        batch_bytes: int,
        twins: Sequence[Twin],
        trims: Trims = (),
        pins: Pins | None = None,
    ) -> None:
        self._driver = driver
        self._sides = [collectors for collectors in (into.reads, into.mates) if collectors is not None]
        self._batch_bytes = _laid_out_bytes(batch_bytes, len(self._sides))
        self._twins = tuple(twins)
        self._trims = trims
        self._lanes: list[Lane] = []
        self._latest: Lane | None = None
        self._copier = Copier()
        self._next = 0
        self._has_begun = False
        self._lost: list[ReadBatch] = []
        self._pins = pins
        self._has_joined = False
        self.collectors = frozenset(twin.collector for twin in twins)
        self.failure = ""
        self.times = DeviceTimes()
        self.kept = Kept()
        self.on_wait: Callable[[bool], None] = lambda _waits: None

    def open(self, prepare: Callable[[], None] = lambda: None) -> None:
        """Takes hold of the device and its memory; by the thread that counts.

        Args:
            prepare: called first; what it raises ends in `failure` too.
        """
        try:
            prepare()
            self._driver.open()
            if self._pins is not None:
                self._pins.join()
                self._has_joined = True
            zero: Event = self._driver.event()
            zero.record(0)
            for _ in range(_LANES):
                lane = Lane(self._driver, self._twins, len(self._sides), self._batch_bytes, zero, self._copier)
                self._lanes.append(lane)
                lane.find_bounds(self._trims)
        except Exception as error:
            self._fail(error)

    def add(self, batch: ReadBatch) -> bool:
        """Has a batch counted; to be followed by `Kept.let_go`, and not to be written to before its buffers are free.

        Returns:
            Whether the device does, or what it does comes back by `give_up`. If not, the CPU has to.
        """
        self.kept.take_in_hand(batch)
        self._latest = None
        if self.failure or not self._lanes:
            return False
        lane = self._lanes[self._next]
        self._next = (self._next + 1) % len(self._lanes)
        try:
            if not lane.takes(batch):
                return False
            if lane.grows_for(batch):
                for each in self._lanes:  # or giving memory back would wait for them, for ever if the device hangs
                    self._settle(each)
            elif lane.is_full:
                self._settle(lane)
            is_pinned = self._pins is not None and self._pins.hold(self._driver, batch)
            if is_pinned:
                self.kept.keep(batch)
            lane.put(batch, is_pinned=is_pinned, is_first=not self._has_begun)
            self._has_begun = True
            self._latest = lane
            if lane.is_full:
                lane.send()
        except _HostFailed as failed:
            raise failed.error from None
        except Exception as error:
            self._fail(error)
            comes_back = any(held.number == batch.number for held in self._lost)
            if not comes_back:
                self.kept.done(batch)
            return comes_back
        return True

    def with_bounds(self, batch: ReadBatch) -> ReadBatch:
        """The batch that was added last, with what the device has found for the stages that cut first.

        Waits for that. Where the device did not take the batch, or fails, stages find it out by themselves.
        """
        lane, self._latest = self._latest, None
        if lane is None or self.failure:
            return batch
        self.on_wait(True)
        try:
            return lane.with_bounds(batch)
        except Exception as error:
            self._fail(error)
            return batch
        finally:
            self.on_wait(False)

    def settle(self) -> None:
        """Waits until all counts are certain."""
        try:
            for lane in self._lanes:
                lane.send()
            for lane in self._lanes:
                self._settle(lane)
        except _HostFailed as failed:
            raise failed.error from None
        except Exception as error:
            self._fail(error)

    @property
    def is_settled(self) -> bool:
        """Whether all counts are certain, and none wait for `give_up`."""
        return not self._lost and not any(lane.held for lane in self._lanes)

    def take(self) -> None:
        """Merges the certain counts that have not been taken yet."""
        for lane in self._lanes:
            for side, counts in lane.take():
                for twin in self._twins:
                    twin.merge(counts, self._sides[side])

    def give_up(self) -> None:
        """After a failure: merges what is certain, and counts on the CPU what is not."""
        self.take()
        self._rest()  # or buffers would go back to the pool of which the device still copies
        self._recount()
        self._driver.release(self._lanes)

    def _recount(self) -> None:
        lost, self._lost = self._lost, []
        for batch in sorted(lost, key=lambda each: each.number):
            for side, collectors in zip(sides(batch), self._sides, strict=True):
                collectors.add_to(side, self.collectors)
            self.kept.done(batch)

    def close(self) -> None:
        """Gives the device's memory back, after all has been taken."""
        self._rest()
        self._driver.release(self._lanes)
        self._copier.close()
        self.kept.all_done()
        self._sides = []
        if self._pins is not None and self._has_joined:
            self._pins.leave(self._driver)
        try:
            self._driver.close()
        except Exception:
            _log.info("a device could not be let go of", exc_info=True)

    @property
    def held(self) -> int:
        """Bytes of the device's memory that are held."""
        return self._driver.held

    def _settle(self, lane: Lane) -> None:
        self.on_wait(True)
        try:
            lane.settle()
        finally:
            self.on_wait(False)
        for spell in lane.spells:
            self.times.add(spell)
        lane.spells.clear()
        try:
            self._count_keys(lane)
        except Exception as error:
            raise _HostFailed(error) from error
        certain, lane.certain = lane.certain, []
        for batch in certain:
            self.kept.done(batch)

    def _count_keys(self, lane: Lane) -> None:
        hashed, lane.hashed = lane.hashed, []
        for batch, hashes in hashed:
            for side, mine, collectors in zip(sides(batch), hashes, self._sides, strict=True):
                # Copied, for it may be kept until all batches before this one have come.
                reads = KeyedReads(side.buffer, side.sequence_starts, side.lengths, mine.copy())
                collectors.keys.add_keyed(side.number, reads)

    def _fail(self, error: Exception) -> None:
        if not self.failure:
            self.failure = in_words(error)
            _log.info("a device is given up: %s", error)
        take_frames_off(error)
        for lane in self._lanes:
            self._lost += lane.held
            lane.held.clear()

    def _rest(self) -> None:
        """A function of its own, or the last lane would live for as long as the loop's variable."""
        self._latest = None
        for lane in self._lanes:
            if not self._driver.is_hung:  # else nothing is freed anyway
                with suppress(Exception):  # it is told already
                    lane.rest()


def _laid_out_bytes(batch_bytes: int, n_sides: int) -> int:
    """The most that a batch may take once it is laid out for a device; larger ones are left to the CPU.

    Args:
        batch_bytes: text of a batch, bytes, about.
        n_sides: 2 for pairs, else 1.
    """
    return n_sides * (batch_bytes + batch_bytes // 2) + 4096


def most_kept(batch_bytes: int, n_sides: int) -> int:
    """Batches that a device may keep, see `DeviceCounter`."""
    return _LANES * slots(_laid_out_bytes(batch_bytes, n_sides))
