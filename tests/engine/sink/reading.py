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
    return zstd.decompress(data) if packing is Packing.ZSTD else gzip.decompress(data)
