"""The heartbeat by which running guests notice that they must stop."""

from __future__ import annotations

import threading
import time

from wasmtime import Engine

TICK = 0.01
"""Seconds between two ticks."""

_LINGER_TICKS = 25


class Ticker:
    """Moves an engine's epoch on while any guest is open: a thread that comes when needed and goes by itself.

    The thread stays for a quarter of a second after the last guest, since guests often follow
    one another and a thread costs more than an instance. Nothing is told to it for the same reason.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guests = 0
        self._counting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        with self._counting:
            self._guests += 1
            if self._thread is None:
                # Nothing is lost if the process ends under it.
                self._thread = threading.Thread(target=self._tick, name="wasm ticker", daemon=True)
                self._thread.start()

    def __exit__(self, *_: object) -> None:
        with self._counting:
            self._guests -= 1

    def _tick(self) -> None:
        idle = 0
        while True:
            time.sleep(TICK)
            with self._counting:
                idle = 0 if self._guests else idle + 1
                if idle > _LINGER_TICKS:
                    self._thread = None
                    return
            self._engine.increment_epoch()
