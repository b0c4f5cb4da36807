"""A program with threads over one memory, after the official wasi-threads interface."""

from __future__ import annotations

import itertools
import math
import threading
import time

from wasmtime import Limits as Pages
from wasmtime import MemoryType, Module, WasmtimeError

from engine.wasm.errors import GuestCancelled, GuestTimeout, ModuleRefused
from engine.wasm.functions import HostFunction
from engine.wasm.guest import Guest
from engine.wasm.host import Host
from engine.wasm.limits import Limits, Watch
from engine.wasm.program import Program
from engine.wasm.shared_memory import SharedImport
from engine.wasm.wasi_threads.config import ProcessLimits, ProcessResult
from engine.wasm.wasi_threads.errors import GuestExit
from engine.wasm.wasi_threads.stacks import waited_for
from engine.wasm.wasi_threads.system import system_functions
from engine.wasm.wasi_threads.waker import Waker

_PAGE = 64 << 10
_MOST_PAGES = 65_536
_REFUSED = -1
_LAST_NUMBER = (1 << 29) - 1
_MAIN = "_start"
_THREAD = "wasi_thread_start"
_SPAWNS = frozenset({("wasi", "thread-spawn"), ("wasi", "thread_spawn")})
_STOP_SECONDS = 0.015
"""Running threads notice at the next tick that they must stop; those that do not are waiting."""


