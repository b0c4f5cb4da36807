from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.run import warmup
from engine.run.queue import RunQueue
from engine.run.state import RunState
from engine.run.warmup import PAIR_MODULES, RUN_MODULES
from engine.store.store import Store

REPOSITORY = Path(__file__).resolve().parents[3]

_COLD = """
import sys, threading, time
from engine.run.warmup import WarmUpUnwanted, warm_up
wanted = threading.Event()
wanted.set()
begun = []
def stop(done, total):
    begun.append(time.monotonic())
    wanted.clear()
try:
    warm_up(stop, is_wanted=wanted.is_set)
except WarmUpUnwanted:
    print(time.monotonic() - begun[0])
"""


def test_an_unwanted_warm_up_ends_its_child_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _COLD],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"LANESCOPE_KERNEL_CACHE": str(tmp_path / "kernels")},
    )

    assert float(done.stdout) < 1.0
    assert done.stderr == ""


def test_who_waits_for_another_s_warm_up_can_be_let_go() -> None:
    wanted = threading.Event()
    wanted.set()
    with warmup._lock:
        threading.Timer(0.2, wanted.clear).start()
        begin = time.monotonic()
        with pytest.raises(warmup.WarmUpUnwanted):
            warmup.warm_up(is_wanted=wanted.is_set)

    assert time.monotonic() - begin < 10  # it would wait for ever


def test_a_queue_closes_though_kernels_are_being_prepared(store: Store, sample: Path) -> None:
    queue = RunQueue(store)
    with warmup._lock:
        queue.submit(sample)
        queue.submit(sample)
        begin = time.monotonic()
        queue.close()

    assert time.monotonic() - begin < 10  # it would wait for ever
    assert [snapshot.state for snapshot in queue.snapshots()] == [RunState.CANCELLED] * 2


def test_runs_do_not_wait_for_ever_for_kernels_that_cannot_be_prepared(
    store: Store, sample: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*, is_wanted: object) -> None:
        raise OSError("no room for kernels")

    monkeypatch.setattr("engine.run.queue.warm_up", fail)
    queue = RunQueue(store)
    queue.submit(sample)

    assert queue.wait(60)
    queue.close()
    assert queue.snapshots()[0].state is RunState.COMPLETED
    assert "kernels could not be prepared" in caplog.text


@pytest.mark.parametrize(
    ("imported", "modules"),
    [
        ("engine.run.run", RUN_MODULES),
        ("engine.run.run, engine.parse.pairs, engine.collectors.pairs", RUN_MODULES | PAIR_MODULES),
    ],
)
def test_what_is_made_ready_is_what_every_run_needs(imported: str, modules: frozenset[str]) -> None:
    code = f"import {imported}; from kernels import select; print(*sorted({{each.module for each in select.chosen()}}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert found.stdout.split() == sorted(modules)


def test_a_child_whose_parent_was_killed_ends_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = "from engine.run.warmup import compile_modules; compile_modules(['kernels.source.bam'])"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=REPOSITORY, check=False, stdout=writing, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
