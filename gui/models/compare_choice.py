"""How many runs can be compared; apart from the comparing, for the list asks before there is anything to compare."""

from __future__ import annotations

from collections.abc import Sized

MOST = 6
"""Runs that can be told apart in one plot."""

SHORT_OFFER = "Compare"
"""What :func:`offer` comes to where there is no room for more."""


def comparable(runs: Sized) -> bool:
    """Whether so many runs can be compared."""
    return 2 <= len(runs) <= MOST


def offer(is_paired: bool, has_sides: bool) -> str:
    """What comparing shows, for the button; empty where there is nothing to compare."""
    if is_paired and has_sides:
        return "Compare all four"
    if is_paired:
        return "Compare read 1 and read 2"
    return "Compare before and after" if has_sides else ""
