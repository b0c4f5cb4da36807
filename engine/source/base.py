"""What the parser reads from."""

from __future__ import annotations

from typing import Protocol


class ByteSource(Protocol):
    """Decompressed bytes of one input, in order.

    Attributes:
        kind: how it is stored, such as ``plain`` or ``gzip``.
        size: bytes of the input as stored, or ``None`` where it has no size (a pipe).
        position: bytes of the input as stored that have been consumed.
    """

    @property
    def kind(self) -> str: ...  # noqa: D102 - the class says it

    @property
    def size(self) -> int | None: ...  # noqa: D102 - the class says it

    @property
    def position(self) -> int: ...  # noqa: D102 - the class says it

    def read_into(self, target: memoryview) -> int:
        """Fills the front of `target`; returns the number of bytes, 0 only at the end.

        Raises:
            InputError: the input cannot be read on; what was returned before is good.
        """
        ...

    def close(self) -> None:
        """Lets go of the input; harmless when done twice."""
        ...
