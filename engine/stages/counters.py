"""Names of counters that more than the stage itself knows."""

from __future__ import annotations

from typing import Final

TURNED: Final = "reverse complement"
"""Reads, or pairs, that went on in the other orientation."""
