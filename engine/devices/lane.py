"""One stream of a device: batches go up, are counted, and the tables come down."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from engine.batch import ReadBatch
from engine.collectors.base import Table
from engine.devices.bounds import BoundsFinder, Trims
from engine.devices.copying import Copier
from engine.devices.driver import DeviceArray, Driver, Event
from engine.devices.staging import Plan, Words, hashes_in, on_device, plan, stage, stage_columns
from engine.devices.tables import Tables, constants_on_device, table_bytes
from engine.devices.times import Spell
from engine.devices.twins import Twin, scratch_bytes

BATCHES = 4
"""Batches whose counts come down together. All of them are kept until then, so that they can be counted anew."""

MOST_HELD = 64 << 20
"""Bytes that the batches of a stream may take while they are held: of large ones fewer come down together."""

LONGEST = 16_384
"""Longer reads are counted on the CPU: tables for them are larger than the reads, and would come down for ever."""

_FEWEST_CYCLES = 256


class Lane:
    """A stream with all it needs, for at most `BATCHES` batches that are not certain yet.

    Args:
        driver: of the device, opened by this thread.
        twins: what is counted.
        n_sides: 2 for pairs, which have tables of their own for mates, else 1.
        batch_bytes: the most that a batch takes once it is laid out.
        zero: the moment that times count from.
        copier: copies batches into this lane's memory.

    Attributes:
        held: batches that are not certain, over memory of this lane.
        spells: of batches that are certain.
        certain: batches that have become so since whoever asks last emptied this, as they were held.
        hashed: batches that have just become certain, each with the hashes of its sides, over memory of this lane:
            to be looked at before another is put.
        taken: tables that have been taken out to make room for larger ones, with the number of their side.

    Raises:
        CapReached: no more memory may be held.
        Exception: the device fails; so do all methods but `take`.
    """

    def __init__(
        self, driver: Driver, twins: Sequence[Twin], n_sides: int, batch_bytes: int, zero: Event, copier: Copier
    ) -> None:
        self._driver = driver
        self._copier = copier
        self._twins = twins
        self._zero = zero
        self._stream = driver.stream()
        self._memory = driver.allocate(batch_bytes)
        self._slots = [driver.pinned(batch_bytes) for _ in range(slots(batch_bytes))]
        self._scratch = driver.allocate(scratch_bytes(batch_bytes))
        self._finder: BoundsFinder | None = None
        self._cycles = 0
        self._tables: list[Tables] = []
        self._views: list[dict[str, DeviceArray]] = []
        self._n_sides = n_sides
        # Made once, not for every batch: the interpreter has enough to do there.
        self._events = [(driver.event(), driver.event(), driver.event()) for _ in self._slots]
        self._arrival = driver.event()
        self._end: Event | None = None
        self._planned: tuple[ReadBatch, Plan] | None = None
        self.held: list[ReadBatch] = []
        self.certain: list[ReadBatch] = []
        self.hashed: list[tuple[ReadBatch, tuple[Words, ...]]] = []
        self._hashes: list[tuple[Words, ...]] = []
        self._has_hashes = any(twin.hashes for twin in twins)
        self.spells: list[Spell] = []
        self.taken: list[tuple[int, dict[str, Table]]] = []
        constants = {name: array for twin in twins for name, array in twin.constants().items()}
        self._constants = constants_on_device(driver, constants, self._stream)
        self._grow(_FEWEST_CYCLES)

    def find_bounds(self, trims: Trims) -> None:
        """Has the bounds of reads found too, as far as anything is wanted; before the first batch."""
        if any(trims[: self._n_sides]):
            self._finder = BoundsFinder(self._driver, trims, self._memory.nbytes)

    @property
    def is_full(self) -> bool:
        """Whether the tables have to come down before another batch."""
        return len(self.held) == len(self._slots)

    def takes(self, batch: ReadBatch) -> bool:
        """Whether a batch can be counted here: it fits, and so do the tables for its longest read."""
        laid_out = self._plan(batch)
        longest = laid_out.longest
        takes = len(batch) > 0 and longest <= LONGEST and laid_out.room <= self._memory.nbytes
        takes = takes and (longest <= self._cycles or self._has_tables_for(longest))
        if not takes:
            self._planned = None
        return takes

    def _has_tables_for(self, longest: int) -> bool:
        size = self._n_sides * table_bytes(self._shapes(self._larger(longest)))
        return self._driver.has_room(size - sum(tables.size for tables in self._tables))

    def grows_for(self, batch: ReadBatch) -> bool:
        """Whether larger tables are made for it, and these given back."""
        return self._plan(batch).longest > self._cycles

    def put(self, batch: ReadBatch, *, is_pinned: bool = False, is_first: bool = False) -> None:
        """Has a batch copied, and counted when the device comes to it; it is held from the first moment on.

        Args:
            batch: fits, see `takes`. Its buffers may be used anew at once if they are not pinned.
            is_pinned: it goes up from its own buffers, and is held as it is, until it is `certain`.
            is_first: of all streams of the device; kernels are loaded meanwhile, and waited for one by one.
        """
        from kernels.cuda.launching import one_by_one

        laid_out = self._plan(batch)
        self._make_room(laid_out.longest)
        self._planned = None
        slot, (began, copied, counted) = self._slots[len(self.held)], self._events[len(self.held)]
        if is_pinned:
            staged, goes_up = batch, [(0, slot[: laid_out.columns]), *stage_columns(batch, laid_out, slot)]
        else:
            staged, goes_up = stage(batch, laid_out, slot, self._copier), [(0, slot[: laid_out.size])]
        self.held.append(staged)
        began.record(self._stream)
        for place, part in goes_up:
            self._driver.upload(part, self._memory[place : place + len(part)], self._stream)
        copied.record(self._stream)
        reads = on_device(staged, laid_out, self._memory)
        with one_by_one(self._driver.finish) if is_first else nullcontext():
            if self._finder is not None:  # first of all, for somebody waits for them
                self._finder.find(reads, self._scratch, self._stream)
            for views, side in zip(self._views, reads, strict=True):
                for twin in self._twins:
                    twin.count(side, views, self._scratch, self._stream)
        counted.record(self._stream)
        if self._has_hashes:
            hashes = slice(laid_out.size, laid_out.room)
            self._driver.download(self._memory[hashes], slot[hashes], self._stream)
            self._hashes.append(hashes_in(staged, laid_out, slot))

    def with_bounds(self, batch: ReadBatch) -> ReadBatch:
        """The batch that was put last, with the bounds found for it, if any are; waits for these alone."""
        return batch if self._finder is None else self._finder.attached(batch)

    def send(self) -> None:
        """Has the tables come down behind all that is held; does nothing where that is on its way, or nothing is."""
        if not self.held or self._end is not None:
            return
        for tables in self._tables:
            tables.send(self._stream)
        self._end = self._arrival
        self._end.record(self._stream)

    def settle(self) -> None:
        """Waits until the counts of all that is held are certain; then it is held no more."""
        self.send()
        if self._end is None:
            return
        self._driver.wait(self._end)
        for events in self._events[: len(self.held)]:
            self.spells.append(Spell(*(self._driver.seconds(self._zero, event) for event in events)))
        for tables in self._tables:
            tables.arrived()
        self._end = None
        if self._has_hashes:
            self.hashed += zip(self.held, self._hashes, strict=True)
            self._hashes.clear()
        self.certain += self.held
        self.held.clear()

    def rest(self) -> None:
        """Waits until the device has done with all memory of this stream, whatever became of it."""
        self._driver.finish(self._stream)

    def take(self) -> list[tuple[int, dict[str, Table]]]:
        """The certain counts that have not been taken yet, with the number of their side: of reads 0, of mates 1."""
        taken, self.taken = self.taken, []
        return taken + [(number, tables.take()) for number, tables in enumerate(self._tables)]

    def _plan(self, batch: ReadBatch) -> Plan:
        """Its plan, which is asked for twice."""
        if self._planned is None or self._planned[0] is not batch:
            self._planned = batch, plan(batch)
        return self._planned[1]

    def _make_room(self, longest: int) -> None:
        if longest > self._cycles:
            self.settle()
            self.taken = self.take()
            self._grow(self._larger(longest))

    def _larger(self, longest: int) -> int:
        return max(longest, min(2 * self._cycles, LONGEST))

    def _grow(self, cycles: int) -> None:
        self._tables, self._views = [], []  # or both would be held for a moment
        self._tables = [Tables(self._driver, self._shapes(cycles), self._stream) for _ in range(self._n_sides)]
        self._views = [{**self._constants, **tables.on_device} for tables in self._tables]
        self._cycles = cycles

    def _shapes(self, cycles: int) -> dict[str, tuple[int, ...]]:
        return {name: shape for twin in self._twins for name, shape in twin.shapes(cycles).items()}


def slots(batch_bytes: int) -> int:
    """Batches that one stream may hold.

    Args:
        batch_bytes: the most that a batch takes once it is laid out.
    """
    return max(1, min(BATCHES, MOST_HELD // batch_bytes))
