"""Kernels made ready before the first read comes, without holding anybody up."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Generator, Iterable
from pathlib import Path

from engine.flow.interrupts import OWN_GROUP, held_interrupts
from engine.whole_file import reason_of
from kernels import jit, kept, select

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Wanted = Callable[[], bool]

RUN_MODULES = frozenset(
    f"kernels.{name}"
    for name in (
        "collectors.bases", "collectors.far_bases", "collectors.far_qualities", "collectors.few_qualities",
        "collectors.hash_sample", "collectors.histograms", "collectors.key_filter", "collectors.keys",
        "collectors.kmers", "collectors.nanopore_names", "collectors.probes", "collectors.quality_ranks",
        "collectors.quality_sums", "collectors.read_errors", "collectors.reads", "collectors.sample_totals",
        "collectors.tile_yield", "collectors.tiles", "parse.lines", "parse.records", "qualities", "sink.gather",
    )
)  # fmt: skip
"""Where the kernels of every run are. Others may have been imported too, by whoever builds a pipeline say."""

PAIR_MODULES = frozenset({"kernels.source.mates", "kernels.overlap"})
"""Where the kernels of runs of pairs are besides; few, and made ready for all, for pairs are what most people have."""

SELDOM_MODULES = PAIR_MODULES | {
    "kernels.collectors.far_bases",
    "kernels.collectors.far_qualities",
    "kernels.sink.gather",
    "kernels.collectors.tile_yield",
    "kernels.collectors.tiles",
}
"""Where the kernels are that many runs do without, and which take longer to load than such a run takes."""

_MARK = "complete"
_POLL = 0.1
_STANDARD_OUTPUT = 1
_NOT_KEPT = 3
_lock = threading.Lock()
_state = {"ready": False}


_listeners: list[Progress] = []


class WarmUpUnwanted(Exception):
    """Whoever wanted kernels does so no more. What was compiled until then is kept for the next time."""


def is_cold() -> bool:
    """Whether kernels have to be compiled first, which takes some tens of seconds; a warm start takes less than one."""
    return jit.COMPILES and not _mark().exists()


def warm_up(progress: Progress | None = None, *, is_wanted: Wanted = lambda: True, leaves_seldom: bool = False) -> None:
    """Loads every kernel; returns at once when that has been done.

    Where nothing is cached yet, another process compiles and fills the cache: compiling holds
    the GIL, and a window would freeze. A second caller waits for the first.

    Args:
        progress: called with kernels done and kernels in all, by the calling thread.
        is_wanted: asked about ten times a second, by any thread; from false on, all is dropped as soon as it can be.
        leaves_seldom: those of `SELDOM_MODULES` are left to the run that needs them, where loading one in its middle
            holds up no window.

    Raises:
        WarmUpUnwanted: `is_wanted` said no.
    """
    with _turn(is_wanted):
        if _state["ready"] or not jit.COMPILES:
            return
        with held_interrupts():
            kernels = _kernels()
        tell = progress or (lambda _done, _total: None)
        was_cold = is_cold()
        if was_cold:
            _compile_elsewhere("compile_all()", tell, is_wanted)
        left = SELDOM_MODULES if leaves_seldom and not is_cold() else frozenset[str]()
        for kernel in (kernel for kernel in kernels if kernel.module not in left):
            _insist(is_wanted)
            with held_interrupts():
                kernel.prepare()
        if was_cold:
            _set_marks([_mark()])
        _state["ready"] = True
        tell(len(kernels), len(kernels))


def listen(listener: Progress) -> Callable[[], None]:
    """Lets somebody know whenever the kernels of some modules have to be compiled in this process's name.

    Args:
        listener: called with kernels done and kernels in all, by whichever thread wants them; equal numbers end it,
            whether or not all are there.

    Returns:
        What ends the listening.
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def _tell_listeners(done: int, total: int) -> None:
    for listener in tuple(_listeners):
        listener(done, total)


def warm_up_modules(modules: Collection[str], *, is_wanted: Wanted = lambda: True) -> None:
    """Loads the kernels of some modules, which not every run needs; compiled elsewhere as in `warm_up`.

    Args:
        modules: such as ``kernels.stages.trim_mask``.
        is_wanted: see `warm_up`.

    Raises:
        WarmUpUnwanted: `is_wanted` said no.
    """
    with _turn(is_wanted):
        if not jit.COMPILES:
            return
        usual = frozenset[str]() if is_cold() else RUN_MODULES | PAIR_MODULES
        cold = sorted(module for module in modules if module not in usual and not _mark_of(module).exists())
        if cold:
            try:
                _compile_elsewhere(f"compile_modules({cold!r})", _tell_listeners, is_wanted)
            finally:
                _tell_listeners(1, 1)
        for kernel in _kernels_in(modules):
            _insist(is_wanted)
            with held_interrupts():
                kernel.prepare()
        if cold:
            _set_marks(map(_mark_of, cold))


