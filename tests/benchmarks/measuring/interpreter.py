"""How much of a run the interpreter takes: CPU time of all threads less what passes inside kernels and reads."""

from __future__ import annotations

import functools
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from unittest.mock import patch

from numba.core.dispatcher import Dispatcher

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Ledger:
    """CPU seconds.

    Attributes:
        process: of the whole process.
        native: inside kernels and reads (which includes decompression), by thread.
        threads: of threads that began and ended meanwhile, by name.
    """

    process: float = 0.0
    native: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    threads: dict[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Of the process's CPU time, 0..1: all that is neither in a kernel nor in a read."""
        return 1 - sum(self.native.values()) / self.process

    def share_of(self, thread: str) -> float:
        """The same for one thread."""
        return 1 - self.native[thread] / self.threads[thread]


@contextmanager
def accounted() -> Generator[Ledger]:
    """Keeps a ledger of what happens inside.

    Every kernel that a module of the engine calls, and every source's ``read_into``, is wrapped by a
    clock of its thread's CPU time. A kernel called in another way counts for the interpreter.
    """
    ledger = Ledger()
    inside = threading.local()

    def timed(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            if getattr(inside, "is_native", False):
                return function(*args, **kwargs)
            inside.is_native = True
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                ledger.native[threading.current_thread().name] += time.thread_time() - began
                inside.is_native = False

        return wrapper

    live = threading.Thread.run

    def run(self: threading.Thread) -> None:
        live(self)
        ledger.threads[self.name] = time.thread_time()

    patches = [patch.object(holder, name, timed(value)) for holder, name, value in _native_calls()]
    patches.append(patch.object(threading.Thread, "run", run))
    for each in patches:
        each.start()
    began = time.process_time()
    try:
        yield ledger
    finally:
        ledger.process = time.process_time() - began
        for each in patches:
            each.stop()


def _native_calls() -> Iterator[tuple[object, str, Callable[..., Any]]]:
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("engine.")]
    for module in modules:
        for name, value in list(vars(module).items()):
            if isinstance(value, Dispatcher):
                yield module, name, value
            elif isinstance(value, type) and value.__module__ == module.__name__ and "source" in module.__name__:
                read = vars(value).get("read_into")
                if read is not None:
                    yield value, "read_into", read
