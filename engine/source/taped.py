"""A look at what an input holds that cannot be opened a second time."""

from __future__ import annotations

from engine.source.colours import holds_colours
from engine.source.head import HeadSource
from engine.source.recognise import alignment_kind, decompressed
from engine.source.stored import StoredInput

_TELLING = 2
"""Lines that tell colours from bases."""


class _Tape:
    """A `Device` that takes from an input, and keeps what it takes."""

    def __init__(self, stored: StoredInput) -> None:
        self.size = stored.size
        self.taken = b""
        self._stored = stored

    def readinto(self, target: memoryview, *, may_end: bool) -> int:
        """See `Device.readinto`."""
        count = self._stored.readinto(target, may_end=may_end)
        self.taken += target[:count]
        return count

    def ready(self) -> bool:
        """See `Device.ready`."""
        return True

    def close(self) -> None:
        """See `Device.close`; whoever owns the input closes it."""


def can_be_mended(stored: StoredInput) -> bool:
    """Whether an input begins with FASTQ of bases, the only text in which what is damaged can be passed over.

    Args:
        stored: an input of which nothing has been read; the same holds afterwards.

    Raises:
        InputError: it cannot be read; or it is a pipe, which nobody could check before, and its first bytes are
            damaged, so that nobody knows what it holds.
    """
    tape = _Tape(stored)
    source = HeadSource(decompressed(StoredInput(stored.path, tape, stored.name), threads=0))
    head = source.look()
    stored.give_back(tape.taken)
    if source.trouble is not None and head.count(b"\n") < _TELLING and stored.size is None:
        raise source.trouble
    return alignment_kind(head) is None and not holds_colours(head)
