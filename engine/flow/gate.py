"""Where the threads of a run wait while it is paused."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """The run is being cancelled."""


class Gate:
    """Open, shut or stopped; passed by every thread between two batches."""

    def __init__(self) -> None:
        self._open = True
        self._stopped = False
        self._changed = threading.Condition()

    def shut(self) -> None:
        """Holds every thread that comes to the gate."""
        with self._changed:
            self._open = False

    def open(self) -> None:
        """Lets every thread go on."""
        with self._changed:
            self._open = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Turns every thread away, those that wait too, for good."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def passed_now(self) -> bool:
        """Whether the gate is open, without waiting.

        Raises:
            Stopped: the gate was stopped.
        """
        with self._changed:
            if self._stopped:
                raise Stopped
            return self._open

    def passed(self) -> None:
        """Returns when the gate is open.

        Raises:
            Stopped: the gate was stopped, before or while waiting.
        """
        with self._changed:
            while not self._open and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped
