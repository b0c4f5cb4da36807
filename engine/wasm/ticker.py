"""The heartbeat by which running guests notice that they must stop."""

from __future__ import annotations

import threading
from types import TracebackType

from wasmtime import Engine

TICK = 0.01
"""Seconds between two ticks."""

_LINGER = 0.25


class Ticker:
    """Moves an engine's epoch on while any guest is open: a thread that comes when needed and goes by itself.

    The thread stays for a quarter of a second after the last guest, since guests often follow
    one another and a thread costs more than an instance.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guests = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        with self._changed:
            self._guests += 1
            if self._thread is None:
                # Nothing is lost if the process ends under it.
                self._thread = threading.Thread(target=self._tick, name="wasm ticker", daemon=True)
                self._thread.start()
            elif self._guests == 1:
                self._changed.notify()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._guests -= 1

    def _tick(self) -> None:
        while True:
            with self._changed:
                if not self._guests and not self._changed.wait_for(lambda: self._guests, _LINGER):
                    self._thread = None
                    return
                self._changed.wait_for(lambda: not self._guests, TICK)
            self._engine.increment_epoch()
