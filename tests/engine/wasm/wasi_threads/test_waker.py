"""Ending threads that wait for ever, in memories of every size."""

from __future__ import annotations

import ctypes
import mmap
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.wasm.errors import GuestCancelled
from engine.wasm.host import Host
from engine.wasm.wasi_threads.config import ProcessLimits
from engine.wasm.wasi_threads.process import WasiProcess
from engine.wasm.wasi_threads.resident import used_parts
from engine.wasm.wasi_threads.stacks import waited_for
from tests.guests import wasm_of

MIB = 1 << 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="not on this platform: pages in use are not told")
def test_only_pages_that_were_touched_are_used() -> None:
    with mmap.mmap(-1, 64 * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        assert list(used_parts(address, 0)) == []
        assert list(used_parts(address, 64 * MIB)) == []
        memory[20 * MIB] = 1
        assert memory[40 * MIB + 5] == 0  # reading is use enough
        parts = list(used_parts(address, 64 * MIB))
        for place in (20 * MIB, 40 * MIB + 5):
            assert any(start <= place < start + size for start, size in parts)
        assert sum(size for _, size in parts) <= 8 * MIB  # some systems take large pages
        assert all(start % mmap.PAGESIZE == size % mmap.PAGESIZE == 0 for start, size in parts)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="not on this platform: stacks are not shown")
def test_stacks_tell_where_threads_wait(shared_host: Host) -> None:
    place = 50_008
    wasm = wasm_of(f"""(module (import "env" "memory" (memory 1 1 shared)) (func (export "_start")
        (drop (memory.atomic.wait64 (i32.const {place}) (i64.const 0) (i64.const -1)))))""")
    process = WasiProcess(shared_host, "waits", wasm)
    runner = threading.Thread(target=pytest.raises, args=(GuestCancelled, process.run))
    runner.start()
    ends = time.monotonic() + 30
    found: list[int] = []
    while place not in found and time.monotonic() < ends:
        numbers = [thread.native_id for thread in threading.enumerate() if thread.name == "waits thread 0"]
        found = waited_for(numbers, *process._memory.span())
        runner.join(0.001)
    process.cancel()
    runner.join()
    assert place in found
    assert waited_for([None, 0, 1 << 30], 0, 1 << 30) == []


@pytest.mark.parametrize("place", [64, 100 * MIB + 4, 256 * MIB - 8])
def test_threads_that_wait_anywhere_in_a_large_memory_can_be_called_off(shared_host: Host, place: int) -> None:
    """One waits for a word of four bytes and one for a word of eight, which ends the process only if both are found."""
    wasm = wasm_of(f"""(module (import "env" "memory" (memory 4096 4096 shared)) (export "memory" (memory 0))
        (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (func (export "wasi_thread_start") (param i32 i32)
            (i32.store (i32.const 4) (i32.const 1))
            (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
            (drop (memory.atomic.wait32 (i32.const {place}) (i32.const 0) (i64.const -1))))
        (func (export "_start")
            (drop (call $spawn (i32.const 0)))
            (drop (memory.atomic.wait64 (i32.const {place & ~7}) (i64.const 0) (i64.const -1)))))""")
    process = WasiProcess(shared_host, "demo", wasm, ProcessLimits(memory_bytes=256 * MIB))
    caught: list[BaseException] = []

    def run() -> None:
        with pytest.raises(GuestCancelled) as error:
            process.run()
        caught.append(error.value)

    runner = threading.Thread(target=run)
    runner.start()
    while not process.output and runner.is_alive():
        runner.join(0.001)
    process.cancel()
    runner.join()
    assert len(caught) == 1
