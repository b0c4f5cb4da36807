from __future__ import annotations

import gc
import os
import runpy
import threading
from pathlib import Path

import psutil
import pytest

from engine.wasm.errors import GuestTrap, ImportRefused, ModuleRefused
from engine.wasm.host import Host
from engine.wasm.limits import Limits
from engine.wasm.threads.config import PoolConfig
from engine.wasm.threads.errors import ThreadError, ThreadFault
from engine.wasm.threads.manager import ThreadManager
from tests.benchmarks.threads import GUEST, hammer
from tests.engine.wasm.threads.family import family
from tests.guests import wasm_of

PATIENCE = 30.0
REPOSITORY = Path(__file__).resolve().parents[4]


def manager(host: Host, **changes: object) -> ThreadManager:
    return ThreadManager(host, "demo", family(), PoolConfig(**changes))  # type: ignore[arg-type] # fields by name


def fault(caught: pytest.ExceptionInfo[ThreadError]) -> ThreadFault:
    assert caught.value.plugin == "demo"
    assert str(caught.value).startswith("demo: ")
    return caught.value.kind


def test_a_pipeline_thread_from_start_to_free(host: Host) -> None:
    with manager(host) as threads:
        first, second = threads.spawn("__pipeline", b"ACGT"), threads.spawn("__pipeline", b"TTAGGG")
        assert first != second
        assert threads.wait_result(first, PATIENCE) == 4
        assert threads.wait_result(second, PATIENCE) == 6
        assert threads.wait_result(second) == 6
        assert threads.read_memory(first, 0, 4) == b"ACGT"
        assert threads.read_memory(second, 2, 4) == b"AGGG"
        export = threads.memory_export(second)
        assert len(export) == 4096
        assert export.startswith(b"TTAGGG\0")
        assert threads.custom_data(second) == b"hello"
        threads.free(first)
        threads.free(second)
        assert threads.statistics().present == 0


def test_any_entry_point_will_do(host: Host) -> None:
    with manager(host) as threads:
        assert threads.wait_result(threads.spawn("add", arguments=(40, 2)), PATIENCE) == 42
        assert threads.wait_result(threads.spawn("negative"), PATIENCE) == -7
        assert threads.wait_result(threads.spawn("nothing"), PATIENCE) == 0
        view = threads.spawn("view")
        threads.wait_result(view, PATIENCE)
        assert threads.result_buffer(view) == b"hello"


@pytest.mark.parametrize(("entrypoint", "arguments"), [("other", ()), ("add", (1,)), ("wide", ()), ("memory", ())])
def test_an_impossible_entry_point_is_a_bad_argument(host: Host, entrypoint: str, arguments: tuple[int, ...]) -> None:
    with manager(host) as threads:
        with pytest.raises(ThreadError, match=entrypoint) as caught:
            threads.spawn(entrypoint, arguments=arguments)
        assert fault(caught) is ThreadFault.BAD_ARGUMENT


def test_an_input_beyond_the_memory_is_a_bad_argument(host: Host) -> None:
    with manager(host, limits=Limits(memory_bytes=1 << 18)) as threads:
        with pytest.raises(ThreadError, match="does not fit") as caught:
            threads.spawn("__pipeline", bytes((1 << 18) + 1))
        assert fault(caught) is ThreadFault.BAD_ARGUMENT


def test_a_trap_is_told_with_its_place(host: Host) -> None:
    with manager(host) as threads:
        thread = threads.spawn("boom")
        for ask in (
            lambda: threads.wait_result(thread, PATIENCE),
            lambda: threads.read_memory(thread, 0, 1),
            lambda: threads.memory_export(thread),
            lambda: threads.custom_data(thread),
        ):
            with pytest.raises(ThreadError, match="boom stopped: it gave up") as caught:
                ask()
            assert fault(caught) is ThreadFault.TRAPPED
            assert caught.value.thread == thread
            assert isinstance(caught.value.__cause__, GuestTrap)
            assert caught.value.__cause__.code == "UNREACHABLE"
        threads.free(thread)


