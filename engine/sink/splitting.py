"""Which part of a split output each record goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Sizes = npt.NDArray[np.int64]


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
        most_reads: records in a part; ``None``: any number.
        most_bytes: bytes in a part, unless a single record has more; ``None``: any number.
        place: where another splitter had come to, to go on from.
    """

    def __init__(self, most_reads: int | None, most_bytes: int | None, place: tuple[int, int, int] = (0, 0, 0)) -> None:
        self._most_reads = most_reads
        self._most_bytes = most_bytes
        self._part, self._reads, self._bytes = place

    @property
    def place(self) -> tuple[int, int, int]:
        """The part that the next record may go to, and the records and bytes that are in it."""
        return self._part, self._reads, self._bytes

    def shares(self, sizes: Sizes) -> Iterator[Share]:
        """The parts that the next records go to.

        Args:
            sizes: int64 [n_records], bytes of each.
        """
        ends = np.cumsum(sizes)
        first = 0
        while first < len(sizes):
            last = self._fitting(ends, first)
            if last <= first and self._reads:  # less, where a record that had to go alone left no room
                self._part += 1
                self._reads = self._bytes = 0
                continue
            last = max(last, first + 1)
            yield Share(self._part, first, last)
            self._reads += last - first
            self._bytes += int(ends[last - 1]) - (int(ends[first - 1]) if first else 0)
            first = last

    def _fitting(self, ends: Sizes, first: int) -> int:
        """Past the last record, from `first` on, that still fits into the part."""
        last = len(ends)
        if self._most_reads is not None:
            last = min(last, first + self._most_reads - self._reads)
        if self._most_bytes is not None:
            used = int(ends[first - 1]) if first else 0
            last = min(last, int(np.searchsorted(ends, used + self._most_bytes - self._bytes, side="right")))
        return last
