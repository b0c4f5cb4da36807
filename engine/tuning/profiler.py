"""Windows over the load of a run, long enough to be told apart from chance."""

from __future__ import annotations

import math

from engine.tuning.load import Counters, Load, load_between

_SETTLING = 0.1
"""Seconds after a change that count for nothing: batches of before are still under way."""

_SHORTEST, _LONGEST = 0.25, 2.0
_ENOUGH = 40
"""Batches after which a window need not be longer than the shortest."""

_PLAIN = 0.15
"""Share by which a rate has to differ from another one to plainly be no chance."""

_EACH = 3
"""Batches of each worker after which a window may end early, if its rate plainly is another one."""


class Profiler:
    """Gathers readings, which come some times a second, into windows.

    A window ends when there has been enough in it to compare it with another one; see `margin`.
    """

    def __init__(self) -> None:
        self._began: float | None = None
        self._first: Counters | None = None
        self._last: Counters | None = None
        self._fills: list[float] = []
        self._memory = 0.0
        self._against = 0.0

    def restart(self, against: float = 0.0) -> None:
        """Begins a window anew, after a change or a pause.

        Args:
            against: a rate from which this one's may differ plainly, so that the window need not be long; 0: none.
        """
        self._against = against
        self._began = self._first = self._last = None
        self._fills = []
        self._memory = 0.0

    def add(self, now: Counters, workers: int) -> Load | None:
        """Takes a reading; gives the load of a window that ends with it.

        Args:
            now: the reading.
            workers: those that have a seat.
        """
        if self._began is None:
            self._began = now.time
        if now.time - self._began < _SETTLING:
            return None
        if self._first is None:
            self._first = now
            return None
        self._last = now
        self._fills.append(now.queue_fill)
        self._memory = max(self._memory, now.memory)
        seconds, batches = now.time - self._first.time, now.batches - self._first.batches
        if seconds < _SHORTEST or not batches:
            return None
        load = load_between(self._first, now, sum(self._fills) / len(self._fills), workers, self._memory)
        if batches < _ENOUGH and seconds < _LONGEST and not self._is_plain(load):
            return None
        self.restart()
        self._began = now.time - _SETTLING
        self._first = now
        return load

    def _is_plain(self, load: Load) -> bool:
        if not self._against or load.batches < _EACH * len(load.computing):
            return False
        return abs(load.rate / self._against - 1) > 2 * margin(load, _PLAIN)


def margin(load: Load, least: float) -> float:
    """The share by which the rate of a window has to be above another's to be more than chance.

    Batches are counted when they are done: a window holds up to about one a worker too many or too few.

    Args:
        load: of the window.
        least: what any difference has to be.
    """
    return max(least, math.sqrt(len(load.computing)) / max(load.batches, 1))