def test_waiting_has_an_end_and_the_thread_goes_on(host: Host) -> None:
    with manager(host) as threads:
        thread = threads.spawn("spin")
        with pytest.raises(ThreadError, match=r"has not ended within 0\.01 s") as caught:
            threads.wait_result(thread, 0.01)
        assert fault(caught) is ThreadFault.TIMEOUT
        with pytest.raises(ThreadError, match="has not ended yet") as early:
            threads.read_memory(thread, 0, 1)
        assert fault(early) is ThreadFault.NOT_FOUND
        assert threads.statistics().present == 1
        threads.free(thread)


def test_a_thread_has_a_time_of_its_own(host: Host) -> None:
    with manager(host, limits=Limits(call_seconds=0.05)) as threads:
        with pytest.raises(ThreadError, match="its time was up") as caught:
            threads.wait_result(threads.spawn("spin"), PATIENCE)
        assert fault(caught) is ThreadFault.TIMEOUT


def test_a_number_nobody_has_is_not_found(host: Host) -> None:
    with manager(host) as threads:
        asks = (threads.wait_result, threads.memory_export, threads.custom_data, threads.free)
        for ask in asks:
            for number in (0, -1, 12):
                with pytest.raises(ThreadError) as caught:
                    ask(number)
                assert fault(caught) is ThreadFault.NOT_FOUND


def test_freeing_twice_is_told_apart(host: Host) -> None:
    with manager(host) as threads:
        thread = threads.spawn("nothing")
        threads.wait_result(thread, PATIENCE)
        threads.free(thread)
        with pytest.raises(ThreadError, match="freed before") as caught:
            threads.free(thread)
        assert fault(caught) is ThreadFault.DOUBLE_FREE
        with pytest.raises(ThreadError) as gone:
            threads.read_memory(thread, 0, 1)
        assert fault(gone) is ThreadFault.NOT_FOUND


@pytest.mark.parametrize(("offset", "length"), [(131_072, 1), (0, 131_073), (-1, 2), (0, -1), (1 << 40, 1)])
def test_reading_outside_the_memory_is_a_bad_argument(host: Host, offset: int, length: int) -> None:
    with manager(host) as threads:
        thread = threads.spawn("nothing")
        threads.wait_result(thread, PATIENCE)
        with pytest.raises(ThreadError, match="not inside") as caught:
            threads.read_memory(thread, offset, length)
        assert fault(caught) is ThreadFault.BAD_ARGUMENT
        assert threads.read_memory(thread, 131_072, 0) == b""


def test_there_are_only_so_many_threads(host: Host) -> None:
    with manager(host, threads=2) as threads:
        first = threads.spawn("nothing")
        threads.spawn("nothing")
        with pytest.raises(ThreadError, match="2 threads are there") as caught:
            threads.spawn("nothing")
        assert fault(caught) is ThreadFault.OUT_OF_RESOURCES
        threads.wait_result(first, PATIENCE)
        threads.free(first)
        threads.spawn("nothing")
        assert threads.statistics().refused == 1


def test_threads_hold_only_so_much_memory(host: Host) -> None:
    with manager(host, held_bytes=200_000) as threads:
        for _ in range(2):
            threads.wait_result(threads.spawn("nothing"), PATIENCE)
        assert threads.statistics().held_bytes == 2 * 131_072
        with pytest.raises(ThreadError, match="hold 262,144 bytes") as caught:
            threads.spawn("nothing")
        assert fault(caught) is ThreadFault.OUT_OF_RESOURCES


def test_more_work_than_workers_waits_in_the_queue(host: Host) -> None:
    with manager(host, workers=1) as threads:
        spinning = threads.spawn("spin")
        later = [threads.spawn("__pipeline", b"A" * count) for count in range(20)]
        told = threads.statistics()
        assert (told.running, told.queued, told.present) == (1, 20, 21)
        threads.free(later.pop())
        assert threads.statistics().queued == 19
        threads.free(spinning)
        assert [threads.wait_result(thread, PATIENCE) for thread in later] == list(range(19))
        told = threads.statistics()
        assert (told.started, told.completed, told.failed, told.most_workers) == (21, 19, 1, 1)


