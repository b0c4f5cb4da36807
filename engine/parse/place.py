"""Where a text was left, to go on from there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two records of one text.

    Attributes:
        records: before it.
        empty: of these, how many have no bases.
        lines: before it.
        offset: bytes of text before it.
    """

    records: int = 0
    empty: int = 0
    lines: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ReaderPlace:
    """A place between two batches of a file, or of a pair of files.

    Attributes:
        texts: the place in each file.
        most: pairs that the next batch may have, so that batches are cut as if nothing had been left; 0: any number.
        empty: of the first and second mates that took turns in one file, how many had no bases.
    """

    texts: tuple[Place, ...]
    most: int = 0
    empty: tuple[int, int] = (0, 0)
