"""Threads of guests: from start to result, ten thousand in a row, and a minute of traps beside healthy guests."""

from __future__ import annotations

import argparse
import gc
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil

from engine.wasm.errors import GuestTrap
from engine.wasm.host import Host
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.manager import ThreadManager
from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.timing import percentile
from tests.guests import wasm_of

_CYCLES = 10_000
_WARM_UP = 1_000
_HAMMERS = 4
_WAIT = 60.0
_MOST_GROWTH = 8.0

GUEST = """(module
    (import "env" "__host_len" (func $len (result i32)))
    (import "env" "__load_input" (func $load (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "__pipeline") (result i32) (call $load (i32.const 0) (call $len)))
    (func (export "unreachable") unreachable)
    (func (export "divide") (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
    (func $deep (export "deep") (call $deep))
    (func (export "outside") (result i32) (i32.load (i32.const 1000000))))"""
"""Healthy in one function, and trapping in one of each kind."""

_TRAPS = {
    "unreachable": "UNREACHABLE",
    "divide": "INTEGER_DIVISION_BY_ZERO",
    "deep": "STACK_OVERFLOW",
    "outside": "MEMORY_OUT_OF_BOUNDS",
}


def cycle(threads: ThreadManager, text: bytes) -> float:
    """Starts, waits for, reads and frees one thread. Returns the seconds from its start to its result."""
    began = time.perf_counter()
    thread = threads.spawn("__pipeline", text)
    length = threads.wait_result(thread, _WAIT)
    seconds = time.perf_counter() - began
    if threads.read_memory(thread, 0, length) != text:
        raise AssertionError("a thread gave something else than its input")
    threads.free(thread)
    return seconds


def trap(threads: ThreadManager, entrypoint: str) -> None:
    """Starts a thread that traps, and sees that its own trap is told."""
    thread = threads.spawn(entrypoint)
    try:
        threads.wait_result(thread, _WAIT)
    except ThreadError as error:
        cause = error.__cause__
        if (
            error.kind is not ThreadFault.TRAPPED
            or not isinstance(cause, GuestTrap)
            or cause.code != _TRAPS[entrypoint]
        ):
            raise AssertionError("a thread was told another's error") from error
    else:
        raise AssertionError("a thread that should trap did not")
    threads.free(thread)


def growth(work: Callable[[], object], times: int) -> float:
    """MiB that doing it so often leaves behind."""
    for _ in range(_WARM_UP):
        work()
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(times):
        work()
    gc.collect()
    return float(process.memory_info().rss - before) / (1 << 20)


def hammer(threads: ThreadManager, seconds: float) -> Counter[str]:
    """Several threads start trapping and healthy guests for a while; raises what one of them met."""
    counts: Counter[str] = Counter()
    wrong: list[BaseException] = []
    end = time.monotonic() + seconds
    counting = threading.Lock()

    def work(number: int) -> None:
        done: Counter[str] = Counter()
        entrypoints = list(_TRAPS)
        try:
            while time.monotonic() < end and not wrong:
                cycle(threads, b"%d" % number * 100)
                trap(threads, entrypoints[(number + done["traps"]) % len(entrypoints)])
                done.update(("healthy", "traps"))
        except BaseException as error:
            wrong.append(error)
        with counting:
            counts.update(done)

    hammers = [threading.Thread(target=work, args=(number,)) for number in range(_HAMMERS)]
    for each in hammers:
        each.start()
    for each in hammers:
        each.join()
    if wrong:
        raise wrong[0]
    return counts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to hammer")
    seconds = parser.parse_args().seconds
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-") as name:
        host = Host(Path(name))
        with ThreadManager(host, "bench", wasm_of(GUEST)) as threads:
            times = [cycle(threads, b"ACGT") for _ in range(_WARM_UP + _CYCLES)][_WARM_UP:]
            cycles = growth(lambda: cycle(threads, b"ACGT"), _CYCLES)
            traps = growth(lambda: trap(threads, "unreachable"), _CYCLES)
            counts = hammer(threads, seconds)
            left = threads.statistics().present
    report.print_figures(
        [
            report.at_most("start to result, median", percentile(times, 50) * 1e6, 150, "µs"),
            report.Figure("start to result, 95 %", f"{percentile(times, 95) * 1e6:.0f} µs"),
            report.at_most(f"memory after {_CYCLES:,} threads", cycles, _MOST_GROWTH, "MiB"),
            report.at_most(f"memory after {_CYCLES:,} traps", traps, _MOST_GROWTH, "MiB"),
            report.at_most("threads left", left, 0, ""),
            report.Figure(
                f"{_HAMMERS} hammers for {seconds:g} s", f"{counts['healthy']:,} well, {counts['traps']:,} traps"
            ),
        ]
    )


if __name__ == "__main__":
    main()
