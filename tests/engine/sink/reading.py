"""Reading back what a sink has written."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from engine.sink.codecs import Packing

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def text_of_file(path: Path, packing: Packing | None = None) -> bytes:
    """The text in a file, decompressed by Python's own means."""
    data = path.read_bytes()
    packing = Packing.of(path) if packing is None else packing
    if packing is Packing.PLAIN:
        return data
    if packing is Packing.BGZF:
        return b"".join(bgzf_blocks(data))
    return zstd.decompress(data) if packing is Packing.ZSTD else gzip.decompress(data)


def bgzf_blocks(data: bytes) -> list[bytes]:
    """The text of each BGZF block, found by the length in its header as samtools does; the last has to be empty."""
    texts, start = [], 0
    while start < len(data):
        length = int.from_bytes(data[start + 16 : start + 18], "little") + 1
        texts.append(gzip.decompress(data[start : start + length]))
        start += length
    assert start == len(data)
    assert texts[-1] == b""
    return texts
