"""Where the tile of the flow cell stands in the headers of a file."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.errors import CheckpointError

CASAVA_18_FIELD = 4
"""Where the tile stands in headers of seven fields or more: ``instrument:run:flow cell:lane:tile:x:y``."""

OLDER_FIELD = 2
"""Where it stands in headers of five or six: ``instrument:lane:tile:x:y``."""

NO_FIELD = -1

FIELDS = (CASAVA_18_FIELD, OLDER_FIELD)
"""Where it may stand."""


@dataclass(slots=True)
class TileField:
    """Where the tile stands in the headers of a file, as its first read tells; shared by the collectors of a run.

    Attributes:
        value: a field of the header between colons, from 0, or `NO_FIELD`; ``None`` as long as it is not certain
            which read is the first, as where all of the first batch was dropped.
        first: as long as that is so, the batch that the first read so far is of, by the records before it, and
            what this read tells.
    """

    value: int | None = None
    first: tuple[int, int] | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def likely(self) -> int | None:
        """What the first read so far tells; ``None`` where no read had bases."""
        return self.first[1] if self.value is None and self.first is not None else self.value

    def look_at(self, batch: ReadBatch) -> None:
        """Lets the first read with bases tell, if this batch may have it."""
        if self.value is not None:
            return
        with_bases = np.flatnonzero(batch.lengths)
        if not len(with_bases):
            return
        names = batch.buffer if batch.name_buffer is None else batch.name_buffer
        start = int(batch.name_starts[with_bases[0]])
        told = tile_field(names[start : start + int(batch.name_lengths[with_bases[0]])].tobytes())
        if batch.first_record == batch.empty_before:
            self.value = told
            return
        with self._guard:
            if self.first is None or batch.first_record < self.first[0]:
                self.first = batch.first_record, told

    def or_else(self, other: TileField) -> TileField:
        """This, unless it knows less than that of collectors whose reads followed."""
        knows = self.value is not None or (self.first is not None and other.value is None)
        return self if knows else other

    def state(self) -> State:
        """For a checkpoint."""
        return {"field": self.value, "first": self.first if self.value is None else None}

    def restore(self, state: State) -> None:
        """Takes up what `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        match state.get("field"), state.get("first"):
            case (int() | None) as value, None:
                told, self.first = value, None
            case None, [int() as records, int() as value]:
                told, self.first = value, (records, value)
            case _:
                raise CheckpointError("it does not tell where the tile stands in headers.")
        if told not in (None, NO_FIELD, *FIELDS):
            raise CheckpointError("it tells a place of the tile that no header has.")
        self.value = told if self.first is None else None


def tile_field(header: bytes) -> int:
    """Where the tile stands in a header, given without its ``@``; `NO_FIELD` where there is none."""
    # Empty fields at the end do not count: Java's String.split drops them.
    fields = len(header.rstrip(b":").split(b":"))
    return CASAVA_18_FIELD if fields >= 7 else OLDER_FIELD if fields >= 5 else NO_FIELD