def test_a_waiter_is_told_when_its_thread_is_freed(host: Host) -> None:
    with manager(host) as threads:
        thread = threads.spawn("spin")
        told: list[ThreadError] = []

        def wait() -> None:
            with pytest.raises(ThreadError) as caught:
                threads.wait_result(thread, PATIENCE)
            told.append(caught.value)

        waiter = threading.Thread(target=wait)
        waiter.start()
        threads.free(thread)
        waiter.join()
        assert told[0].kind is ThreadFault.NOT_FOUND


def test_a_batch_gives_results_in_order_and_leaves_nothing(host: Host) -> None:
    inputs = [b"%d," % number * (number % 7) for number in range(100)]
    with manager(host, threads=8) as threads:
        assert threads.run_batch(inputs, timeout=PATIENCE) == inputs
        assert threads.run_batch([]) == []
        assert threads.statistics().present == 0


@pytest.mark.parametrize(("entrypoint", "words"), [("boom", "gave up"), ("negative", "returned -7")])
def test_a_batch_that_fails_leaves_nothing(host: Host, entrypoint: str, words: str) -> None:
    with manager(host, workers=1) as threads:
        with pytest.raises(ThreadError, match=words) as caught:
            threads.run_batch([b"x"] * 5, entrypoint, timeout=PATIENCE)
        assert fault(caught) is ThreadFault.TRAPPED
        assert threads.statistics().freed == 5


def test_closing_stops_all_and_refuses_more(host: Host) -> None:
    threads = manager(host, workers=2)
    for _ in range(5):
        threads.spawn("spin")
    threads.close()
    told = threads.statistics()
    assert (told.present, told.queued, told.running, told.freed) == (0, 0, 0, 5)
    with pytest.raises(ThreadError, match="have been ended"):
        threads.spawn("nothing")
    threads.close()


def test_modules_that_ask_for_more_are_refused(host: Host) -> None:
    with pytest.raises(ModuleRefused, match="not WebAssembly"):
        ThreadManager(host, "demo", b"rubbish")
    for text in (
        '(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))',
        '(module (import "wasi" "thread_spawn" (func (param i64) (result i32))))',
        '(module (import "env" "__host_len" (func (param i32 i32) (result i32))))',
        '(module (import "env" "__load_input" (memory 1)))',
    ):
        with pytest.raises(ImportRefused):
            ThreadManager(host, "demo", wasm_of(text))


@pytest.mark.parametrize("name", ["workers", "threads", "depth", "held_bytes"])
def test_a_pool_without_room_makes_no_sense(name: str) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        PoolConfig(**{name: 0})  # type: ignore[arg-type] # fields by name


def test_ten_thousand_threads_and_traps_leave_nothing(host: Host) -> None:
    def cycle(threads: ThreadManager, times: int) -> None:
        for _ in range(times):
            thread = threads.spawn("__pipeline", b"ACGT")
            assert threads.wait_result(thread, PATIENCE) == 4
            assert threads.read_memory(thread, 0, 4) == b"ACGT"
            threads.free(thread)
            broken = threads.spawn("boom")
            with pytest.raises(ThreadError):
                threads.wait_result(broken, PATIENCE)
            threads.free(broken)

    process = psutil.Process()
    before = threading.active_count()
    with manager(host) as threads:
        cycle(threads, 1000)
        gc.collect()
        memory = process.memory_info().rss
        cycle(threads, 10_000)
        gc.collect()
        assert process.memory_info().rss - memory < 8 << 20
        assert threads.statistics().present == 0
        assert threads.statistics().most_workers <= 2
    assert threading.active_count() <= before + 1  # the ticker goes by itself


def test_traps_beside_healthy_threads_do_not_cross_over(host: Host) -> None:
    with ThreadManager(host, "demo", wasm_of(GUEST)) as threads:
        counts = hammer(threads, float(os.environ.get("LANESCOPE_HAMMER_SECONDS", "5")))
        assert counts["healthy"] == counts["traps"] > 0
        assert threads.statistics().present == 0


def test_the_example_in_the_guide_runs(tmp_path: Path) -> None:
    guide = (REPOSITORY / "resources" / "plugins" / "THREADS.md").read_text("utf-8")
    example = guide.partition("```python\n")[2].partition("```")[0]
    script = tmp_path / "example.py"
    script.write_text(example)
    found = runpy.run_path(str(script), {"wasm": family()})
    assert (found["result"], found["results"]) == (b"input", [b"one", b"two"])
