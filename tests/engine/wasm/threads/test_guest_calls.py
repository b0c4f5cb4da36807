from __future__ import annotations

import logging

import pytest

from engine.wasm.errors import OutputRefused
from engine.wasm.host import Host
from engine.wasm.limits import Limits
from engine.wasm.state.flush_message import encode_flush
from engine.wasm.state.memory import MemoryState
from engine.wasm.threads.config import PoolConfig
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.manager import ThreadManager
from tests.engine.wasm.threads.family import family
from tests.guests import wasm_of

PATIENCE = 30.0
BOOM, SPIN, MISSING = (2, len("boom")), (3, len("spin")), (4, len("missing"))


def result(threads: ThreadManager, entrypoint: str, *arguments: int, data: bytes = b"") -> int:
    return threads.wait_result(threads.spawn(entrypoint, data, arguments=arguments), PATIENCE)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("load_arity", [1, 2])
@pytest.mark.parametrize("prefix", ["", "__"])
@pytest.mark.parametrize("module", ["wasi", "env"])
def test_every_spelling_of_published_guests(
    host: Host, module: str, prefix: str, load_arity: int, workers: int
) -> None:
    wasm = family(prefix=prefix, module=module, load_arity=load_arity)
    with ThreadManager(host, "demo", wasm, PoolConfig(workers=workers)) as threads:
        thread = threads.spawn("echo", arguments=(5,))
        assert threads.wait_result(thread, PATIENCE) == 5
        memory = threads.read_memory(thread, 0, 49_152)
        assert memory[:5] == b"hello"
        assert memory[16_384:16_389] == b"hello"
        assert memory[32_768:32_773] == b"hello"
        assert threads.statistics().present == 1
        assert result(threads, "start_and_read", 1234) == 1234


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_parents_wait_for_children_without_deadlock(host: Host, workers: int) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(workers=workers)) as threads:
        parents = [threads.spawn("nest", bytes([4])) for _ in range(6)]
        assert [threads.wait_result(parent, PATIENCE) for parent in parents] == [16] * 6
        told = threads.statistics()
        assert told.present == 6
        assert told.started == 6 * 31
        assert told.waiting == told.queued == 0


def test_children_go_with_their_parent(host: Host) -> None:
    with ThreadManager(host, "demo", family()) as threads:
        assert result(threads, "wait_for", *SPIN, 1) == -3
        threads.close()
        told = threads.statistics()
        assert (told.present, told.running, told.failed, told.freed) == (0, 0, 1, 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_child_does_wrong_is_told_in_numbers(host: Host, workers: int) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(workers=workers)) as threads:
        assert result(threads, "wait_for", *BOOM, 20_000) == -1
        assert result(threads, "wait_for", *SPIN, 10) == -3
        assert result(threads, "wait_for", *MISSING, 10) == -3
        assert result(threads, "wait_for", MISSING[0], -1, 10) == -3
        assert result(threads, "wait_self", 99) == -2
        assert result(threads, "free_self", 99) == -2


def test_a_guest_cannot_reach_the_threads_of_others(host: Host) -> None:
    with ThreadManager(host, "demo", family()) as threads:
        first = threads.spawn("nothing")
        threads.wait_result(first, PATIENCE)
        assert result(threads, "wait_self", first) == -2
        assert result(threads, "free_self", first) == -2
        assert threads.memory_export(first)


def test_a_thread_that_waits_for_itself_is_told(host: Host) -> None:
    with ThreadManager(host, "demo", family()) as threads:
        assert result(threads, "wait_self", 1) == -1
        assert result(threads, "free_self", 2) == -1


def test_asking_again_and_again_lets_the_child_run(host: Host) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(workers=1)) as threads:
        assert result(threads, "poll") == 9


def test_threads_start_threads_only_so_deep(host: Host) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(depth=3)) as threads:
        assert result(threads, "nest", data=bytes([2])) == 4
        assert result(threads, "nest", data=bytes([3])) == -2 * 4  # the deepest are refused, which is what they return
        assert threads.statistics().refused == 8


@pytest.mark.parametrize("changes", [{"threads": 20}, {"depth": 1}])
def test_a_guest_that_starts_threads_forever_is_ended(host: Host, changes: dict[str, int]) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(**changes)) as threads:  # type: ignore[arg-type] # by name
        with pytest.raises(ThreadError, match="forever stopped: it keeps starting threads: ") as caught:
            result(threads, "forever")
        assert caught.value.kind is ThreadFault.TRAPPED
        threads.free(1)
        assert result(threads, "nothing") == 0


def test_a_parent_out_of_time_takes_its_children_along(host: Host) -> None:
    config = PoolConfig(limits=Limits(call_seconds=0.1))
    with ThreadManager(host, "demo", family(), config) as threads:
        with pytest.raises(ThreadError, match="time was up") as caught:
            result(threads, "wait_for", *SPIN, 60_000)
        assert caught.value.kind is ThreadFault.TIMEOUT
        threads.close()
        assert threads.statistics().present == 0


def test_freeing_a_waiting_parent_ends_it_at_once(host: Host) -> None:
    with ThreadManager(host, "demo", family(), PoolConfig(workers=1)) as threads:
        parent = threads.spawn("wait_for", arguments=(*SPIN, 60_000))
        threads.free(parent)
        assert result(threads, "nothing") == 0


