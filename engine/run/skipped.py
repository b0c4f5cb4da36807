"""What of a run's input was damaged and passed over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """Damaged regions of the input that were passed over.

    Attributes:
        regions: how many.
        text_bytes: bytes of text in them.
        file_bytes: bytes of compressed files that no text could be had from, or about as many.
        told: what was wrong with the first of them, a sentence each.
    """

    regions: int
    text_bytes: int
    file_bytes: int = 0
    told: tuple[str, ...] = ()
