"""The compressed formats: how each begins, and what decompresses it."""

from __future__ import annotations

import bz2
import lzma
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.source.gzip_member import DAMAGE, GzipMember

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST_WINDOW_LOG = 27
"""log2 of the largest window of Zstandard and dictionary of xz that is given memory: 128 MiB, zstd's own limit."""

_XZ_MEMORY = (1 << LARGEST_WINDOW_LOG) + (1 << 20)


class Decompressor(Protocol):
    """What decompresses one member; Python's own all look like this.

    Attributes:
        eof: whether the member has ended.
        needs_input: whether `decompress` gives nothing before it is given more.
        unused_data: what followed the member in the data that it was given.
    """

    @property
    def eof(self) -> bool: ...  # noqa: D102 - the class says it

    @property
    def needs_input(self) -> bool: ...  # noqa: D102 - the class says it

    @property
    def unused_data(self) -> bytes: ...  # noqa: D102 - the class says it

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most `max_length` bytes of text; what is left comes with the next call, which may give no data."""
        ...


@dataclass(frozen=True, slots=True)
class Codec:
    """One compressed format.

    Attributes:
        kind: what a source of it is called, such as ``gzip``.
        name: the format's name in a sentence.
        magic: what a member begins with.
        magic_length: bytes that `magic` needs to see.
        padding: zero bytes may stand after a member in multiples of this number; 0: none may.
        decompressor: makes one for one member.
        damage: what it raises.
    """

    kind: str
    name: str
    magic: re.Pattern[bytes]
    magic_length: int
    padding: int
    decompressor: Callable[[], Decompressor]
    damage: tuple[type[Exception], ...]


def _xz() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _zstd() -> Decompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: LARGEST_WINDOW_LOG})


GZIP = Codec("gzip", "gzip", re.compile(rb"\x1f\x8b"), 2, 1, GzipMember, (DAMAGE,))
BZIP2 = Codec("bzip2", "bzip2", re.compile(rb"BZh[1-9]"), 4, 0, bz2.BZ2Decompressor, (OSError,))
XZ = Codec("xz", "xz", re.compile(rb"\xfd7zXZ\0"), 6, 4, _xz, (lzma.LZMAError,))
# The second magic is that of a frame to be skipped.
_ZSTD_MAGIC = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
ZSTD = Codec("zstd", "Zstandard", _ZSTD_MAGIC, 4, 0, _zstd, (zstd.ZstdError,))

CODECS = (GZIP, BZIP2, XZ, ZSTD)


def codec_of(head: bytes) -> Codec | None:
    """The format that a file begins with; ``None`` for anything else.

    Args:
        head: its first six bytes or more, or all there are.
    """
    return next((codec for codec in CODECS if codec.magic.match(head)), None)


def needs_too_much_memory(codec: Codec, error: Exception) -> bool:
    """Whether a decompressor gave up because of `LARGEST_WINDOW_LOG`, not because of damage."""
    text = str(error)
    return (codec is ZSTD and "too much memory" in text) or (codec is XZ and "Memory usage limit" in text)
