"""Working time, without the pauses."""

from __future__ import annotations

import threading
import time


class Stopwatch:
    """Seconds between `start` and `stop`, summed; may be started again, and used by any thread.

    Args:
        total: seconds to begin with.
    """

    def __init__(self, total: float = 0.0) -> None:
        self._guard = threading.Lock()
        self._total = total
        self._since: float | None = None

    def start(self) -> None:
        """Goes on; harmless when it runs."""
        with self._guard:
            if self._since is None:
                self._since = time.perf_counter()

    def stop(self) -> None:
        """Holds; harmless when it stands."""
        with self._guard:
            self._total = self._now()
            self._since = None

    @property
    def seconds(self) -> float:
        """Working time so far; never less than before."""
        with self._guard:
            return self._now()

    def _now(self) -> float:
        return self._total if self._since is None else self._total + (time.perf_counter() - self._since)
