"""Words for what stops a component."""

from __future__ import annotations

from collections.abc import Sequence

_DEPTH = 8
_OUTSIDE = {
    "wall_clock_": "the clock", "monotonic_clock_": "the clock", "poll_": "to wait", "random_": "randomness",
    "insecure_": "randomness", "filesystem_": "files", "stdin_": "a terminal", "stdout_": "a terminal",
    "stderr_": "a terminal", "terminal_": "a terminal", "streams_": "a terminal", "environment_": "the environment",
    "exit_": "to end the program", "tcp_": "the network", "udp_": "the network", "ip_name_lookup_": "the network",
    "instance_network_": "the network", "network_": "the network",
}  # fmt: skip
"""Beginnings of names of C functions that reach out of a component, to what they reach for."""

_TRAPS = {
    "call stack exhausted": ("it called itself too deeply and used up its stack", "STACK_OVERFLOW"),
    "out of bounds memory access": ("it reached outside its memory", "MEMORY_OUT_OF_BOUNDS"),
    "integer divide by zero": ("it divided by zero", "INTEGER_DIVISION_BY_ZERO"),
    "unreachable": ("it gave up (a panic, an abort or a failed check)", "UNREACHABLE"),
}


def stopped_words(message: str, functions: Sequence[str]) -> tuple[str, str, bool]:
    """Why it stopped, in words; the trap's name as WebAssembly knows it, empty if it has none; whether it reached out.

    Args:
        message: what wasmtime says.
        functions: the component's stack, innermost first.
    """
    for function in functions[:_DEPTH]:
        name = function.rpartition("!")[2]
        outside = next((what for start, what in _OUTSIDE.items() if name.startswith(start)), "")
        if outside:
            return f"it asked for {outside}, which plugins do not get", "UNREACHABLE", True
    for trap, (words, code) in _TRAPS.items():
        if trap in message:
            return words, code, False
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return (lines[-1] if lines else "no reason given"), "", False