def test_addresses_outside_the_memory_end_the_thread(host: Host) -> None:
    more = """(func (export "load_outside") (drop (call $load (i32.const -4) (i32.const 10))))
        (func (export "name_outside") (drop (call $thread_spawn_pipeline
            (i32.const -4) (i32.const 10) (i32.const 0) (i32.const 0))))
        (func (export "input_outside") (drop (call $thread_spawn_pipeline
            (i32.const 2048) (i32.const 10) (i32.const 0) (i32.const -1))))"""
    with ThreadManager(host, "demo", family(more=more)) as threads:
        for entrypoint in ("load_outside", "name_outside", "input_outside"):
            where = rf"not inside the memory .*; {entrypoint} asked for it, in function \d+ \(\+0x[0-9a-f]+\)"
            with pytest.raises(ThreadError, match=where) as caught:
                result(threads, entrypoint, data=b"ACGTACGTAC")
            assert isinstance(caught.value.__cause__, OutputRefused)


STATE = """(module
    (import "env" "__host_len" (func $len (result i32))) (import "env" "__load_input" (func $load (param i32)))
    (import "env" "__get_len" (func $get_len (param i32) (result i32)))
    (import "env" "__get" (func $get (param i32 i32))) (import "env" "__flush" (func $flush (param i32)))
    (import "env" "__log" (func $log (param i32))) (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 1020) "\\05\\00\\00\\00alpha")
    (data (i32.const 1100) "\\0a\\00\\00\\00w\\00r\\00o\\00n\\00g\\00")
    (data (i32.const 1200) "\\08\\00\\00\\00a\\00.\\00t\\00s\\00")
    (func (export "flush") (i32.store (i32.const 0) (call $len)) (call $load (i32.const 4)) (call $flush (i32.const 4)))
    (func (export "get") (result i32) (local $length i32)
        (local.set $length (call $get_len (i32.const 1024)))
        (i32.store (i32.const 0) (local.get $length))
        (call $get (i32.const 1024) (i32.const 4))
        (local.get $length))
    (func (export "get_short") (result i32)
        (i32.store (i32.const 0) (i32.const 2)) (call $get (i32.const 1024) (i32.const 4)) (i32.const 6))
    (func (export "log") (call $log (i32.const 1024)))
    (func (export "abort") (call $abort (i32.const 1104) (i32.const 1204) (i32.const 7) (i32.const 1))))"""


def test_guests_read_and_write_the_state(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    state = MemoryState()
    with ThreadManager(host, "demo", wasm_of(STATE), state=state) as threads:
        assert result(threads, "get") == 0
        result(threads, "flush", data=encode_flush({b"alpha": b"ACGT" * 50, b"beta": b""}))
        assert state.scan(b"") == [(b"alpha", b"ACGT" * 50), (b"beta", b"")]
        reader = threads.spawn("get")
        assert threads.wait_result(reader, PATIENCE) == 200
        assert threads.read_memory(reader, 4, 200) == b"ACGT" * 50
        short = threads.spawn("get_short")
        threads.wait_result(short, PATIENCE)
        assert threads.read_memory(short, 4, 4) == b"AC\0\0"
        result(threads, "log")
        assert "demo: alpha" in caplog.messages
        with pytest.raises(ThreadError, match=r"abort stopped: it called abort: wrong \(a.ts, line 7\)"):
            result(threads, "abort")


def test_guests_call_the_host_while_they_start(host: Host, caplog: pytest.LogCaptureFixture) -> None:
    """As code at the top level of AssemblyScript does, before anybody has been told of the memory."""
    caplog.set_level(logging.INFO)
    wasm = wasm_of("""(module
        (import "env" "__host_len" (func $len (result i32))) (import "env" "__load_input" (func $load (param i32)))
        (import "env" "__log" (func $log (param i32))) (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
        (memory (export "memory") 1) (data (i32.const 1100) "\\06\\00\\00\\00e\\00n\\00d\\00")
        (func $starts
            (i32.store (i32.const 0) (call $len)) (call $load (i32.const 4)) (call $log (i32.const 4))
            (if (i32.eqz (call $len)) (then
                (call $abort (i32.const 1104) (i32.const 1104) (i32.const 1) (i32.const 1)))))
        (start $starts)
        (func (export "loaded") (result i32) (i32.load (i32.const 0))))""")
    with ThreadManager(host, "demo", wasm) as threads:
        assert result(threads, "loaded", data=b"ACGT") == 4
        assert caplog.messages == ["demo: ACGT"]
        with pytest.raises(ThreadError, match=r"start stopped: it called abort: end \(end, line 1\)"):
            result(threads, "loaded")


@pytest.mark.parametrize("message", [b"\x0a", b"\x0a\x05abc", b"\x12\x00\x0a\x00", b"\x0a\x01k", b"\xff" * 12])
def test_a_flush_that_makes_no_sense_changes_nothing(host: Host, message: bytes) -> None:
    with ThreadManager(host, "demo", wasm_of(STATE)) as threads:
        with pytest.raises(ThreadError, match="to be flushed"):
            result(threads, "flush", data=encode_flush({b"good": b"1"}) + message)
        assert threads.state.scan(b"") == []


def test_only_what_is_imported_is_lent(host: Host) -> None:
    with ThreadManager(host, "demo", wasm_of('(module (func (export "_start")))')) as threads:
        assert result(threads, "_start") == 0
        with pytest.raises(ThreadError, match="not inside the 0 of thread"):
            threads.read_memory(1, 0, 1)
        assert threads.memory_export(1) == b""
