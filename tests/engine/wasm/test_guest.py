from __future__ import annotations

import gc
import threading
import time

import psutil
import pytest

from engine.wasm.errors import GuestCancelled, GuestTimeout, GuestTrap, ModuleRefused, OutputRefused, PluginError
from engine.wasm.functions import GuestAbort, HostFunction
from engine.wasm.guest import Guest
from engine.wasm.host import Host
from engine.wasm.limits import Limits, Watch
from engine.wasm.program import Program
from tests.guests import wasm_of

TEXT = """(module
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "mix") (param f64 i64 f32) (result f64)
        (f64.add (f64.add (local.get 0) (f64.convert_i64_s (local.get 1))) (f64.promote_f32 (local.get 2))))
    (func (export "wide") (result i64) (i64.const -5000000000))
    (func (export "boom") (call $inner))
    (func $inner unreachable)
    (func (export "divide") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
    (func (export "outside") (result i32) (i32.load (i32.const 1000000)))
    (func $deep (export "deep") (call $deep))
    (func (export "spin") (loop $again (br $again)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"""


@pytest.fixture
def program(host: Host) -> Program:
    return host.program("demo", wasm_of(TEXT))


def test_calls_take_and_give_every_type(program: Program) -> None:
    with program.open() as guest:
        assert guest.call("add", 40, 2) == 42
        assert guest.call("add", 0xFFFFFFFF, 0) == -1
        assert guest.call("mix", 1.5, -3, 0.25) == -1.25
        assert guest.call("wide") == -5_000_000_000
        with pytest.raises(ModuleRefused, match="no function add of 1 arguments"):
            guest.call("add", 1)
        with pytest.raises(ModuleRefused, match="no function other"):
            guest.call("other")
        assert guest.is_open


@pytest.mark.parametrize(
    ("export", "arguments", "code", "words"),
    [
        ("boom", (), "UNREACHABLE", "gave up"),
        ("divide", (0,), "INTEGER_DIVISION_BY_ZERO", "divided by zero"),
        ("outside", (), "MEMORY_OUT_OF_BOUNDS", "outside its memory"),
        ("deep", (), "STACK_OVERFLOW", "used up its stack"),
    ],
)
def test_traps_say_what_and_where(
    program: Program, export: str, arguments: tuple[int, ...], code: str, words: str
) -> None:
    guest = program.open()
    with pytest.raises(GuestTrap, match=words) as caught:
        guest.call(export, *arguments)
    error = caught.value
    assert (error.plugin, error.export, error.code) == ("demo", export, code)
    assert str(error).startswith(f"demo: {export} stopped: ")
    assert error.frames
    if export == "boom":
        assert [frame.function for frame in error.frames] == ["inner", "function 3"]
    assert not guest.is_open
    with pytest.raises(RuntimeError, match="after it was closed"):
        guest.call("add", 1, 2)


def test_an_endless_loop_ends_in_time(program: Program) -> None:
    began = time.monotonic()
    with program.open(Limits(call_seconds=0.2)) as guest, pytest.raises(GuestTimeout, match="time was up"):
        guest.call("spin")
    assert 0.2 <= time.monotonic() - began < 10  # it ends at all; how soon is measured by the benchmark


def test_cancelling_ends_one_job_and_no_other(program: Program) -> None:
    watch, ended = Watch(), []

    def spin() -> None:
        with program.open(watch=watch) as guest, pytest.raises(GuestCancelled):
            guest.call("spin")
        ended.append(time.monotonic())

    thread = threading.Thread(target=spin)
    with program.open() as other:
        thread.start()
        time.sleep(0.1)
        cancelled = time.monotonic()
        watch.cancel()
        thread.join()
        assert other.call("add", 1, 1) == 2
    assert ended[0] - cancelled < 0.05
    with pytest.raises(GuestCancelled), program.open(watch=watch):
        pass


def test_a_job_may_have_a_deadline(program: Program) -> None:
    with program.open(watch=Watch(time.monotonic() + 0.1)) as guest:
        assert guest.call("add", 1, 1) == 2
        with pytest.raises(GuestTimeout):
            guest.call("spin")


def test_memory_stays_within_its_limit(program: Program, host: Host) -> None:
    with program.open(Limits(memory_bytes=10 << 16)) as guest:
        assert guest.call("grow", 9) == 1
        assert guest.call("grow", 1) == -1
        assert guest.memory_bytes == 10 << 16
    large = host.program("large", wasm_of('(module (memory (export "memory") 1000))'))
    with pytest.raises(ModuleRefused, match=r"large: start failed: .*limit"):
        large.open(Limits(memory_bytes=1 << 20))


def test_memory_is_copied_in_and_out(program: Program) -> None:
    with program.open() as guest:
        guest.write(10, b"hello")
        text = guest.read(10, 5)
        guest.write(10, b"other")
        assert text == b"hello"
        guest.write(65_531, b"ACGTN")
        assert guest.read(65_536, 0) == b""
        for address, length in ((65_532, 5), (-1, 1), (0xFFFFFFFF, 2), (0, 65_537), (0, -1)):
            with pytest.raises(OutputRefused, match="not inside the memory of 65,536 bytes"):
                guest.read(address, length)


