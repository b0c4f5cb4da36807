"""Kernels made ready before the first read comes, without holding anybody up."""

from __future__ import annotations

import importlib
import json
import logging
import os
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from kernels import jit, select

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_MARK = "complete"
_lock = threading.Lock()
_state = {"ready": False}


def is_cold() -> bool:
    """Whether kernels have to be compiled first, which takes some tens of seconds; a warm start takes less than one."""
    return jit.COMPILES and not _mark().exists()


def warm_up(progress: Progress | None = None) -> None:
    """Loads every kernel; returns at once when that has been done.

    Where nothing is cached yet, another process compiles and fills the cache: compiling holds
    the GIL, and a window would freeze. A second caller waits for the first.

    Args:
        progress: called with kernels done and kernels in all, by the calling thread.
    """
    with _lock:
        if _state["ready"] or not jit.COMPILES:
            return
        kernels = _kernels()
        tell = progress or (lambda _done, _total: None)
        if is_cold():
            _compile_elsewhere(tell)
        for kernel in kernels:
            kernel.prepare()
        _mark().parent.mkdir(parents=True, exist_ok=True)
        _mark().touch()
        _state["ready"] = True
        tell(len(kernels), len(kernels))


def _kernels() -> list[jit.Compiled]:
    for module in pkgutil.iter_modules(importlib.import_module("kernels").__path__):
        if not module.ispkg:
            importlib.import_module(f"kernels.{module.name}")
    return select.chosen()


def _mark() -> Path:
    return jit.cache_folder() / _MARK


def _compile_elsewhere(tell: Progress) -> None:
    """Compiles in a child of this process; if that fails, compiling here will do, if less smoothly."""
    if getattr(sys, "frozen", False):
        return
    code = (
        "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from engine.run import warmup; warmup.compile_all()"
    )
    command = [sys.executable, "-c", code, json.dumps(sys.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as child:  # noqa: S603 - our own code
        assert child.stdout is not None  # noqa: S101 - asked for
        for line in child.stdout:
            done, total = line.split()
            tell(int(done), int(total))
    if child.returncode:
        _log.warning("compiling kernels in a process of their own failed with status %d", child.returncode)


def compile_all() -> None:
    """What the child does: compiles every kernel, and prints how many are done, and how many there are."""
    kernels = _kernels()
    for number, kernel in enumerate(kernels):
        print(number, len(kernels), flush=True)  # noqa: T201 - read by the parent
        kernel.prepare()
    print(len(kernels), len(kernels), flush=True)  # noqa: T201 - read by the parent
