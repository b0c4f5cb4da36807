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
