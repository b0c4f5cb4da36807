"""gzip members and BGZF blocks, put together field by field as RFC 1952 and the SAM specification have them."""

from __future__ import annotations

import struct
import zlib

BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
"""The empty block that ends a BGZF file."""


def member(
    text: bytes,
    *,
    level: int = 6,
    extra: bytes | None = None,
    name: bytes | None = None,
    comment: bytes | None = None,
    header_crc: bool = False,
    crc: int | None = None,
    size: int | None = None,
) -> bytes:
    """A gzip member with the optional header fields asked for; `crc` and `size` to put wrong ones in the trailer."""
    flags = 2 * header_crc + 4 * (extra is not None) + 8 * (name is not None) + 16 * (comment is not None)
    header = b"\x1f\x8b\x08" + bytes([flags]) + struct.pack("<IBB", 1_700_000_000, 0, 3)
    if extra is not None:
        header += struct.pack("<H", len(extra)) + extra
    header += b"".join(field + b"\0" for field in (name, comment) if field is not None)
    if header_crc:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    deflate = zlib.compressobj(level, wbits=-15)
    body = deflate.compress(text) + deflate.flush()
    trailer = struct.pack(
        "<II", zlib.crc32(text) if crc is None else crc, len(text) % (1 << 32) if size is None else size
    )
    return header + body + trailer


def bgzf_block(text: bytes) -> bytes:
    """One BGZF block: a member whose extra field says how long it is."""
    field = struct.pack("<BBHH", 66, 67, 2, 0)
    length = len(member(text, extra=field))
    return member(text, extra=field[:4] + struct.pack("<H", length - 1))
