"""How many runs can be compared; apart from the comparing, for the list asks before there is anything to compare."""

from __future__ import annotations

from collections.abc import Sized

MOST = 6
"""Runs that can be told apart in one plot."""


def comparable(runs: Sized) -> bool:
    """Whether so many runs can be compared."""
    return 2 <= len(runs) <= MOST
