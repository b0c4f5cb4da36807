"""What key-value state offers, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.wasm.state.errors import StateError

MOST_KEY_BYTES = 64 << 10
MOST_VALUE_BYTES = 64 << 20

Writes = Mapping[bytes, bytes | None]
"""What is to be written: a value for each key, ``None`` to delete it."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a key had at one time.

    Attributes:
        sequence: number of the flush, from 1.
        value: ``None`` where the key was deleted.
    """

    sequence: int
    value: bytes | None


class StateReader(Protocol):
    """What is flushed, at one moment."""

    def get(self, key: bytes) -> bytes | None:
        """The value of a key; ``None`` if there is none."""

    def scan(self, prefix: bytes, most: int | None = None) -> list[tuple[bytes, bytes]]:
        """Keys that begin so and their values, in the order of the keys' bytes; at most so many, the first."""


class StateStore(StateReader, Protocol):
    """Flushed state. Any thread may use it; a reader sees all of a flush or nothing of it.

    Every method may raise `StateError`.
    """

    @property
    def sequence(self) -> int:
        """Number of the last flush; 0 before the first."""

    def history(self, key: bytes) -> list[Version]:
        """Everything the key ever had, oldest first; it only grows."""

    def apply(self, writes: Writes) -> int:
        """Writes all or nothing, as one flush. Returns its number; nothing to write is no flush."""

    def update(self, change: Callable[[StateReader], Writes]) -> int:
        """Has ``change`` look and say what to write, with nobody writing in between. Returns as `apply` does."""

    def changed_since(self, sequence: int) -> frozenset[bytes] | None:
        """Keys written after a flush, perhaps a few more; ``None`` if that is too long ago to know."""

    def close(self) -> None:
        """Gives everything back; closing twice is as good as once."""


def check_writes(writes: Writes) -> int:
    """Bytes of keys and values together.

    Raises:
        StateError: a key is too long, or a value too large.
    """
    size = 0
    for key, value in writes.items():
        if len(key) > MOST_KEY_BYTES:
            raise StateError(f"A key has {len(key):,} bytes, but may have {MOST_KEY_BYTES:,} at most.")
        length = 0 if value is None else len(value)
        if length > MOST_VALUE_BYTES:
            raise StateError(f"A value has {length:,} bytes, but may have {MOST_VALUE_BYTES:,} at most.")
        size += len(key) + length
    return size
