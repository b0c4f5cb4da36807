"""What a check of a plugin finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        check: what was checked.
        trouble: what is wrong; empty if nothing is.
    """

    check: str
    trouble: str = ""
