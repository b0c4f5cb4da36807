"""Moving on in a text without looking at it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from engine.source.base import ByteSource

_PIECE = 1 << 20


@runtime_checkable
class Skips(Protocol):
    """A source that can leave text out without reading it."""

    def skip(self, count: int) -> int:
        """Leaves out the next `count` bytes of text; returns how many, fewer where the text ends before.

        Raises:
            InputError: the input cannot be read.
        """
        ...


def skip(source: ByteSource, count: int) -> int:
    """Leaves out the next bytes of a text; compressed ones have to be decompressed for it.

    Args:
        source: where the text comes from.
        count: bytes of text.

    Returns:
        The bytes that were left out: fewer than asked for where the text ends before.

    Raises:
        InputError: the input cannot be read on.
    """
    if isinstance(source, Skips):
        return source.skip(count)
    scratch = memoryview(bytearray(min(count, _PIECE)))
    done = 0
    while done < count:
        got = source.read_into(scratch[: count - done])
        if not got:
            break
        done += got
    return done
