"""Working time, without the pauses and without what goes before."""

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


class RunClock:
    """Time in which a run prepares, then time in which it works; neither while it is held. Used by any thread.

    What passes before `prepare` counts for neither: a pipe may let wait for its first byte.

    Args:
        worked: seconds of work to begin with.
        prepared: seconds of preparing to begin with.
    """

    def __init__(self, worked: float = 0.0, prepared: float = 0.0) -> None:
        self._guard = threading.Lock()
        self._preparing = Stopwatch(prepared)
        self._working = Stopwatch(worked)
        self._current: Stopwatch | None = None
        self._is_held = True

    @property
    def prepared(self) -> float:
        """Seconds of preparing so far."""
        return self._preparing.seconds

    @property
    def worked(self) -> float:
        """Seconds of work so far."""
        return self._working.seconds

    def prepare(self) -> None:
        """What passes from now on is preparing."""
        self._turn_to(self._preparing)

    def work(self) -> None:
        """What passes from now on is work."""
        self._turn_to(self._working)

    def end(self) -> None:
        """What passes from now on counts no more."""
        self._turn_to(None)

    def hold(self) -> None:
        """Lets nothing count; harmless when it is held."""
        self._set(is_held=True)

    def go_on(self) -> None:
        """Lets time count again; harmless when it is not held."""
        self._set(is_held=False)

    def _turn_to(self, watch: Stopwatch | None) -> None:
        with self._guard:
            self._stop()
            self._current = watch
            self._start()

    def _set(self, *, is_held: bool) -> None:
        with self._guard:
            self._is_held = is_held
            if is_held:
                self._stop()
            else:
                self._start()

    def _start(self) -> None:
        if self._current is not None and not self._is_held:
            self._current.start()

    def _stop(self) -> None:
        if self._current is not None:
            self._current.stop()
