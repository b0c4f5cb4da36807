"""A whole input, read as the parser reads it, and bytes that come in pieces."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

from engine.errors import InputError
from engine.source.inputs import open_source


def read_all(path: Path, sizes: Iterable[int] = repeat(1 << 16)) -> tuple[bytes, InputError | None]:
    """The text, and the error that ended it, if one did; `sizes` are those of the buffers to fill in turn."""
    text = bytearray()
    source = open_source(path)
    last = 0
    try:
        for size in sizes:
            buffer = bytearray(size)
            count = source.read_into(memoryview(buffer))
            assert 0 <= count <= size
            assert last <= source.position <= (source.size or 0), "the position goes back, or past the end"
            last = source.position
            if count == 0:
                assert source.position == source.size
                assert source.read_into(memoryview(buffer)) == 0
                return bytes(text), None
            text += buffer[:count]
    except InputError as error:
        return bytes(text), error
    finally:
        source.close()
        source.close()
    raise AssertionError("more buffers were needed")


class PieceDevice:
    """Bytes in memory as a device that gives a few at a time."""

    def __init__(self, data: bytes, piece: int) -> None:
        self.size: int | None = len(data)
        self._data = data
        self._piece = piece

    def readinto(self, target: memoryview, *, may_end: bool) -> int:
        part = self._data[: min(self._piece, len(target))]
        target[: len(part)] = part
        self._data = self._data[len(part) :]
        return len(part)

    def ready(self) -> bool:
        return True

    def close(self) -> None:
        self._data = b""
