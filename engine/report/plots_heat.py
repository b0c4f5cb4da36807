"""Maps of tiles as small PNG images: one pixel a cell, in colours that read on light and dark."""

from __future__ import annotations

import base64
import struct
import zlib

from engine.report.plots import Heat

WORST = -10.0
"""Phred below the average from which on a tile is as red as it gets; FastQC fails there."""

_SHADES = 64
# At or above the average, half way, worst.
_STOPS = ((0x2B, 0x83, 0xC4), (0xE9, 0xC4, 0x6A), (0xC8, 0x40, 0x2F))


def shade(value: float) -> tuple[int, int, int]:
    """The colour of a deviation, Phred, as red, green and blue, 0..255."""
    share = min(max(value / WORST, 0.0), 1.0) * (len(_STOPS) - 1)
    at = min(int(share), len(_STOPS) - 2)
    red, green, blue = (round(a + (b - a) * (share - at)) for a, b in zip(_STOPS[at], _STOPS[at + 1], strict=True))
    return red, green, blue


def heat_png(heat: Heat) -> str:
    """The map as a ``data:`` address of a PNG image with one pixel a cell; empty cells are transparent."""
    palette = [(0, 0, 0), *(shade(WORST * number / (_SHADES - 1)) for number in range(_SHADES))]
    rows = b"".join(b"\0" + bytes(_index(value) for value in row) for row in heat.values)
    width, height = len(heat.values[0]), len(heat.values)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)),
            _chunk(b"tRNS", b"\0"),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _index(value: float | None) -> int:
    if value is None:
        return 0
    return 1 + round(min(max(value / WORST, 0.0), 1.0) * (_SHADES - 1))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
