"""What BGZF blocks hold, decompressed by several threads straight to where it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct

from isal import igzip_lib, isal_zlib

from engine.source.bgzf_blocks import HEADER_FIXED, LONGEST_TEXT
from engine.source.gzip_member import DAMAGE

_TRAILER = Struct("<II")  # CRC-32 and length of the text
# Private to isal, whose next version may be without it: then, blocks are decompressed one by one.
_READER = getattr(isal_zlib, "_GzipReader", None)


@dataclass(slots=True)
class Piece:
    """Some blocks in a row, and where their text belongs.

    Attributes:
        data: uint8, the blocks.
        edges: where in `data` each block begins, and where the last one ends.
        offset: place of `data` in the compressed input.
        target: uint8, as long as the blocks say that their text is, see `text_length`.
        filled: bytes of text in the target, all unless a block is damaged.
        damaged: place of the first damaged block in the compressed input, if there is one.
    """

    data: memoryview
    edges: list[int]
    offset: int
    target: memoryview
    filled: int = 0
    damaged: int | None = None

    @property
    def end(self) -> int:
        """Place in the compressed input where the blocks end whose text is in the target."""
        return self.offset + self.edges[-1] if self.damaged is None else self.damaged


def text_length(data: memoryview, stop: int) -> int:
    """Bytes of text in the block that ends at `stop`, as the block says, and at most what a block may hold."""
    return min(int.from_bytes(data[max(stop - 4, 0) : stop], "little"), LONGEST_TEXT)


def inflate(piece: Piece) -> None:
    """Decompresses and checks the blocks of a piece; most of the time without the GIL."""
    if _inflate_at_once(piece):
        piece.filled = len(piece.target)
        return
    for start, stop in pairwise(piece.edges):
        text = _inflate_block(piece.data[start:stop])
        if text is None:
            piece.damaged = piece.offset + start
            return
        piece.target[piece.filled : piece.filled + len(text)] = text
        piece.filled += len(text)


class Inflaters:
    """Threads that decompress beside the one that asks for it; started when first needed.

    Args:
        threads: how many; 0: whoever asks does all of it.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None

    def inflate(self, pieces: Sequence[Piece]) -> None:
        """Decompresses all pieces.

        Raises:
            RuntimeError: `close` was called.
        """
        left = iter(pieces)
        if len(pieces) < 2 or not self._threads:
            _inflate_all(left)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "lanescope bgzf")
        helpers = [self._pool.submit(_inflate_all, left) for _ in range(min(self._threads, len(pieces) - 1))]
        try:
            _inflate_all(left)
        finally:
            # One that has not begun by now has nothing left to do.
            for helper in helpers:
                if not helper.cancel():
                    helper.result()

    def close(self) -> None:
        """Returns when the threads have ended, after some milliseconds."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _inflate_all(left: Iterator[Piece]) -> None:
    for piece in left:  # shared by threads: each takes what nobody has taken
        inflate(piece)


def _inflate_at_once(piece: Piece) -> bool:
    """Decompresses the blocks as the gzip members that they are; false, if anything is wrong with them.

    One call of the library for many blocks costs a sixteenth less than one for each, and no copy.
    """
    if _READER is None:
        return False
    # The reader behind isal's `IGzipFile`, which would copy what it reads.
    reader = _READER(piece.data)
    filled = 0
    try:
        while filled < len(piece.target):
            count = reader.readinto(piece.target[filled:])
            if not count:
                return False
            filled += count
        # The sum of the last block is checked by whoever asks for more.
        return not reader.readinto(bytearray(1))
    except (DAMAGE, OSError, EOFError):
        return False


def _inflate_block(block: memoryview) -> bytes | None:
    """The text of one block, ``None`` if it is damaged."""
    body = HEADER_FIXED + int.from_bytes(block[10:12], "little")
    end = len(block) - _TRAILER.size
    if body >= end:
        return None
    crc, length = _TRAILER.unpack_from(block, end)
    if length > LONGEST_TEXT:
        return None
    try:
        text = igzip_lib.decompress(block[body:end], igzip_lib.DECOMP_DEFLATE, 15, max(length, 1))
    except DAMAGE:
        return None
    return text if len(text) == length and isal_zlib.crc32(text) == crc else None
