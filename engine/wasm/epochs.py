"""Asking at every tick of a running guest whether it may go on."""

from __future__ import annotations

import ctypes
import itertools
import weakref
from collections.abc import Callable
from typing import Any, Protocol

from wasmtime import Store
from wasmtime import _bindings as bindings
from wasmtime import _ffi as ffi

from engine.wasm.functions import NO_FINALIZER


class Stoppable(Protocol):
    """Whatever runs in a store."""

    def must_stop(self) -> bool:
        """Whether the running call is to end."""


_numbers = itertools.count(1)
_running: weakref.WeakValueDictionary[int, Stoppable] = weakref.WeakValueDictionary()


def _tick(_context: object, number: int | None, delta: Any, kind: Any) -> int:
    """Go on, or stop with an error."""
    guest = _running.get(number or 0)
    if guest is None or guest.must_stop():
        return ctypes.cast(ffi.wasmtime_error_new(b"stopped"), ctypes.c_void_p).value or 0
    delta[0] = 1
    ctypes.cast(kind, ctypes.POINTER(ctypes.c_uint8))[0] = 0
    return 0


# One for all guests: thousands of them come and go.
_on_tick = bindings._wasmtime_store_epoch_deadline_callback.argtypes[1](_tick)


def ask_at_every_tick(store: Store, guest: Stoppable) -> Callable[[], object]:
    """Has the guest of a store asked whether it must stop.

    Returns:
        To be called when the store is closed.
    """
    number = next(_numbers)
    _running[number] = guest
    store.set_epoch_deadline(1)
    bindings._wasmtime_store_epoch_deadline_callback(store.ptr(), _on_tick, number, NO_FINALIZER)
    return lambda: _running.pop(number, None)
