"""A memory that several instances share, each in a store and a thread of its own."""

from __future__ import annotations

import ctypes

from wasmtime import Engine, Linker, MemoryType, SharedMemory, Store
from wasmtime import _ffi as ffi


class _Memory(SharedMemory):
    """As wasmtime-py has it, but able to be linked: there it takes the address of a pointer for the pointer."""

    def _as_extern(self) -> ffi.wasmtime_extern_t:
        return ffi.wasmtime_extern_t(
            ffi.WASMTIME_EXTERN_SHAREDMEMORY, ffi.wasmtime_extern_union(sharedmemory=self.ptr())
        )


class SharedImport:
    """A shared memory under the name by which a module imports it. Any thread may use it.

    Attributes:
        module: first part of the import's name.
        name: second part.
    """

    def __init__(self, engine: Engine, module: str, name: str, kind: MemoryType) -> None:
        """Makes the memory.

        Raises:
            WasmtimeError: there is not room enough.
        """
        self.module = module
        self.name = name
        self._engine = engine
        self._memory = _Memory(engine, kind)

    def define(self, linker: Linker) -> None:
        """Defines it in a linker."""
        with Store(self._engine) as store:  # asked for, though the memory belongs to none
            linker.define(store, self.module, self.name, self._memory)

    def span(self) -> tuple[int, int]:
        """Address and size in bytes; the address stays, the size only grows."""
        size = int(self._memory.data_len())
        return (ctypes.addressof(self._memory.data_ptr().contents) if size else 0), size
