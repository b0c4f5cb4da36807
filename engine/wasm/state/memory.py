"""Key-value state for the length of a run."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable

from engine.wasm.state.errors import StateError
from engine.wasm.state.store import StateReader, Version, Writes, check_writes

_REMEMBERED = 1000
_ENTRY_BYTES = 200
"""What an entry takes besides its key and its value."""


class MemoryState:
    """State that is gone with the object. Any thread may use it."""

    def __init__(self, most_bytes: int = 256 << 20) -> None:
        """Begins empty.

        Args:
            most_bytes: what keys, values and their history may take; a flush beyond that is refused.
        """
        self._most_bytes = most_bytes
        self._lock = threading.RLock()
        self._values: dict[bytes, bytes] = {}
        self._histories: dict[bytes, list[Version]] = {}
        self._ordered: list[bytes] | None = []
        self._recent: deque[tuple[int, frozenset[bytes]]] = deque(maxlen=_REMEMBERED)
        self._sequence = 0
        self._bytes = 0

    @property
    def sequence(self) -> int:
        """Number of the last flush; 0 before the first."""
        return self._sequence

    def get(self, key: bytes) -> bytes | None:
        """The value of a key; ``None`` if there is none."""
        with self._lock:
            return self._values.get(key)

    def scan(self, prefix: bytes, most: int | None = None) -> list[tuple[bytes, bytes]]:
        """Keys that begin so and their values, in the order of the keys' bytes; at most so many, the first."""
        found: list[tuple[bytes, bytes]] = []
        with self._lock:
            if self._ordered is None:
                self._ordered = sorted(self._values)
            for place in range(bisect_left(self._ordered, prefix), len(self._ordered)):
                key = self._ordered[place]
                if not key.startswith(prefix) or len(found) == most:
                    break
                found.append((key, self._values[key]))
        return found

    def history(self, key: bytes) -> list[Version]:
        """Everything the key ever had, oldest first; it only grows."""
        with self._lock:
            return list(self._histories.get(key, ()))

    def apply(self, writes: Writes) -> int:
        """Writes all or nothing, as one flush. Returns its number; nothing to write is no flush.

        Raises:
            StateError: a key or value is too large, or all together are.
        """
        return self.update(lambda _reader: writes)

    def update(self, change: Callable[[StateReader], Writes]) -> int:
        """Has ``change`` look and say what to write, with nobody writing in between. Returns as `apply` does.

        Raises:
            StateError: a key or value is too large, or all together are.
        """
        with self._lock:
            writes = change(self)
            if not writes:
                return self._sequence
            size = self._bytes + check_writes(writes) + _ENTRY_BYTES * len(writes)
            if size > self._most_bytes:
                raise StateError(
                    f"The state in memory would take {size:,} bytes with its history, more than {self._most_bytes:,}.",
                    hint="Keep it in a file, or write less.",
                )
            self._bytes = size
            self._write({key: None if value is None else bytes(value) for key, value in writes.items()})
            return self._sequence

    def changed_since(self, sequence: int) -> frozenset[bytes] | None:
        """Keys written after a flush; ``None`` if that is too long ago to know."""
        with self._lock:
            if sequence < self._sequence - len(self._recent):
                return None
            return frozenset().union(*(keys for number, keys in self._recent if number > sequence))

    def close(self) -> None:
        """Nothing to give back."""

    def _write(self, writes: Writes) -> None:
        number = self._sequence + 1
        for key, value in writes.items():
            self._histories.setdefault(key, []).append(Version(number, value))
            if (value is None) == (key in self._values):
                self._ordered = None
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value
        self._recent.append((number, frozenset(writes)))
        self._sequence = number