class WasiProcess:
    """Runs a program once. Its threads share a memory; each has an instance and a thread of the system of its own.

    The end of one by a trap or ``proc_exit`` is the end of all, as is the return of the first.

    Attributes:
        plugin: the name to blame in errors.
        limits: what it may take.
        input: what is left to be read from standard input; ``None`` for one that stays silent.
        output: what it wrote to standard output.
        errors: what it wrote to standard error.
    """

    def __init__(
        self,
        host: Host,
        plugin: str,
        wasm: bytes,
        limits: ProcessLimits | None = None,
        standard_input: bytes | None = None,
    ) -> None:
        """Compiles the program, or takes it from the host's cache.

        Args:
            host: an engine made for shared memory.
            plugin: the name to blame in errors.
            wasm: the module in binary form; it imports a shared memory and exports ``_start``.
            limits: what it may take.
            standard_input: what it reads; ``None`` lets it wait, as at a terminal where nobody types.

        Raises:
            ModuleRefused: it is not such a module, or its memory begins larger than the limit.
            ImportRefused: it asks for something that is not there.
        """
        self.plugin = plugin
        self.limits = limits or ProcessLimits()
        self.input = standard_input
        self.output = bytearray()
        self.errors = bytearray()
        self._host = host
        module = host.compile(plugin, wasm)
        self._memory = self._shared_memory(module)
        spawns = tuple(
            HostFunction(module_name, name, ("i32",), "i32", self._spawn)
            for module_name, name in _SPAWNS & {(wanted.module, wanted.name or "") for wanted in module.imports}
        )
        self._program: Program = host.link(plugin, module, (*system_functions(module), *spawns), self._memory)
        self._program.require(_MAIN, (), ())
        if spawns:
            self._program.require(_THREAD, ("i32", "i32"), ())
        self._changed = threading.Condition()
        self._watch = Watch()
        self._threads: set[threading.Thread] = set()
        self._numbers = itertools.count(1)
        self._started = 0
        self._began = math.nan
        self._outcome: int | Exception | None = None

    def run(self) -> ProcessResult:
        """Runs it to its end. It can be run once.

        Raises:
            GuestTrap: one of its threads trapped.
            GuestTimeout: its time was up.
            GuestCancelled: it was called off.
            PluginError: one of its threads did something impossible.
        """
        with self._changed:
            if self._started:
                raise RuntimeError("a process was run twice")
            self._began = time.monotonic()
            self._begin(0, None)
            ends = self._began + self.limits.seconds
            while self._outcome is None:
                left = ends - time.monotonic()
                if left <= 0:
                    self._end(GuestTimeout("its time was up", plugin=self.plugin, export=_MAIN))
                else:
                    self._changed.wait(left)
        self._stop()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return ProcessResult(self._outcome or 0, bytes(self.output), bytes(self.errors), self._started)

    def cancel(self) -> None:
        """Calls it off. Any thread may."""
        with self._changed:
            self._end(GuestCancelled("it was called off", plugin=self.plugin, export=_MAIN))

    def elapsed_nanoseconds(self) -> int:
        """Time since its start, which is all the clock it has."""
        return int((time.monotonic() - self._began) * 1e9)

    def take_input(self, most: int) -> bytes:
        """The next bytes of standard input, fewer at its end."""
        with self._changed:
            data, self.input = (self.input or b"")[:most], (self.input or b"")[most:]
            return data

    def pause(self, guest: Guest, seconds: float | None) -> None:
        """Lets a guest wait in a host function, for ever if no seconds are given; the end of the process ends it."""
        ends = math.inf if seconds is None else time.monotonic() + seconds
        with self._changed:
            while self._outcome is None and (left := ends - time.monotonic()) > 0:
                self._changed.wait(min(left, self.limits.seconds))
        guest.stop_if_due()

    def _shared_memory(self, module: Module) -> SharedImport:
        for wanted in module.imports:
            if isinstance(wanted.type, MemoryType) and wanted.type.is_shared:
                pages = wanted.type.limits
                most = min(_MOST_PAGES if pages.max is None else pages.max, self.limits.memory_bytes // _PAGE)
                if pages.min > most:
                    raise ModuleRefused(
                        f"{self.plugin}: its memory begins with {pages.min * _PAGE:,} bytes, more than"
                        f" {self.limits.memory_bytes:,}.",
                        plugin=self.plugin,
                    )
                kind = MemoryType(Pages(pages.min, most), shared=True)
                try:
                    return SharedImport(self._host.engine, wanted.module, wanted.name or "", kind)
                except WasmtimeError as error:
                    raise ModuleRefused(
                        f"{self.plugin}: there is no memory for it: {error}", plugin=self.plugin
                    ) from error
        raise ModuleRefused(f"{self.plugin}: the module imports no memory that threads can share.", plugin=self.plugin)

    def _spawn(self, _guest: Guest, argument: int) -> int:
        with self._changed:
            number = next(self._numbers)
            if self._outcome is not None or len(self._threads) >= self.limits.threads or number > _LAST_NUMBER:
                return _REFUSED
            try:
                self._begin(number, argument)
            except RuntimeError:  # the system has no more threads
                return _REFUSED
            return number

    def _begin(self, number: int, argument: int | None) -> None:
        thread = threading.Thread(target=self._live, args=(number, argument), name=f"{self.plugin} thread {number}")
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:
            self._threads.discard(thread)
            raise
        self._started += 1

    def _live(self, number: int, argument: int | None) -> None:
        outcome: int | Exception | None = None
        try:
            limits = Limits(call_seconds=math.inf)  # the process as a whole has a time
            with self._program.open(limits, self._watch, self) as guest:
                if argument is None:
                    guest.call(_MAIN)
                    outcome = 0
                else:
                    guest.call(_THREAD, number, argument)
        except GuestExit as error:
            outcome = error.code
        except Exception as error:  # raised again by `run`
            outcome = error
        with self._changed:
            if outcome is not None:
                self._end(outcome)
            self._threads.discard(threading.current_thread())
            self._changed.notify_all()

    def _end(self, outcome: int | Exception) -> None:
        """Ends the process, unless it has ended before, with the lock held."""
        if self._outcome is None:
            self._outcome = outcome
            self._watch.cancel()
            self._changed.notify_all()

    def _stop(self) -> None:
        """Waits until no thread is left."""
        if self._all_gone(_STOP_SECONDS):
            return
        waker = Waker(self._host, self._memory)
        for everywhere in itertools.cycle((False, True)):
            waker.wake_at(self._waited_for())
            if self._all_gone(_STOP_SECONDS):
                return
            waker.wake(lambda: self._all_gone(0), everywhere=everywhere)
            if self._all_gone(_STOP_SECONDS):
                return

    def _waited_for(self) -> list[int]:
        with self._changed:
            threads = [thread.native_id for thread in self._threads]
        return waited_for(threads, *self._memory.span())

    def _all_gone(self, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        with self._changed:
            while self._threads and (left := ends - time.monotonic()) > 0:
                self._changed.wait(left)
            return not self._threads
