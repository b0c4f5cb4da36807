"""How components are compiled."""

from __future__ import annotations

from wasmtime import Config

from engine.wasm.limits import Limits

STACK_BYTES = 1 << 20
"""Stack of a component, which is more than modules get: an interpreter calls itself. Fits a thread of any system."""

SETTINGS: dict[str, bool | int | str] = {
    "cranelift_opt_level": "speed",
    "epoch_interruption": True,
    "max_wasm_stack": STACK_BYTES,
    "wasm_threads": False,
    "wasm_multi_memory": False,
    "wasm_memory64": False,
    "wasm_gc": False,
    "wasm_relaxed_simd": False,
}


def config(*, parallel: bool) -> Config:
    """Settings of an engine.

    Args:
        parallel: whether it compiles with threads of its own, which stay.
    """
    made = Config()
    for name, value in SETTINGS.items():
        setattr(made, name, value)
    made.parallel_compilation = parallel
    return made


def limits_for(wanted: Limits) -> Limits:
    """The limits of a component, which is many modules linked with one another over one memory."""
    return Limits(
        memory_bytes=wanted.memory_bytes, call_seconds=wanted.call_seconds, tables=50, table_elements=100_000,
        instances=200,
    )  # fmt: skip
