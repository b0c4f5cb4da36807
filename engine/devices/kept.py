"""Batches whose buffers are not free yet, because somebody works on them or a device may still need them."""

from __future__ import annotations

from collections.abc import Callable

from engine.batch import ReadBatch


class Kept:
    """Batches in use, each of which is let go of once. Used by one thread.

    Two may need a batch: whoever has it counted, and works on it meanwhile; and the device, which copies from its
    buffers, and loses what it has counted if it fails before that is certain.

    Attributes:
        on_free: called with every batch that neither needs any more.
    """

    def __init__(self) -> None:
        self.on_free: Callable[[ReadBatch], None] = lambda _batch: None
        self._in_hand: ReadBatch | None = None
        self._for_device: dict[int, ReadBatch] = {}  # by identity, which nothing else has while they are here

    def take_in_hand(self, batch: ReadBatch) -> None:
        """Somebody works on a batch until `let_go`, and on no other."""
        self._in_hand = batch

    def let_go(self, batch: ReadBatch) -> None:
        """Whoever worked on it needs it no more."""
        self._in_hand = None
        if id(batch) not in self._for_device:
            self.on_free(batch)

    def keep(self, batch: ReadBatch) -> None:
        """The device needs it until `done`."""
        self._for_device[id(batch)] = batch

    def done(self, batch: ReadBatch) -> None:
        """The device does not need it, or no more; one that was not kept for it is nobody's business here."""
        if self._for_device.pop(id(batch), None) is not None and batch is not self._in_hand:
            self.on_free(batch)

    def all_done(self) -> None:
        """The device needs nothing any more."""
        for batch in list(self._for_device.values()):
            self.done(batch)
