"""What a thread of a run spends its time on."""

from __future__ import annotations

import time
from collections import deque

from engine.run.snapshot import Activity, ThreadLoad

_ACTIVITIES = tuple(Activity)
_INTERVALS_KEPT = 300


class ActivityLog:
    """Time by activity of one thread; written by that thread, read by any.

    The state is one tuple, replaced as a whole, so that no lock is needed.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.batches = 0
        now = time.perf_counter()
        self._state = (Activity.WAITING, now, (0.0,) * len(_ACTIVITIES))

    def switch(self, activity: Activity) -> None:
        """From now on the thread does this."""
        now = time.perf_counter()
        self._state = (activity, now, self._totals(now))

    def read(self) -> tuple[Activity, tuple[float, ...]]:
        """What it does, and the seconds so far of each activity in order of definition."""
        return self._state[0], self._totals(time.perf_counter())

    def seconds(self) -> dict[Activity, float]:
        """Seconds so far of each activity."""
        return dict(zip(_ACTIVITIES, self.read()[1], strict=True))

    def _totals(self, now: float) -> tuple[float, ...]:
        activity, since, totals = self._state
        current = _ACTIVITIES.index(activity)
        return tuple(total + (now - since if i == current else 0.0) for i, total in enumerate(totals))


class LoadHistory:
    """The last seconds of one thread in intervals, from the readings of its log."""

    def __init__(self, log: ActivityLog) -> None:
        self._log = log
        self._last = log.read()[1]
        self._shares: deque[dict[Activity, float]] = deque(maxlen=_INTERVALS_KEPT)

    def sample(self) -> None:
        """Ends an interval."""
        totals = self._log.read()[1]
        spent = [now - before for now, before in zip(totals, self._last, strict=True)]
        self._last = totals
        whole = sum(spent)
        if whole > 0:
            self._shares.append({a: s / whole for a, s in zip(_ACTIVITIES, spent, strict=True) if s > 0})

    def load(self) -> ThreadLoad:
        """The thread as it is now."""
        activity, totals = self._log.read()
        waited = totals[_ACTIVITIES.index(Activity.WAITING)]
        whole = sum(totals)
        return ThreadLoad(
            name=self._log.name,
            activity=activity,
            shares=tuple(self._shares),
            batches=self._log.batches,
            busy=1 - waited / whole if whole else 0.0,
        )
