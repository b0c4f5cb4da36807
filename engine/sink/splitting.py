"""Which part of a split output each record goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """Consecutive records of a batch that go to one part.

    Attributes:
        part: number of the part, from 0.
        first: the first of the records.
        last: past the last of them.
    """

    part: int
    first: int
    last: int


class Splitter:
    """Deals records out to parts, in the order of the input.

    Args:
        most: records in a part, at least 1.
        place: where another splitter had come to, to go on from.
    """

    def __init__(self, most: int, place: tuple[int, int] = (0, 0)) -> None:
        self._most = most
        self._part, self._used = place

    @property
    def place(self) -> tuple[int, int]:
        """The part that the next record may go to, and the records that are in it."""
        return self._part, self._used

    def shares(self, records: int) -> Iterator[Share]:
        """The parts that so many records go to, which are next."""
        first = 0
        while first < records:
            if self._used == self._most:
                self._part, self._used = self._part + 1, 0
            last = min(records, first + self._most - self._used)
            yield Share(self._part, first, last)
            self._used += last - first
            first = last
