"""How one thread sees shared state: what is flushed, and its own writes before anyone else does."""

from __future__ import annotations

from collections import OrderedDict

from engine.wasm.state.errors import StateError
from engine.wasm.state.store import StateStore, Version, Writes, check_writes


class StateSession:
    """One thread's reads and writes. Writes are its own until they are flushed, all at once.

    What it read is kept, as much as there is room for, until another thread flushes something new.

    Attributes:
        store: where the state is.
    """

    def __init__(
        self,
        store: StateStore,
        *,
        cache_entries: int = 1024,
        cache_bytes: int = 8 << 20,
        unflushed_bytes: int = 64 << 20,
    ) -> None:
        """Begins with nothing read or written.

        Args:
            store: where the state is.
            cache_entries: values kept; the one longest not asked for goes first.
            cache_bytes: what they may take with their keys.
            unflushed_bytes: what keys and values may take before they are flushed.
        """
        self.store = store
        self._most_entries = cache_entries
        self._most_bytes = cache_bytes
        self._most_unflushed = unflushed_bytes
        self._writes: dict[bytes, bytes | None] = {}
        self._unflushed = 0
        self._cache: OrderedDict[bytes, bytes | None] = OrderedDict()
        self._cached_bytes = 0
        self._seen = store.sequence

    @property
    def cached(self) -> int:
        """Values kept now."""
        return len(self._cache)

    @property
    def unflushed(self) -> int:
        """Keys written and not flushed."""
        return len(self._writes)

    def get(self, key: bytes) -> bytes | None:
        """The value of a key; ``None`` if there is none."""
        if key in self._writes:
            return self._writes[key]
        self._refresh()
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        value = self.store.get(key)
        self._keep(key, value)
        return value

    def set(self, key: bytes, value: bytes) -> None:
        """Writes a value.

        Raises:
            StateError: it is too large, or too much is not flushed.
        """
        self.write({key: value})

    def delete(self, key: bytes) -> None:
        """Deletes a key; its history stays."""
        self.write({key: None})

    def write(self, writes: Writes) -> None:
        """Writes and deletes many, all or nothing.

        Raises:
            StateError: one is too large, or too much is not flushed.
        """
        size = check_writes(writes)
        before = check_writes({key: self._writes[key] for key in writes if key in self._writes})
        if self._unflushed + size - before > self._most_unflushed:
            raise StateError(f"A thread has more than {self._most_unflushed:,} bytes of state to flush.")
        self._unflushed += size - before
        self._writes.update(writes)

    def scan(self, prefix: bytes) -> list[tuple[bytes, bytes]]:
        """Keys that begin so and their values, in the order of the keys' bytes; its own writes count."""
        found: dict[bytes, bytes | None] = dict(self.store.scan(prefix))
        found.update({key: value for key, value in self._writes.items() if key.startswith(prefix)})
        return sorted((key, value) for key, value in found.items() if value is not None)

    def history(self, key: bytes) -> list[Version]:
        """Everything the key ever had, oldest first; only what is flushed."""
        return self.store.history(key)

    def flush(self) -> int:
        """Lets everyone see its writes, all or, on an error, none. Returns the number of the flush.

        Raises:
            StateError: nothing was written, and it may be tried again.
        """
        number = self.store.apply(self._writes)
        self.discard()
        return number

    def discard(self) -> None:
        """Forgets what is not flushed."""
        self._writes.clear()
        self._unflushed = 0

    def _refresh(self) -> None:
        """Forgets what others have changed."""
        sequence = self.store.sequence
        if sequence == self._seen:
            return
        changed = self.store.changed_since(self._seen)
        self._seen = sequence
        for key in list(self._cache) if changed is None else changed:
            self._drop(key)

    def _keep(self, key: bytes, value: bytes | None) -> None:
        size = _size(key, value)
        if size > self._most_bytes or self._most_entries < 1:
            return
        self._cache[key] = value
        self._cached_bytes += size
        while len(self._cache) > self._most_entries or self._cached_bytes > self._most_bytes:
            self._drop(next(iter(self._cache)))

    def _drop(self, key: bytes) -> None:
        if key in self._cache:
            self._cached_bytes -= _size(key, self._cache.pop(key))


def _size(key: bytes, value: bytes | None) -> int:
    return len(key) + (0 if value is None else len(value))
