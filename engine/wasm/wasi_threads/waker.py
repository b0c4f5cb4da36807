"""Frees threads that wait at an address for a notification that never comes."""

from __future__ import annotations

from wasmtime import wat2wasm

from engine.wasm.host import Host
from engine.wasm.limits import Limits
from engine.wasm.shared_memory import SharedImport

# Every place where a thread can wait is a multiple of 4. Running on takes longest for the largest memory.
_TEXT = """(module (import "{module}" "{name}" (memory 0 65536 shared))
    (func (export "wake") (param $address i32) (param $words i32)
        (loop $next
            (if (i32.eqz (local.get $words)) (then (return)))
            (drop (memory.atomic.notify (local.get $address) (i32.const -1)))
            (local.set $address (i32.add (local.get $address) (i32.const 4)))
            (local.set $words (i32.sub (local.get $words) (i32.const 1)))
            (br $next))))"""
_SECONDS = 120.0


def wake_all(host: Host, memory: SharedImport) -> None:
    """Notifies every address of a memory: 4 ms for each MiB. The threads notice then that they are to stop.

    Epochs cannot reach a thread inside ``memory.atomic.wait``, so that this is the only way to end one.
    """
    text = _TEXT.format(module=_quoted(memory.module), name=_quoted(memory.name))
    program = host.link("waker", host.compile("waker", bytes(wat2wasm(text))), memory=memory)
    with program.open(Limits(call_seconds=_SECONDS)) as waker:
        waker.call("wake", 0, memory.span()[1] // 4)


def _quoted(name: str) -> str:
    """A name as it may stand in the text form, whatever the guest's author chose."""
    return "".join(f"\\{byte:02x}" for byte in name.encode())
