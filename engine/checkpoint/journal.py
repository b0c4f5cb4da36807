"""What a stage remembers, beside the checkpoints of a run: it only grows, and each of them says how far it counts."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.checkpoint.state import State
from engine.errors import CheckpointError

Words = npt.NDArray[np.uint64]

_PIECE = 1 << 24


class Journal:
    """A file of 64-bit words that are written behind each other.

    Args:
        path: the file; made with the first words.
        length: words that count; what comes after them is cut off.
        crc: CRC-32 of these.
    """

    def __init__(self, path: Path, length: int = 0, crc: int = 0) -> None:
        self._path = path
        self._length = length
        self._crc = crc
        self._waiting: list[Words] = []

    def add(self, words: Words) -> None:
        """Adds words, uint64 of any shape, to what the next `write` writes."""
        if words.size:
            self._waiting.append(words.reshape(-1))

    def write(self) -> State:
        """Puts what has been added on the disk for good; returns how far it counts, for a checkpoint.

        Raises:
            OSError: that cannot be done; it is tried again the next time.
        """
        if self._waiting:
            data = np.concatenate(self._waiting).astype("<u8").tobytes()
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                file.truncate(8 * self._length)
                file.seek(8 * self._length)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._length += len(data) // 8
            self._crc = zlib.crc32(data, self._crc)
            self._waiting.clear()
        return {"length": self._length, "crc": self._crc}

    @classmethod
    def of(cls, path: Path, state: Any) -> tuple[Journal, Words]:
        """A journal to go on with, and the words that count.

        Args:
            path: the file.
            state: what `write` gave.

        Raises:
            CheckpointError: they are not all there, or were changed.
        """
        try:
            length, crc = int(state["length"]), int(state["crc"])
            is_there = length >= 0 and (not length or path.stat().st_size >= 8 * length)
            words = np.fromfile(path, "<u8", length) if length and is_there else np.empty(0, np.uint64)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path.name} cannot be read, which belongs to it.") from error
        found = 0
        for start in range(0, len(words), _PIECE):
            found = zlib.crc32(words[start : start + _PIECE].tobytes(), found)
        if len(words) != length or found != crc:
            raise CheckpointError(f"{path.name} is damaged, which belongs to it.")
        return cls(path, length, crc), words.astype(np.uint64)
