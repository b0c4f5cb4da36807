"""BGZF blocks: where they end, and what they hold. SAM/BAM specification, section 4.1."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from struct import Struct

import numpy as np

from engine.errors import CompressedStreamError
from engine.source.stored import StoredInput

HEADER_LENGTH = 18
"""Bytes of the header as everybody writes it: gzip's own twelve and one extra field."""

HEADER_FIXED = 12
"""Bytes of a header before the extra fields."""

LONGEST_TEXT = 1 << 16
"""Bytes of text that a block may hold."""

_READ = 1 << 19
_BATCH_BLOCKS = 32
_FOREIGN = -1
_MAGIC = b"\x1f\x8b\x08\x04"  # gzip, deflate, an extra field and nothing else
# Magic, six bytes of no matter, length of the extra fields, and the first of these.
_USUAL_HEAD = Struct("<4s6xH2sHH")
_USUAL_EXTRA = 6
_FIELD_START = Struct("<2sH")
# A writer closes a block early only where its text ends.
_COMPARED_BLOCKS = 64
_USUAL_TEXT = 0xFF00


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole blocks in a row.

    Attributes:
        data: uint8, the blocks.
        edges: where in `data` each block begins, and where the last one ends.
        offset: place of `data` in the compressed input.
    """

    data: memoryview
    edges: list[int]
    offset: int


def is_bgzf(head: bytes) -> bool:
    """Whether a file that begins so is BGZF."""
    return block_length(memoryview(head), 0) > 0


def block_length(data: memoryview, start: int) -> int:
    """Bytes of the block that begins at `start`; 0: more data is needed to tell; -1: this is no BGZF block."""
    if len(data) - start >= HEADER_LENGTH:
        magic, extra_length, name, length, last = _USUAL_HEAD.unpack_from(data, start)
        if magic == _MAGIC and name == b"BC" and length == 2 and extra_length >= _USUAL_EXTRA:
            return int(last) + 1
    return _unusual_length(data, start)


def _unusual_length(data: memoryview, start: int) -> int:
    """Likewise, for a header that is cut off or has other fields before that of the length."""
    head = data[start : start + HEADER_LENGTH].tobytes()
    if head[:4] != _MAGIC[: len(head)]:
        return _FOREIGN
    if len(head) < HEADER_LENGTH:
        return 0
    extra = data[start + HEADER_FIXED : start + HEADER_FIXED + int.from_bytes(head[10:12], "little")]
    at = 0
    while at + _FIELD_START.size <= len(extra):
        name, length = _FIELD_START.unpack_from(extra, at)
        at += _FIELD_START.size
        if name == b"BC" and length == 2 and at + 2 <= len(extra):
            return int.from_bytes(extra[at : at + 2], "little") + 1
        at += length
    return _FOREIGN if len(extra) == int.from_bytes(head[10:12], "little") else 0


class BlockCutter:
    """Cuts compressed input into batches of whole blocks, and watches how it ends.

    Attributes:
        marker_required: whether an absent end marker is an error in any case.
        at_foreign: whether something follows that is no BGZF block. The input stands before it.
    """

    def __init__(self, stored: StoredInput) -> None:
        self.marker_required = False
        self.at_foreign = False
        self._stored = stored
        self._data = memoryview(b"")
        # Lengths of the last blocks' texts; none after an end marker.
        self._lengths: deque[int] = deque(maxlen=_COMPARED_BLOCKS + 1)

    def next_batch(self) -> Batch | None:
        """The next blocks; ``None`` at the end or before a foreign member.

        Raises:
            CompressedStreamError: the input is truncated.
            InputError: it cannot be read on.
        """
        while True:
            edges = self._edges()
            if len(edges) > 1:
                return self._take(edges)
            if self.at_foreign:
                self._stored.give_back(bytes(self._data))
                return None
            if not self._fill():
                if self._data:
                    raise self._truncated("the file ends in the middle of a block: it is truncated", len(self._data))
                return None

    def _edges(self) -> list[int]:
        """Edges of the whole blocks in hand."""
        data = self._data
        edges = [0]
        while len(edges) <= _BATCH_BLOCKS and edges[-1] < len(data):
            length = block_length(data, edges[-1])
            if length == _FOREIGN:
                self.at_foreign = len(edges) == 1
                break
            if length == 0 or edges[-1] + length > len(data):
                break
            edges.append(edges[-1] + length)
        return edges

    def _take(self, edges: list[int]) -> Batch:
        batch = Batch(self._data[: edges[-1]], edges, self._stored.position - len(self._data))
        self._data = self._data[edges[-1] :]
        for stop in edges[1:]:
            length = int.from_bytes(batch.data[max(stop - 4, 0) : stop], "little")
            if length:
                self._lengths.append(length)
            else:
                self._lengths.clear()
        return batch

    def _fill(self) -> bool:
        """Reads on; false at the end."""
        rest = len(self._data)  # less than a block
        data = np.empty(_READ, np.uint8).data
        data[:rest] = self._data
        got = self._stored.readinto(data[rest:], may_end=not rest and not self._lengths)
        self._data = data[: rest + got]
        return got > 0

    def check_marker(self) -> None:
        """Refuses an input whose last block was not the last to be written; see `BgzfSource`.

        Raises:
            CompressedStreamError: the end marker is missing.
        """
        if not self._lengths:
            return
        last = self._lengths[-1]
        if self.marker_required or last >= min(islice(self._lengths, len(self._lengths) - 1), default=_USUAL_TEXT):
            error = self._truncated("the end marker of BGZF is missing: the file is truncated")
            error.hint = (
                "Copy or download the file again. If it is complete, as the reads show, "
                "give it its marker: decompress it, and compress it again with bgzip."
            )
            raise error

    def _truncated(self, reason: str, back: int = 0) -> CompressedStreamError:
        """The error for an end at `back` bytes before the place that has been read up to."""
        place = self._stored.position - back
        return CompressedStreamError(
            f"{self._stored.name}: {reason}, at byte {place:,} of the file.", path=self._stored.path, offset=place
        )
