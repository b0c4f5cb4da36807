"""Measuring beside other programs: waiting until they rest, and measuring again what they disturbed.

``LANESCOPE_BENCH_PATIENCE``: seconds to wait for a quiet machine before each measurement; 5 unless set.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

_PATIENCE = float(os.environ.get("LANESCOPE_BENCH_PATIENCE", "5"))
_LOOK = 0.25
_TRIES = 4
# Of the time of one core.
_QUIET = 0.1
_DISTURBED = 0.1


@dataclass(frozen=True, slots=True)
class _Load:
    """CPU seconds so far, of all programs and of this one with its children that have ended."""

    at: float
    everybody: float
    own: float

    @classmethod
    def now(cls) -> _Load:
        all_times, own = psutil.cpu_times(), os.times()
        idle = all_times.idle + getattr(all_times, "iowait", 0.0)
        # A guest's time is contained in the user's.
        busy = sum(all_times) - idle - getattr(all_times, "guest", 0.0) - getattr(all_times, "guest_nice", 0.0)
        return cls(time.perf_counter(), busy, own.user + own.system + own.children_user + own.children_system)

    def others_since(self, before: _Load) -> float:
        """What other programs took since, as a share of one core; the system counts in hundredths of a second."""
        others = (self.everybody - before.everybody) - (self.own - before.own)
        return max(0.0, others - 0.02) / (self.at - before.at)


def measured(measure: Callable[[], float]) -> float:
    """What `measure` returns, of a few tries the first that nobody disturbed, else the least disturbed."""
    tries: list[tuple[float, float]] = []
    for _ in range(_TRIES):
        _wait()
        before = _Load.now()
        value = measure()
        disturbance = _Load.now().others_since(before)
        if disturbance <= _DISTURBED:
            return value
        tries.append((disturbance, value))
    return min(tries)[1]


def _wait() -> None:
    """Waits for a quiet machine, as long as patience lasts."""
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        before = _Load.now()
        time.sleep(_LOOK)
        if _Load.now().others_since(before) <= _QUIET:
            return
