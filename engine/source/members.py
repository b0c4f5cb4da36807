"""gzip, bzip2, xz and Zstandard: compressed members one after another, read as one text."""

from __future__ import annotations

from engine.errors import CompressedStreamError, InputError
from engine.source.codec import LARGEST_WINDOW_LOG, Codec, Decompressor, needs_too_much_memory
from engine.source.mending import OVERLAP, beginning_in, mark
from engine.source.stored import StoredInput

# Small at the start of each member: what follows the end of a short one has to be read again. Then larger and
# larger: each read, and each call of a decompressor, waits for the interpreter's lock.
_FIRST_READ = 1 << 16
_LARGEST_READ = 1 << 19
# What is decompressed in one call is lost when that call meets damage. A fixed size, whatever the
# size of the batches, makes what is kept the same on every machine.
_CHUNK = 1 << 20


class MemberSource:
    """Decompressed text of any number of members (streams, frames), and of the padding between them.

    Args:
        stored: the compressed bytes; closed with the source.
        codec: their format.
        mends: go on after damage with the next member; a mark in the text stands for what is lost, see `mark`. What
            comes through a pipe is waited for then until it fills a whole read.
    """

    def __init__(self, stored: StoredInput, codec: Codec, *, mends: bool = False) -> None:
        self.kind = codec.kind
        self._codec = codec
        self._stored = stored
        self._compressed = b""
        self._read_size = _FIRST_READ
        self._member: Decompressor | None = None
        self._mends = mends
        # What the member was given last, and whether it begins therein.
        self._given = b""
        self._is_fresh = False
        self._is_first = stored.position == 0
        self._text = memoryview(b"")
        self._reached = stored.position

    @property
    def size(self) -> int | None:
        """Bytes of the compressed input, or ``None`` where that is not known."""
        return self._stored.size

    @property
    def position(self) -> int:
        """Bytes of the compressed input handed to the decompressor; never goes back."""
        self._reached = max(self._reached, self._place)
        return self._reached

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if not self._text:
            self._text = memoryview(self._next_text())
        count = min(len(target), len(self._text))
        target[:count] = self._text[:count]
        self._text = self._text[count:]
        return count

    def read_piece(self) -> memoryview:
        """The next text as the decompressor gave it, about a megabyte; empty only at the end.

        Raises:
            InputError: the input cannot be read on; what was returned before is good.
        """
        piece = self._text or memoryview(self._next_text())
        self._text = memoryview(b"")
        return piece

    @property
    def _place(self) -> int:
        # A decompressor gives back what followed its member.
        return self._stored.position - len(self._compressed)

    def _next_text(self) -> bytes:
        try:
            return self._decompress()
        except CompressedStreamError:
            if not self._mends:
                raise
            return self._past_damage()

    def _past_damage(self) -> bytes:
        """Moves on to the next member, or to the end; returns the mark that stands for what is in between."""
        data = self._compressed or self._given
        start = self._stored.position - len(data)
        at = beginning_in(data, 1 if self._is_fresh else 0, self._codec.name)
        while at < 0:
            block = self._read(_LARGEST_READ)
            if not block:
                at = len(data)
                break
            data = data[-OVERLAP:] + block
            at = beginning_in(data, 0, self._codec.name)
        self._member, self._compressed, self._given = None, data[at:], b""
        self._is_fresh = False
        return mark(start, self._place - start)

    def _decompress(self) -> bytes:
        """The next text, empty at the end only."""
        while True:
            if self._member is None:
                if not self._find_member():
                    return b""
                self._member = self._codec.decompressor()
                self._is_fresh = True
            if self._member.needs_input and not self._compressed and not self._fill(may_end=False):
                raise self._damaged("the file ends in the middle of the compressed data: it is truncated")
            compressed, self._compressed = self._compressed, b""
            if compressed:
                self._is_fresh = self._is_fresh and not self._given
                self._given = compressed
            try:
                text = self._member.decompress(compressed, _CHUNK)
            except self._codec.damage as error:
                raise self._explained(error) from error
            if self._member.eof:
                self._compressed = self._member.unused_data
                self._member = None
                self._given, self._is_fresh = b"", False
            if text:
                return text

    def _find_member(self) -> bool:
        """Moves on to the next member; false at the end of the input."""
        padding = 0
        while True:
            if not self._is_first:
                rest = self._compressed.lstrip(b"\0")
                padding += len(self._compressed) - len(rest)
                self._compressed = rest
            if len(self._compressed) >= self._codec.magic_length:
                break
            if not self._fill(may_end=not self._compressed):
                if self._compressed:
                    raise self._damaged("the file ends in the middle of the compressed data: it is truncated")
                break
        if padding and (not self._codec.padding or padding % self._codec.padding):
            raise self._damaged(f"after the compressed data stand zero bytes that do not belong to {self._codec.name}")
        if not self._compressed:
            return False
        if not self._codec.magic.match(self._compressed):
            raise self._damaged(f"after the compressed data stand bytes that are not {self._codec.name}")
        self._is_first = False
        self._read_size = _FIRST_READ
        return True

    def _fill(self, *, may_end: bool) -> bool:
        """Appends from the input; false at its end."""
        block = self._read(self._read_size, may_end=may_end)
        self._read_size = min(2 * self._read_size, _LARGEST_READ)
        self._compressed += block
        return bool(block)

    def _read(self, count: int, *, may_end: bool = False) -> bytes:
        """At most `count` bytes of the input; none only at the end."""
        block = self._stored.read(count, may_end=may_end)
        # How much text goes with damage depends on what is given to the decompressor at a time: it must not depend on
        # how much a pipe happens to bring, or on what of a file had been looked at before.
        while self._mends and block and len(block) < count:
            more = self._stored.read(count - len(block), may_end=may_end)
            if not more:
                break
            block += more
        return block

    def _explained(self, error: Exception) -> InputError:
        if not needs_too_much_memory(self._codec, error):
            return self._damaged("the compressed data is corrupt")
        megabytes = (1 << LARGEST_WINDOW_LOG) >> 20
        return CompressedStreamError(
            f"{self._stored.name} asks for a window of more than {megabytes} MiB of memory to be decompressed.",
            path=self._stored.path,
            offset=self._place,
            hint=f"Compress it again with a window of {megabytes} MiB or less"
            + (", as zstd does with --long=27." if self._codec.kind == "zstd" else ", as xz does with -9."),
        )

    def _damaged(self, reason: str) -> CompressedStreamError:
        return CompressedStreamError(
            f"{self._stored.name}: {reason}, at or before byte {self._place:,} of the file.",
            path=self._stored.path,
            offset=self._place,
        )

    def close(self) -> None:
        """See `ByteSource.close`."""
        self._stored.close()
