"""Working time, without the pauses."""

from __future__ import annotations

import time


class Stopwatch:
    """Seconds between `start` and `stop`, summed; may be started again."""

    def __init__(self) -> None:
        self._total = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """Goes on; harmless when it runs."""
        if self._since is None:
            self._since = time.perf_counter()

    def stop(self) -> None:
        """Holds; harmless when it stands."""
        if self._since is not None:
            self._total += time.perf_counter() - self._since
            self._since = None

    @property
    def seconds(self) -> float:
        """Working time so far."""
        return self._total + (time.perf_counter() - self._since if self._since is not None else 0.0)