def _set_marks(marks: Iterable[Path]) -> None:
    """Notes that kernels need not be compiled any more, where they are kept; it is harmless where they cannot be."""
    reason = kept.trouble()
    try:
        for mark in marks if reason is None else ():
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
    except OSError as error:
        reason = reason_of(error)
    if reason is not None:
        _log.warning(
            "compiled kernels cannot be kept in %s, and take as long the next time: %s", _mark().parent, reason
        )


def _kernels_in(modules: Collection[str]) -> list[jit.Compiled]:
    for module in modules:
        importlib.import_module(module)
    return [kernel for kernel in select.chosen() if kernel.module in modules]


def _mark_of(module: str) -> Path:
    return _mark().with_name(f"{module}.{_MARK}")


@contextlib.contextmanager
def _turn(is_wanted: Wanted) -> Generator[None]:
    """Waits for whoever warms up already."""
    while not _lock.acquire(timeout=_POLL):
        _insist(is_wanted)
    try:
        yield
    finally:
        _lock.release()


def _insist(is_wanted: Wanted) -> None:
    if not is_wanted():
        raise WarmUpUnwanted


def _kernels() -> list[jit.Compiled]:
    """Those of every run, of reads or pairs; what only some formats or steps need is compiled when it is needed."""
    for module in ("engine.run.run", *sorted(PAIR_MODULES)):
        importlib.import_module(module)
    return [kernel for kernel in select.chosen() if kernel.module in RUN_MODULES | PAIR_MODULES]


def _mark() -> Path:
    return jit.cache_folder() / _MARK


def settle() -> None:
    """Keeps the garbage collector from looking at what is loaded by now.

    With all kernels loaded one look at everything takes 70 ms, in which no thread of a run goes on.
    """
    gc.freeze()


def _compile_elsewhere(call: str, tell: Progress, is_wanted: Wanted) -> None:
    """Compiles in a child of this process; if that fails, compiling here will do, if less smoothly."""
    if getattr(sys, "frozen", False):
        return
    code = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); from engine.run import warmup; warmup.{call}"
    command = [sys.executable, "-c", code, json.dumps(sys.path)]
    # In a session of its own: Ctrl+C in the terminal is for this process, which then ends the child.
    with (
        subprocess.Popen(  # noqa: S603 - our own code
            command,
            stdout=subprocess.PIPE,
            encoding="ascii",
            env=dict(os.environ),
            start_new_session=True,
            creationflags=OWN_GROUP,
        ) as child,
        _ended_when_unwanted(child, is_wanted),
    ):
        assert child.stdout is not None  # noqa: S101 - asked for
        for line in child.stdout:
            done, total = line.split()
            tell(int(done), int(total))
    _insist(is_wanted)
    if child.returncode not in {0, _NOT_KEPT}:
        _log.warning("compiling kernels in a process of their own failed with status %d", child.returncode)


@contextlib.contextmanager
def _ended_when_unwanted(child: subprocess.Popen[str], is_wanted: Wanted) -> Generator[None]:
    """Kills ``child`` when it is no longer wanted, and when the caller fails."""
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_POLL):
            if not is_wanted():
                child.kill()
                return

    watcher = threading.Thread(target=watch, name="lanescope warm-up")
    watcher.start()
    try:
        yield
    except BaseException:
        child.kill()
        raise
    finally:
        is_over.set()
        watcher.join()


def compile_all() -> None:
    """What the child does: compiles every kernel, and prints how many are done, and how many there are."""
    _compile(_kernels())


def compile_modules(modules: Collection[str]) -> None:
    """The same for the kernels of some modules."""
    _compile(_kernels_in(modules))


def _compile(kernels: list[jit.Compiled]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the parent was killed, and nobody waits for them any more
        for number, kernel in enumerate(kernels):
            _tell_parent(number, len(kernels))
            kernel.prepare()
            if kept.trouble() is not None:
                sys.exit(_NOT_KEPT)  # of no use to anybody: the parent has to compile them itself
        _tell_parent(len(kernels), len(kernels))


def _tell_parent(done: int, total: int) -> None:
    # Past the buffer of `print`, which would be tried once more at the end.
    os.write(_STANDARD_OUTPUT, f"{done} {total}\n".encode())
