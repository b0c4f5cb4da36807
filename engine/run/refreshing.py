"""When a run's numbers are worked out for whoever looks: often, but never at a price that would be felt."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.run.crew import AllCounted, Crew
from engine.run.worker import Progress

_INTERVAL = 0.2
_FIRST = 0.5  # not sooner: they would cost a short run more than their share
_SHARE = 0.04
"""Of the time, what working out results for the eye may cost; waiting for batches to end costs nothing."""

_PATIENCE = 0.5
"""Seconds to wait for a worker to end its batch before the results are left as they were."""


class Refreshing:
    """Has results worked out while a run goes, by the thread that watches it."""

    def __init__(self) -> None:
        self._due = 0.0
        self._is_put_off = False
        self._of = Progress()

    def begin(self) -> None:
        """The workers begin now."""
        self._due = time.perf_counter() + _FIRST

    def tend(
        self, crew: Crew, take: Callable[[AllCounted], object], *, is_paused: bool, time_left: float | None
    ) -> None:
        """Does what is due.

        Args:
            crew: at work.
            take: gets what has been counted.
            is_paused: the run is held: who has done that looks at its numbers, which must not come late.
            time_left: of the run, seconds; ``None``: nobody can know.
        """
        done = crew.progress
        if not (is_paused and done != self._of) and not self._is_due(time_left):
            return
        self._is_put_off = False
        spent = time.thread_time() + crew.copying_seconds
        # Whoever hangs in a batch must not keep the others from being seen.
        counted = crew.counted(_PATIENCE)
        if counted is not None:
            self._of = done
            take(counted)
        cost = time.thread_time() + crew.copying_seconds - spent
        self._due = time.perf_counter() + max(_INTERVAL, cost / _SHARE)

    def _is_due(self, time_left: float | None) -> bool:
        if time.perf_counter() < self._due:
            return False
        if time_left is not None and time_left < _FIRST and not self._is_put_off:
            # The last numbers come as soon as these would, and at the price of these.
            self._is_put_off = True
            self._due = time.perf_counter() + _FIRST
            return False
        return True
