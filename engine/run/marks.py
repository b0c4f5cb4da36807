"""A place in a run at which every worker says what it has counted, without stopping for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.flow.backpressure import LeftOut
from engine.run.reading_place import ReadingPlace


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Between two batches.

    Attributes:
        number: of the batch after it; there are as many before it.
        place: where in the input that is.
        seen: batches that had come by then, those left out included.
        left_out: what had been left out of them.
    """

    number: int
    place: ReadingPlace
    seen: int
    left_out: LeftOut


class Marks:
    """Asked for by whoever watches a run, set by the thread that reads, seen by the workers.

    Workers get batches in order. So whoever gets one from behind the mark has counted all it ever will of what is
    before it, and keeps a copy of that; see `Worker.at_mark`.

    Args:
        on_mark: called with the number of the next batch before anybody can have it.
    """

    def __init__(self, on_mark: Callable[[int], None]) -> None:
        self.latest: Mark | None = None
        self._on_mark = on_mark
        self._wanted = False

    def want(self) -> None:
        """Asks for a mark behind the batch that is read now."""
        self._wanted = True

    @property
    def is_wanted(self) -> bool:
        """Whether one has been asked for and is not set."""
        return self._wanted

    def clear(self) -> None:
        """Nobody has to mind the last one any more."""
        self.latest = None

    def set(self, mark: Mark) -> None:
        """Sets it; by the thread that reads, before it hands on the batch of this number."""
        self._wanted = False
        self._on_mark(mark.number)
        self.latest = mark
