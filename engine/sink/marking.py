"""How far outputs have come when all batches before a mark are written."""

from __future__ import annotations

from collections.abc import Sequence

from engine.sink.file import OutputFile
from engine.sink.splitting import Splitter
from engine.sink.state import FileState, SinkState


class SinkMark:
    """The last mark of a sink; used with the sink's lock held.

    Args:
        splitter: deals records out to parts.
        files: of each stream.
    """

    def __init__(self, splitter: Splitter, files: Sequence[Sequence[OutputFile]]) -> None:
        self._splitter = splitter
        self._files = files
        self._number: int | None = None
        self._split: tuple[int, int] | None = None
        self._streams: tuple[tuple[FileState, ...], ...] | None = None

    def set(self, number: int) -> None:
        """Before the batch of this number, which nobody has brought, nor any after it."""
        self._number, self._split, self._streams = number, None, None

    def before_split(self, number: int) -> None:
        """The records of a batch are about to be dealt out, after those of all batches before it."""
        if self._number is not None and number >= self._number and self._split is None:
            self._split = self._splitter.place

    def before_write(self, number: int) -> None:
        """All batches before this one have been written, and none after."""
        if number == self._number and self._streams is None:
            states = tuple(tuple(file.state() for file in stream) for stream in self._files)
            self._streams = tuple(tuple(state for state in stream if state is not None) for stream in states)

    def state(self) -> SinkState | None:
        """See `OrderedSink.state_at_mark`."""
        if self._number is None or self._streams is None:
            return None
        return SinkState(self._number, self._streams, self._split or self._splitter.place)
