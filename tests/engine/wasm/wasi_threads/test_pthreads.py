"""A C program over pthreads: musl's own mutexes, conditions and barriers, on the threads that the host gives."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.wasm.errors import GuestCancelled, GuestTimeout, GuestTrap
from engine.wasm.host import Host
from engine.wasm.wasi_threads.config import ProcessLimits
from engine.wasm.wasi_threads.process import WasiProcess

HERE = Path(__file__).parent / "pthreads"

# Sources of musl that ship with the compiler, as they are; port.c is the little that they need below them.
MUSL = (
    "pthread_barrier_init", "pthread_barrier_wait", "pthread_cleanup_push", "pthread_cond_broadcast",
    "pthread_cond_signal", "pthread_cond_timedwait", "pthread_cond_wait", "pthread_getspecific", "pthread_join",
    "pthread_mutex_lock", "pthread_mutex_timedlock", "pthread_mutex_trylock", "pthread_mutex_unlock", "pthread_once",
    "pthread_rwlock_rdlock", "pthread_rwlock_timedrdlock", "pthread_rwlock_timedwrlock", "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock", "pthread_rwlock_unlock", "pthread_rwlock_wrlock", "pthread_setcancelstate",
    "pthread_setspecific", "pthread_testcancel", "sem_init", "sem_post", "sem_timedwait", "sem_trywait", "sem_wait",
    "vmlock",
)  # fmt: skip
MUSL_FOR_WASI = ("pthread_key_create", "pthread_self")
FLAGS = (
    "-target", "wasm32-wasi", "-mcpu=generic+atomics+bulk_memory+mutable_globals", "-O2", "-g0", "-pthread",
    "-nostdlib", "-ftls-model=local-exec", "-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_SIGNAL",
)  # fmt: skip
LINKED = "-Wl,--no-entry,--import-memory,--export-memory,--shared-memory,--max-memory=4194304,-z,stack-size=65536"


def compile_with(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "ziglang", "cc", *FLAGS, *map(str, arguments)], check=True, timeout=100)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The program as WebAssembly, from its source."""
    found = importlib.util.find_spec("ziglang")
    assert found is not None
    assert found.origin is not None
    shipped = Path(found.origin).parent / "lib" / "libc"
    musl, wasi = shipped / "musl", shipped / "wasi" / "libc-top-half" / "musl"
    folder = tmp_path_factory.mktemp("pthreads")
    headers = [flag for name in ("wasm-wasi-musl", "generic-musl")
               for flag in ("-isystem", shipped / "include" / name)]  # fmt: skip
    internal = [HERE, wasi / "arch" / "wasm32", musl / "arch" / "generic",
                *(tree / "src" / part for tree in (wasi, musl) for part in ("internal", "include"))]  # fmt: skip
    compile_with("-Wall", "-Wextra", *headers, "-c", HERE / "program.c", "-o", folder / "program.o")
    compile_with(
        "-w", "-Wno-int-conversion", "-include", HERE / "port.h", *(f"-I{folder}" for folder in internal), *headers,
        folder / "program.o", HERE / "port.c", *(musl / "src" / "thread" / f"{name}.c" for name in MUSL),
        *(wasi / "src" / "thread" / f"{name}.c" for name in MUSL_FOR_WASI), LINKED, "-o", folder / "program.wasm",
    )  # fmt: skip
    return (folder / "program.wasm").read_bytes()


def test_locks_conditions_barriers_keys_and_semaphores(shared_host: Host, program: bytes) -> None:
    for _ in range(5):
        result = WasiProcess(shared_host, "pthreads", program, standard_input=b"a").run()
        assert result.output.decode().splitlines() == [
            "mutex", "condition", "barrier", "once, keys, readers, semaphore", "time"
        ]  # fmt: skip
        assert (result.exit_code, result.threads) == (0, 17)


def test_exit_in_one_ends_all_that_wait(shared_host: Host, program: bytes) -> None:
    result = WasiProcess(shared_host, "pthreads", program, standard_input=b"e").run()
    assert (result.exit_code, result.threads) == (42, 6)


def test_the_return_of_the_first_ends_all_that_wait(shared_host: Host, program: bytes) -> None:
    result = WasiProcess(shared_host, "pthreads", program, standard_input=b"r").run()
    assert (result.exit_code, result.threads) == (0, 5)


def test_a_trap_in_one_ends_all_and_says_where(shared_host: Host, program: bytes) -> None:
    with pytest.raises(GuestTrap, match="pthreads: wasi_thread_start stopped: it gave up") as caught:
        WasiProcess(shared_host, "pthreads", program, standard_input=b"t").run()
    assert [frame.function for frame in caught.value.frames] == ["end_by_trap", "run_thread", "wasi_thread_start"]


def test_threads_that_wait_for_one_another_run_out_of_time(shared_host: Host, program: bytes) -> None:
    with pytest.raises(GuestTimeout, match="time was up"):
        WasiProcess(shared_host, "pthreads", program, ProcessLimits(seconds=0.3), standard_input=b"w").run()


def test_threads_that_wait_for_one_another_can_be_called_off(shared_host: Host, program: bytes) -> None:
    process = WasiProcess(shared_host, "pthreads", program, standard_input=b"w")
    canceller = threading.Timer(0.1, process.cancel)
    canceller.start()
    with pytest.raises(GuestCancelled):
        process.run()
    canceller.join()