def test_a_guest_is_used_by_one_thread_at_a_time(program: Program) -> None:
    watch = Watch()
    guest = program.open(watch=watch)

    def spin() -> None:
        with pytest.raises(GuestCancelled):
            guest.call("spin")

    thread = threading.Thread(target=spin)
    thread.start()
    time.sleep(0.05)
    for use in (lambda: guest.call("add", 1, 2), lambda: guest.read(0, 1), guest.close):
        with pytest.raises(RuntimeError, match="while it ran in another thread"):
            use()
    watch.cancel()
    thread.join()
    guest.close()


@pytest.mark.parametrize(
    ("wasm", "words"),
    [
        (b"", "not WebAssembly"),
        (b"#!/bin/sh", "not WebAssembly"),
        (b"\0asm\x0d\0\1\0", "component"),
        (b"\0asm\1\0\0\0rubbish", "not valid"),
        (wasm_of(TEXT)[:-3], "not valid"),
    ],
)
def test_what_is_no_module_is_refused(host: Host, wasm: bytes, words: str) -> None:
    with pytest.raises(ModuleRefused, match=f"x: .*{words}"):
        host.program("x", wasm)


@pytest.mark.parametrize(
    ("module", "name"),
    [("wasi_snapshot_preview1", "fd_write"), ("wasi_snapshot_preview1", "clock_time_get"), ("env", "getenv")],
)
def test_imports_are_refused_by_name(host: Host, module: str, name: str) -> None:
    wasm = wasm_of(f'(module (import "{module}" "{name}" (func (param i32))))')
    with pytest.raises(ModuleRefused, match=f"x: the module asks for {module}.{name}, which it has not been granted"):
        host.program("x", wasm)


def lent(host: Host, call: object) -> Program:
    wasm = wasm_of("""(module (import "host" "f" (func $f (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "f") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1)))
        (func (export "boom") unreachable))""")
    return host.program("demo", wasm, (HostFunction("host", "f", ("i32", "i32"), "i32", call),))  # type: ignore[arg-type] # any callable


def test_host_functions_know_their_guest(host: Host) -> None:
    def call(guest: Guest, address: int, length: int) -> int:
        return sum(guest.read(address, length)) + int(guest.data)

    with lent(host, call).open() as guest:
        guest.data = 1000
        guest.write(8, bytes([1, 2, 3]))
        assert guest.call("f", 8, 3) == 1006


def test_what_host_functions_raise_reaches_the_caller(host: Host) -> None:
    refused = PluginError("not so", plugin="demo")
    errors: list[BaseException] = [ValueError("odd"), GuestAbort("enough"), refused, KeyboardInterrupt()]

    def call(_guest: Guest, which: int, _other: int) -> int:
        raise errors[which]

    program = lent(host, call)
    with program.open() as guest, pytest.raises(GuestTrap, match="a function of the host failed: odd") as caught:
        guest.call("f", 0, 0)
    assert caught.value.__cause__ is errors[0]
    with program.open() as guest, pytest.raises(GuestTrap, match="f stopped: enough"):
        guest.call("f", 1, 0)
    with program.open() as guest, pytest.raises(PluginError, match="not so") as passed:
        guest.call("f", 2, 0)
    assert passed.value is refused
    with program.open() as guest, pytest.raises(KeyboardInterrupt):
        guest.call("f", 3, 0)


def test_errors_do_not_cross_between_threads(host: Host) -> None:
    def call(_guest: Guest, left: int, right: int) -> int:
        if left < 0:
            raise GuestAbort("mine")
        return left + right

    program = lent(host, call)
    wrong: list[object] = []
    end = time.monotonic() + 2

    def work(kind: int) -> None:
        while time.monotonic() < end:
            with program.open() as guest:
                try:
                    if kind == 0:
                        guest.call("boom")
                    elif kind == 1:
                        guest.call("f", -1, 0)
                    elif guest.call("f", kind, kind) != 2 * kind:
                        wrong.append("sum")
                except GuestTrap as error:
                    if (kind == 0 and error.code != "UNREACHABLE") or (kind == 1 and error.trap != "mine") or kind > 1:
                        wrong.append(error)

    threads = [threading.Thread(target=work, args=(kind,)) for kind in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_ten_thousand_traps_leave_nothing(program: Program) -> None:
    def trap(times: int) -> None:
        for _ in range(times):
            with pytest.raises(GuestTrap), program.open() as guest:
                guest.call("boom")

    trap(1000)
    gc.collect()
    process = psutil.Process()
    before, threads = process.memory_info().rss, process.num_threads()
    trap(10_000)
    gc.collect()
    assert process.memory_info().rss - before < 4 << 20
    assert process.num_threads() <= threads


def test_the_ticker_goes_by_itself(host: Host, program: Program) -> None:
    with program.open():
        assert any(thread.name == "wasm ticker" for thread in threading.enumerate())
    end = time.monotonic() + 2
    while any(thread.name == "wasm ticker" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.05)
