"""Names of counters that more than the stage itself knows."""

from __future__ import annotations

from typing import Final

TURNED: Final = "reverse complement"
"""Reads, or pairs, that went on in the other orientation."""

LONGEST_CUT: Final = 1023
"""Bases cut off for an adapter that stand for as many and all above, see `kernels.stages.adapter_cuts.HISTOGRAM`."""
