"""Programs over the wasi-threads interface: each case of its public test suite, and more.

Its cases are threads that compute, wait, sleep or read while another returns or exits; a thread's number and argument;
and the smallest program.
"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.wasm.errors import GuestCancelled, GuestTimeout, GuestTrap, ImportRefused, ModuleRefused, OutputRefused
from engine.wasm.host import Host
from engine.wasm.wasi_threads.config import ProcessLimits
from engine.wasm.wasi_threads.process import WasiProcess
from tests.guests import wasm_of

SYSTEM = "wasi_snapshot_preview1"
IMPORTS = f"""
    (import "wasi" "thread-spawn" (func $thread_spawn (param i32) (result i32)))
    (import "{SYSTEM}" "proc_exit" (func $exit (param i32)))
    (import "{SYSTEM}" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "{SYSTEM}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "{SYSTEM}" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))"""

# Address 0 says that the other thread is about to wait, as far as anyone can say so.
READY = "(i32.atomic.store (i32.const 0) (i32.const 1)) (drop (memory.atomic.notify (i32.const 0) (i32.const -1)))"
WHEN_READY = """(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const 1_000_000)))"""

STUCK = {
    "computes": "(loop $again (br $again))",
    "waits": "(drop (memory.atomic.wait32 (i32.const 20004) (i32.const 0) (i64.const -1)))",
    "waits again and again": """(loop $again
        (drop (memory.atomic.wait64 (i32.const 20008) (i64.const 0) (i64.const -1))) (br $again))""",
    "sleeps": """(i64.store (i32.const 124) (i64.const 1_000_000_000_000))
        (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)))""",
    "reads": """(i32.store (i32.const 100) (i32.const 200)) (i32.store (i32.const 104) (i32.const 1))
        (drop (call $read (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 300)))""",
}
ENDS = {"returns": "(return)", "exits": "(call $exit (i32.const 99)) unreachable", "traps": "unreachable"}


def program(main: str, thread: str = "", imports: str = IMPORTS, pages: str = "1 1", more: str = "") -> bytes:
    return wasm_of(f"""(module (import "foo" "bar" (memory {pages} shared)) {imports}
        (export "memory" (memory 0)) {more}
        (func (export "wasi_thread_start") (param $number i32) (param $argument i32) {thread})
        (func (export "_start") (local $number i32) {main}))""")


def started(then: str) -> str:
    return f"""(if (i32.le_s (call $thread_spawn (i32.const 7)) (i32.const 0)) (then unreachable)) {then}"""


@pytest.mark.parametrize("stuck", STUCK)
@pytest.mark.parametrize(
    ("ender", "end"),
    [*(("the first thread", end) for end in ENDS), ("another thread", "exits"), ("another thread", "traps")],
)
def test_the_end_of_one_is_the_end_of_all(shared_host: Host, ender: str, end: str, stuck: str) -> None:
    if ender == "the first thread":
        wasm = program(started(f"{WHEN_READY} {ENDS[end]}"), f"{READY} {STUCK[stuck]} unreachable")
    else:
        wasm = program(started(f"{READY} {STUCK[stuck]} unreachable"), f"{WHEN_READY} {ENDS[end]}")
    process = WasiProcess(shared_host, "demo", wasm)
    if end == "traps":
        with pytest.raises(GuestTrap, match=r"demo: .* stopped: it gave up") as caught:
            process.run()
        assert caught.value.code == "UNREACHABLE"
    else:
        result = process.run()
        assert result.exit_code == (99 if end == "exits" else 0)
        assert result.threads == 2


@pytest.mark.parametrize("stuck", STUCK)
def test_a_process_that_is_stuck_runs_out_of_time(shared_host: Host, stuck: str) -> None:
    process = WasiProcess(shared_host, "demo", program(STUCK[stuck]), ProcessLimits(seconds=0.1))
    with pytest.raises(GuestTimeout, match="time was up"):
        process.run()


@pytest.mark.parametrize("stuck", STUCK)
def test_a_process_that_is_stuck_can_be_called_off(shared_host: Host, stuck: str) -> None:
    said = """(i32.store (i32.const 100) (i32.const 300)) (i32.store (i32.const 104) (i32.const 1))
        (drop (call $write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 304)))"""
    process = WasiProcess(shared_host, "demo", program(started(said + STUCK[stuck]), STUCK[stuck]))
    canceller = threading.Thread(target=process.cancel)
    errors: list[BaseException] = []

    def run() -> None:
        with pytest.raises(GuestCancelled) as caught:
            process.run()
        errors.append(caught.value)

    runner = threading.Thread(target=run)
    runner.start()
    canceller.start()
    canceller.join()
    runner.join()
    assert len(errors) == 1


def test_threads_share_a_memory_and_know_their_numbers(shared_host: Host) -> None:
    main = """
        (local.set $number (call $thread_spawn (i32.const 12345)))
        (if (i32.le_s (local.get $number) (i32.const 0)) (then unreachable))
        (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
        (if (i32.ne (i32.load (i32.const 4)) (local.get $number)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 12345)) (then unreachable))
        (call $exit (i32.const 22)) unreachable"""
    thread = f"(i32.store (i32.const 4) (local.get 0)) (i32.store (i32.const 8) (local.get 1)) (atomic.fence) {READY}"
    assert WasiProcess(shared_host, "demo", program(main, thread)).run().exit_code == 22


def test_the_older_name_of_the_import_will_do(shared_host: Host) -> None:
    older = IMPORTS.replace("thread-spawn", "thread_spawn")
    assert WasiProcess(shared_host, "demo", program(started(""), imports=older)).run().exit_code == 0


def test_the_smallest_program_has_no_memory_at_all(shared_host: Host) -> None:
    result = WasiProcess(shared_host, "demo", program("", imports="", pages="0 0")).run()
    assert (result.exit_code, result.threads) == (0, 1)


def test_a_memory_that_is_not_exported_is_found(shared_host: Host) -> None:
    wasm = program(STUCK["reads"], imports=IMPORTS).replace(b"\x06memory", b"\x06mamory")
    assert WasiProcess(shared_host, "demo", wasm, standard_input=b"A").run().exit_code == 0
    unnamed = wasm_of(f"""(module (import "foo" "bar" (memory 1 1 shared)) {IMPORTS}
        (func (export "wasi_thread_start") (param i32 i32)) (func (export "_start") {STUCK["reads"]}))""")
    assert WasiProcess(shared_host, "demo", unnamed, standard_input=b"A").run().exit_code == 0


def test_a_hundred_threads_add_up(shared_host: Host) -> None:
    """Each of 100 threads adds 1,000 times; the first waits until all have."""
    thread = """(local $left i32) (local.set $left (i32.const 1000))
        (loop $again
            (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
            (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const 1)))"""
    main = """(local $seen i32)
        (loop $more
            (loop $refused (br_if $refused (i32.lt_s (call $thread_spawn (i32.const 0)) (i32.const 0))))
            (br_if $more (i32.lt_s (local.tee $number (i32.add (local.get $number) (i32.const 1))) (i32.const 100))))
        (loop $wait
            (local.set $seen (i32.atomic.load (i32.const 0)))
            (if (i32.lt_s (local.get $seen) (i32.const 100)) (then
                (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1))) (br $wait))))
        (if (i32.ne (i32.load (i32.const 8)) (i32.const 100000)) (then unreachable))"""
    result = WasiProcess(shared_host, "demo", program(main, thread), ProcessLimits(threads=8)).run()
    assert (result.exit_code, result.threads) == (0, 101)


def test_threads_are_refused_beyond_the_limit(shared_host: Host) -> None:
    main = """
        (loop $again
            (local.set $number (i32.add (local.get $number) (i32.const 1)))
            (br_if $again (i32.gt_s (call $thread_spawn (i32.const 0)) (i32.const 0))))
        (call $exit (local.get $number))"""
    process = WasiProcess(shared_host, "demo", program(main, STUCK["waits"]), ProcessLimits(threads=5))
    result = process.run()
    assert (result.exit_code, result.threads) == (5, 5)


def test_a_guest_that_starts_threads_forever_is_ended(shared_host: Host) -> None:
    forever = "(loop $again (drop (call $thread_spawn (i32.const 0))) (br $again))"
    process = WasiProcess(shared_host, "demo", program(forever, forever), ProcessLimits(threads=6, seconds=0.3))
    with pytest.raises(GuestTimeout):
        process.run()


def test_output_is_kept_up_to_a_limit(shared_host: Host) -> None:
    main = """
        (i32.store (i32.const 100) (i32.const 300)) (i32.store (i32.const 104) (i32.const 3))
        (i32.store (i32.const 108) (i32.const 302)) (i32.store (i32.const 112) (i32.const 2))
        (drop (call $write (i32.const 1) (i32.const 100) (i32.const 2) (i32.const 200)))
        (if (i32.ne (i32.load (i32.const 200)) (i32.const 5)) (then unreachable))
        (drop (call $write (i32.const 2) (i32.const 100) (i32.const 1) (i32.const 200)))
        (drop (call $write (i32.const 1) (i32.const 100) (i32.const 2) (i32.const 200)))
        (if (i32.ne (i32.load (i32.const 200)) (i32.const 2)) (then unreachable))
        (if (i32.ne (call $write (i32.const 1) (i32.const 100) (i32.const 2) (i32.const 200)) (i32.const 51))
            (then unreachable))
        (call $exit (call $write (i32.const 3) (i32.const 100) (i32.const 1) (i32.const 200)))"""
    wasm = program(main, more='(data (i32.const 300) "ACGT")')
    result = WasiProcess(shared_host, "demo", wasm, ProcessLimits(output_bytes=7)).run()
    assert (result.output, result.errors, result.exit_code) == (b"ACGGTAC", b"ACG", 8)


def test_input_is_read_to_its_end(shared_host: Host) -> None:
    """Every byte read is written again; an empty read is the end."""
    main = """
        (i32.store (i32.const 100) (i32.const 300)) (i32.store (i32.const 104) (i32.const 3))
        (loop $again
            (i32.store (i32.const 104) (i32.const 3))
            (drop (call $read (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200)))
            (i32.store (i32.const 104) (i32.load (i32.const 200)))
            (drop (call $write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 204)))
            (br_if $again (i32.load (i32.const 200))))"""
    assert WasiProcess(shared_host, "demo", program(main), standard_input=b"ACGTACGTAC").run().output == b"ACGTACGTAC"


def test_sleeping_takes_its_time(shared_host: Host) -> None:
    clock = f'(import "{SYSTEM}" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))'
    main = """
        (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 400)))
        (i64.store (i32.const 124) (i64.const 30_000_000))
        (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)))
        (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 408)))
        (if (i64.lt_u (i64.sub (i64.load (i32.const 408)) (i64.load (i32.const 400))) (i64.const 30_000_000))
            (then unreachable))
        (if (i64.gt_u (i64.load (i32.const 400)) (i64.const 1_000_000_000_000)) (then unreachable))
        (call $exit (i32.load (i32.const 300)))"""
    assert WasiProcess(shared_host, "demo", program(main, imports=IMPORTS + clock)).run().exit_code == 1


@pytest.mark.parametrize(
    ("name", "parameters", "answer"),
    [
        ("random_get", "i32 i32", 76),
        ("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32", 76),
        ("fd_prestat_get", "i32 i32", 8),
    ],
)
def test_what_would_take_a_right_says_that_there_is_none(
    shared_host: Host, name: str, parameters: str, answer: int
) -> None:
    more = f'(import "{SYSTEM}" "{name}" (func $asked (param {parameters}) (result i32)))'
    zeros = " ".join(f"({kind}.const 3)" for kind in parameters.split())
    wasm = program(f"(call $exit (call $asked {zeros}))", imports=IMPORTS + more)
    assert WasiProcess(shared_host, "demo", wasm).run().exit_code == answer


@pytest.mark.parametrize(
    ("call", "parameters", "answer", "written"),
    [
        ("args_sizes_get (i32.const 0) (i32.const 4)", "i32 i32", 0, "01000000 05000000"),
        ("args_get (i32.const 0) (i32.const 4)", "i32 i32", 0, "04000000 64656d6f 00"),
        ("environ_sizes_get (i32.const 0) (i32.const 4)", "i32 i32", 0, "00000000 00000000"),
        ("environ_get (i32.const 0) (i32.const 4)", "i32 i32", 0, ""),
        ("fd_fdstat_get (i32.const 0) (i32.const 0)", "i32 i32", 0, "02000000 00000000 0200000000000000 00000000"),
        ("fd_fdstat_get (i32.const 2) (i32.const 0)", "i32 i32", 0, "02000000 00000000 4000000000000000 00000000"),
        ("fd_fdstat_get (i32.const 3) (i32.const 0)", "i32 i32", 8, ""),
        ("fd_seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 0)", "i32 i64 i32 i32", 70, ""),
        ("fd_close (i32.const 1)", "i32", 0, ""),
        ("fd_close (i32.const 9)", "i32", 8, ""),
        ("sched_yield", "", 0, ""),
        ("clock_res_get (i32.const 1) (i32.const 0)", "i32 i32", 0, "40420f0000000000"),
        ("clock_res_get (i32.const 2) (i32.const 0)", "i32 i32", 28, ""),
        ("clock_time_get (i32.const 3) (i64.const 0) (i32.const 0)", "i32 i64 i32", 28, ""),
        ("poll_oneoff (i32.const 64) (i32.const 256) (i32.const 0) (i32.const 0)", "i32 i32 i32 i32", 28, ""),
    ],
)
def test_the_system_answers(shared_host: Host, call: str, parameters: str, answer: int, written: str) -> None:
    """Whatever is written goes to address 0, and from there to standard output."""
    name, _, arguments = call.partition(" ")
    write = f'(import "{SYSTEM}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))'
    asked = f'(import "{SYSTEM}" "{name}" (func $asked (param {parameters}) (result i32)))'
    end = f'(import "{SYSTEM}" "proc_exit" (func $exit (param i32)))'
    main = f"""(local.set $number (call $asked {arguments}))
        (i32.store (i32.const 1004) (i32.const 20))
        (drop (call $write (i32.const 1) (i32.const 1000) (i32.const 1) (i32.const 1008)))
        (call $exit (local.get $number))"""
    result = WasiProcess(shared_host, "demo", program(main, imports=write + asked + end)).run()
    assert result.exit_code == answer
    assert result.output == bytes.fromhex(written).ljust(20, b"\0")


def test_polling_tells_what_is_ready(shared_host: Host) -> None:
    """Of a time, the output and a silent input, asked for together, the output is ready at once."""
    main = """
        (i64.store (i32.const 64) (i64.const 11)) (i64.store (i32.const 88) (i64.const 60_000_000_000))
        (i64.store (i32.const 112) (i64.const 22)) (i32.store8 (i32.const 120) (i32.const 2))
        (i32.store (i32.const 128) (i32.const 1))
        (i64.store (i32.const 160) (i64.const 33)) (i32.store8 (i32.const 168) (i32.const 1))
        (if (call $poll (i32.const 64) (i32.const 512) (i32.const 3) (i32.const 400)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 400)) (i32.const 1)) (then unreachable))
        (if (i32.ne (i32.load8_u (i32.const 522)) (i32.const 2)) (then unreachable))
        (call $exit (i32.load (i32.const 512)))"""
    assert WasiProcess(shared_host, "demo", program(main)).run().exit_code == 22


def test_memory_cannot_grow_past_the_limit(shared_host: Host) -> None:
    main = "(call $exit (i32.add (i32.const 1) (memory.grow (i32.const 10))))"
    wasm = program(main, pages="1 65536")
    assert WasiProcess(shared_host, "demo", wasm, ProcessLimits(memory_bytes=8 << 16)).run().exit_code == 0
    assert WasiProcess(shared_host, "demo", wasm, ProcessLimits(memory_bytes=11 << 16)).run().exit_code == 2
    with pytest.raises(ModuleRefused, match="more than 131,072"):
        WasiProcess(shared_host, "demo", program("", pages="3 9"), ProcessLimits(memory_bytes=2 << 16))


def test_addresses_outside_the_memory_end_the_process(shared_host: Host) -> None:
    main = "(drop (call $write (i32.const 1) (i32.const -4) (i32.const 1) (i32.const 0)))"
    with pytest.raises(OutputRefused, match="not inside the memory of 65,536 bytes"):
        WasiProcess(shared_host, "demo", program(main)).run()


def test_what_is_no_such_program_is_refused(shared_host: Host) -> None:
    start = '(func (export "_start"))'
    with pytest.raises(ModuleRefused, match="no memory that threads can share"):
        WasiProcess(shared_host, "demo", wasm_of(f'(module (memory (export "memory") 1) {start})'))
    with pytest.raises(ModuleRefused, match="does not export _start"):
        WasiProcess(shared_host, "demo", wasm_of('(module (import "env" "memory" (memory 1 1 shared)))'))
    shared = '(import "env" "memory" (memory 1 1 shared))'
    with pytest.raises(ModuleRefused, match="does not export wasi_thread_start"):
        WasiProcess(
            shared_host, "demo",
            wasm_of(f'(module {shared} (import "wasi" "thread-spawn" (func (param i32) (result i32))) {start})'),
        )  # fmt: skip
    for name, kind in (("getenv", "(param i32)"), ("memory2", "(param i32)")):
        with pytest.raises(ImportRefused, match=name):
            WasiProcess(
                shared_host, "demo", wasm_of(f'(module {shared} (import "env" "{name}" (func {kind})) {start})')
            )


def test_a_process_runs_once(shared_host: Host, tmp_path: Path) -> None:
    process = WasiProcess(shared_host, "demo", program(""))
    assert process.run().threads == 1
    with pytest.raises(RuntimeError, match="twice"):
        process.run()
    stopped = WasiProcess(shared_host, "demo", program(""))
    stopped.cancel()
    with pytest.raises(GuestCancelled):
        stopped.run()
