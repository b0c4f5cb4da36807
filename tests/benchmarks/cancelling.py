"""How soon guests end that are called off: computing without end, or waiting for a notification that never comes."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine.wasm.errors import GuestCancelled
from engine.wasm.host import Host
from engine.wasm.limits import Watch
from engine.wasm.wasi_threads.config import ProcessLimits
from engine.wasm.wasi_threads.process import WasiProcess
from tests.benchmarks.measuring import report
from tests.benchmarks.measuring.timing import percentile
from tests.guests import wasm_of

_ROUNDS = 30
_SETTLE = 0.03
_GOAL = 50
_MIB = 1 << 20

SPINNING = '(module (func (export "spin") (loop $again (br $again))))'


def waiting(size: int, used: int) -> str:
    """Two threads that wait at the end of what is used of a memory; sizes in MiB."""
    return f"""(module (import "env" "memory" (memory {size * 16} {size * 16} shared)) (export "memory" (memory 0))
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (func (export "wasi_thread_start") (param i32 i32)
            (i32.store (i32.const 4) (i32.const 1))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            (drop (memory.atomic.wait32 (i32.const {used * _MIB - 4}) (i32.const 1) (i64.const -1))))
        (func (export "_start")
            (memory.fill (i32.const 16) (i32.const 1) (i32.const {used * _MIB - 20}))
            (i32.store (i32.const {used * _MIB - 4}) (i32.const 1))
            (drop (call $spawn (i32.const 0)))
            (drop (memory.atomic.wait32 (i32.const {used * _MIB - 4}) (i32.const 1) (i64.const -1)))))"""


def spin_seconds(host: Host) -> float:
    """From calling a computing guest off to its end."""
    watch, ended = Watch(), list[float]()

    def work() -> None:
        with host.program("bench", wasm_of(SPINNING)).open(watch=watch) as guest:
            try:
                guest.call("spin")
            except GuestCancelled:
                ended.append(time.perf_counter())

    return _seconds(work, watch.cancel, lambda: None, ended)


def wait_seconds(host: Host, wasm: bytes) -> float:
    """From calling off a process whose threads wait to its end."""
    process, ended = WasiProcess(host, "bench", wasm, ProcessLimits(memory_bytes=256 * _MIB)), list[float]()

    def work() -> None:
        try:
            process.run()
        except GuestCancelled:
            ended.append(time.perf_counter())

    def begun() -> None:
        while not process.output:
            time.sleep(0.001)

    return _seconds(work, process.cancel, begun, ended)


def _seconds(
    work: Callable[[], None], cancel: Callable[[], None], begun: Callable[[], None], ended: list[float]
) -> float:
    thread = threading.Thread(target=work)
    thread.start()
    begun()
    time.sleep(_SETTLE)
    called = time.perf_counter()
    cancel()
    thread.join()
    return ended[0] - called


def main() -> None:
    """Measure and print."""
    report.print_machine()
    with tempfile.TemporaryDirectory(prefix="lanescope-") as name:
        plain, shared = Host(Path(name)), Host(Path(name) / "shared", shared_memory=True)
        figures = [_figure("computing", [spin_seconds(plain) for _ in range(_ROUNDS)])]
        for size, used in ((1, 1), (16, 1), (256, 1), (256, 128)):
            wasm = wasm_of(waiting(size, used))
            times = [wait_seconds(shared, wasm) for _ in range(_ROUNDS)]
            figures.append(_figure(f"waiting, {used} of {size} MiB used", times))
    report.print_figures(figures)


def _figure(name: str, times: list[float]) -> report.Figure:
    most = f" (95 %: {percentile(times, 95) * 1e3:.0f} ms)"
    return report.at_most(name, percentile(times, 50) * 1e3, _GOAL, "ms", most)


if __name__ == "__main__":
    main()
