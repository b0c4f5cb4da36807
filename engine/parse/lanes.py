"""Several inputs one after another, as if they were one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from engine.batch import ReadBatch


def joined(lanes: Iterable[Iterable[ReadBatch]], before: Before | None = None) -> Iterator[ReadBatch]:
    """The batches of all lanes, with numbers and places that go on from lane to lane; those of mates too.

    Faults are raised as each lane raises them, so that they name its file and the place in it.

    Args:
        lanes: one reader each; the next is asked for when the one before has ended.
        before: what has come before the first of them; is kept to what has come before the lane that is read.
    """
    before = before or Before()
    mine, mates = before.mine, before.mates
    for lane in lanes:
        before.mine, before.mates = mine, mates
        for batch in lane:
            moved = before.mine.moved(batch)
            mine = LaneStart.behind(moved)
            if batch.mate is not None:
                mate = before.mates.moved(batch.mate)
                mates = LaneStart.behind(mate)
                moved = replace(moved, mate=mate)
            yield moved


@dataclass(frozen=True, slots=True)
class LaneStart:
    """Where a lane begins, by what has come before it.

    Attributes:
        batches: of the lanes before.
        records: likewise.
        byte: bytes of text, likewise.
        empty: of the records, those without bases.
    """

    batches: int = 0
    records: int = 0
    byte: int = 0
    empty: int = 0

    @classmethod
    def behind(cls, batch: ReadBatch) -> LaneStart:
        """The place just past a batch."""
        return cls(
            batch.number + 1,
            batch.first_record + len(batch),
            batch.byte_end,
            batch.empty_before + len(batch) - int(np.count_nonzero(batch.lengths)),
        )

    def moved(self, batch: ReadBatch) -> ReadBatch:
        """The batch, further back by this place."""
        return replace(
            batch,
            number=self.batches + batch.number,
            first_record=self.records + batch.first_record,
            byte_start=self.byte + batch.byte_start,
            byte_end=self.byte + batch.byte_end,
            empty_before=self.empty + batch.empty_before,
        )


@dataclass(slots=True)
class Before:
    """Where the lane that is read begins.

    Attributes:
        mine: of single or first reads.
        mates: of second reads.
    """

    mine: LaneStart = field(default_factory=LaneStart)
    mates: LaneStart = field(default_factory=LaneStart)
