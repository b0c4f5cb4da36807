"""How an input that grows is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SILENCE: Final = 900.0
"""Seconds of silence after which an input is complete: nanopore instruments begin a file every ten minutes."""


@dataclass(frozen=True, slots=True)
class Following:
    """How an input that grows is followed.

    Attributes:
        silence: seconds without a new byte after which it is complete; ``None``: it is read until it is told to end.
    """

    silence: float | None = SILENCE
