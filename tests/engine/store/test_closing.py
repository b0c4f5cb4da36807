"""A store ends with its thread, also where nobody closes it."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.run.snapshot import RunSnapshot
from engine.store.errors import StoreDamagedError, StoreError
from engine.store.store import Store


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "store writer"]


def test_closing_writes_what_waits_and_leaves_one_file(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    store = Store.open(path)
    run = make_run(store)
    store.save_soon(replace(run, elapsed=5.0))
    store.close()
    assert writers() == []
    assert list(path.parent.glob("lanescope.sqlite*")) == [path]
    with Store.open(path) as again:
        assert again.load(run.run_id).elapsed == 5.0


def test_closing_twice_and_from_several_threads(path: Path) -> None:
    store = Store.open(path)
    threads = [threading.Thread(target=store.close) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert writers() == []


def test_a_closed_store_refuses_work(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    store = Store.open(path)
    run = make_run(store)
    store.close()
    calls: list[Callable[[], object]] = [
        lambda: store.save_soon(run),
        lambda: store.save(run),
        lambda: make_run(store),
        store.purge,
        store.flush,
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match="closed"):
            call()


def test_an_error_inside_is_not_replaced(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    def fail_with_something_unwritten() -> None:
        with Store.open(path, max_bytes=1) as full:
            run = make_run_later(full)
            full.save_soon(replace(run, host="x" * 100_000))
            raise KeyError("mine")

    def make_run_later(full: Store) -> RunSnapshot:
        return full.load(run_id)

    with Store.open(path) as store:
        run_id = make_run(store).run_id
    with pytest.raises(KeyError, match="mine"):
        fail_with_something_unwritten()
    with pytest.raises(StoreError), Store.open(path, max_bytes=1) as full:
        full.save_soon(replace(full.load(run_id), host="x" * 100_000))


def test_a_failed_opening_leaves_no_thread(path: Path) -> None:
    path.write_text("no database " * 100)
    with pytest.raises(StoreDamagedError):
        Store.open(path)
    assert writers() == []


def test_a_forgotten_store_closes_itself(path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    store = Store.open(path)
    run = make_run(store)
    store.save_soon(replace(run, elapsed=5.0))
    del store
    gc.collect()
    assert writers() == []
    with Store.open(path) as again:
        assert again.load(run.run_id).elapsed == 5.0


def test_a_program_that_forgets_to_close_ends_and_loses_nothing(path: Path, child: Callable[..., Any]) -> None:
    code = """
import sys
from dataclasses import replace
from pathlib import Path
from engine.store.store import Store
store = Store.open(Path(sys.argv[1]))
run = store.create_run(name="x", path=Path("x"), kind="plain", bytes_total=1, workers=1, parameters={}, versions={})
store.save_soon(replace(run, elapsed=5.0))
"""
    process = child(code, path)
    began = time.monotonic()
    output, errors = process.communicate(timeout=30)
    assert (output, errors, process.returncode) == ("", "", 0)
    assert time.monotonic() - began < 15
    with Store.open(path) as store:
        assert store.list_runs()[0].elapsed == 5.0


def test_importing_is_light(child: Callable[..., Any]) -> None:
    code = """
import sys
import engine.home, engine.store.store
print(*sorted({"numba", "llvmlite", "kernels", "sqlite_utils", "PySide6"} & sys.modules.keys()))
"""
    output, errors = child(code).communicate(timeout=30)
    assert (output, errors) == ("\n", "")
