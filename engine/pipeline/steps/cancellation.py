"""Calling off what a pipeline does, in all workers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.wasm.limits import Watch


class ExecutionCancelled(Exception):
    """The run was called off while a stage worked or waited."""


class Cancellation:
    """Ends the work of all stages of one run. Any thread may use it."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._guard = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether the run has been called off."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Calls the run off, for good."""
        self._event.set()
        with self._guard:
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def on_cancel(self, listener: Callable[[], None]) -> None:
        """Calls `listener` once the run is called off, at once if it has been."""
        with self._guard:
            if not self._event.is_set():
                self._listeners.append(listener)
                return
        listener()

    def watch(self) -> Watch:
        """A watch over a plugin's calls, called off with the run."""
        watch = Watch()
        self.on_cancel(watch.cancel)
        return watch

    def check(self) -> None:
        """Goes on unless the run has been called off.

        Raises:
            ExecutionCancelled: it has been.
        """
        if self._event.is_set():
            raise ExecutionCancelled

    def wait(self, seconds: float) -> None:
        """Waits, but no longer than the run goes on.

        Raises:
            ExecutionCancelled: it was called off.
        """
        if self._event.wait(seconds):
            raise ExecutionCancelled
