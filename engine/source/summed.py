"""Whether a text that comes once more, from its beginning, is the one that came before."""

from __future__ import annotations

from dataclasses import dataclass

from isal import isal_zlib

from engine.errors import CheckpointError
from engine.source.around import SourceAround
from engine.source.base import ByteSource
from engine.source.live import Waits
from engine.source.prefixed import PrefixedSource

_PIECE = 1 << 20
AGAIN = "Give the same reads again from their beginning, or start anew."


@dataclass(frozen=True, slots=True)
class TextSum:
    """What tells the beginning of a text from that of another one.

    Attributes:
        text_bytes: how much of it.
        crc: CRC-32 of that. It guards against mistakes, not against forgery.
    """

    text_bytes: int = 0
    crc: int = 0

    def plus(self, text: memoryview | bytes) -> TextSum:
        """That of a longer beginning."""
        return TextSum(self.text_bytes + len(text), isal_zlib.crc32(text, self.crc))


class SummedSource(SourceAround):
    """A source that sums up what is read from it.

    Args:
        source: closed with this one.
        known: what is known of the text, if it does not begin at its beginning.
        offset: where it begins then, in the text; no more than `known` is of.
    """

    def __init__(self, source: ByteSource, known: TextSum | None = None, offset: int = 0) -> None:
        super().__init__(source)
        self._sum = known or TextSum()
        self._known = self._sum.text_bytes - offset

    @property
    def sum(self) -> TextSum:
        """Of the text from its beginning to the last byte that was read, or that was known."""
        return self._sum

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        return self._counted(target, self._source.read_into(target))

    def read_within(self, target: memoryview, seconds: float) -> int | None:
        """See `Waits.read_within`; of a source that cannot be waited for, as `read_into`."""
        if not isinstance(self._source, Waits):
            return self.read_into(target)
        count = self._source.read_within(target, seconds)
        return None if count is None else self._counted(target, count)

    def _counted(self, target: memoryview, count: int) -> int:
        known = min(self._known, count)
        self._known -= known
        if count > known:
            self._sum = self._sum.plus(target[known:count])
        return count


def gone_over(source: ByteSource, known: TextSum, offset: int, name: str) -> SummedSource:
    """Goes over what of a text has been read before, and makes sure that it is the same.

    Args:
        source: the text from its beginning.
        known: what is known of it.
        offset: where to go on; no more than `known` is of.
        name: how errors call it.

    Returns:
        The text from the offset on.

    Raises:
        CheckpointError: it is another one.
        InputError: it cannot be read on.
    """
    found, scratch, held = TextSum(), memoryview(bytearray(_PIECE)), bytearray()
    while found.text_bytes < known.text_bytes:
        count = source.read_into(scratch[: known.text_bytes - found.text_bytes])
        if not count:
            raise CheckpointError(too_short(name, known), hint=AGAIN)
        held += scratch[max(offset - found.text_bytes, 0) : count]
        found = found.plus(scratch[:count])
    if found != known:
        raise CheckpointError(another(name, known), hint=AGAIN)
    return SummedSource(PrefixedSource(bytes(held), source), known, offset)


def too_short(name: str, known: TextSum) -> str:
    """The sentence for a text that ends too soon."""
    return f"{name} ends before byte {known.text_bytes:,} of its text, up to which it had been read."


def another(name: str, known: TextSum) -> str:
    """The sentence for a text that is another one."""
    return f"{name} brings other reads than before in the first {known.text_bytes:,} bytes of its text."
