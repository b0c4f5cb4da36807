"""Inputs as they are stored, made for tests, and what a source makes of them."""

from __future__ import annotations

import zlib
from pathlib import Path

from engine.errors import InputError
from engine.source.base import ByteSource

MARKER = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
"""The block that ends a BGZF file."""


def fastq(reads: int, length: int = 12) -> bytes:
    """Reads that differ."""
    bases = b"ACGTGCAATC" * (length // 10 + 2)
    return b"".join(
        b"@read%d\n%b\n+\n%b\n" % (i, bases[i % 10 : i % 10 + length], bytes(33 + (i + j) % 40 for j in range(length)))
        for i in range(reads)
    )


def bgzf_block(text: bytes, extra: bytes = b"") -> bytes:
    """One block.

    Args:
        text: at most 65,536 bytes.
        extra: other extra fields, put before BGZF's own.
    """
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    fields = len(extra) + 6
    length = 12 + fields + len(body) + 8
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + fields.to_bytes(2, "little")
    head += extra + b"BC\x02\x00" + (length - 1).to_bytes(2, "little")
    return head + body + zlib.crc32(text).to_bytes(4, "little") + len(text).to_bytes(4, "little")


def bgzf_blocks(text: bytes, size: int = 0xFF00) -> list[bytes]:
    """A text in blocks of `size` bytes each, the last one shorter; no end marker."""
    return [bgzf_block(text[at : at + size]) for at in range(0, len(text), size)]


def bgzf(text: bytes, size: int = 0xFF00) -> bytes:
    """A whole BGZF file."""
    return b"".join(bgzf_blocks(text, size)) + MARKER


def read_all(source: ByteSource, piece: int = 1 << 16) -> tuple[bytes, InputError | None]:
    """All of a source's text, read in pieces, and the error that ended it, if one did; closes the source."""
    text = bytearray()
    buffer = memoryview(bytearray(piece))
    try:
        while count := source.read_into(buffer):
            text += buffer[:count]
    except InputError as error:
        return bytes(text), error
    finally:
        source.close()
    return bytes(text), None


def stored_at(folder: Path, data: bytes, name: str = "reads.fastq.gz") -> Path:
    """A file that holds `data`."""
    path = folder / name
    path.write_bytes(data)
    return path
