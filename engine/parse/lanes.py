"""Several inputs one after another, as if they were one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.batch import ReadBatch


def joined(lanes: Iterable[Iterable[ReadBatch]]) -> Iterator[ReadBatch]:
    """The batches of all lanes, with numbers and places that go on from lane to lane; those of mates too.

    Faults are raised as each lane raises them, so that they name its file and the place in it.

    Args:
        lanes: one reader each; the next is asked for when the one before has ended.
    """
    mine, mates = _Place(), _Place()
    for lane in lanes:
        before, before_mates = mine, mates
        for batch in lane:
            moved = before.moved(batch)
            mine = _Place.behind(moved)
            if batch.mate is not None:
                mate = before_mates.moved(batch.mate)
                mates = _Place.behind(mate)
                moved = replace(moved, mate=mate)
            yield moved


@dataclass(frozen=True, slots=True)
class _Place:
    """What has come before."""

    batches: int = 0
    records: int = 0
    byte: int = 0
    empty: int = 0

    @classmethod
    def behind(cls, batch: ReadBatch) -> _Place:
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
