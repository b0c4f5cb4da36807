"""Maps as small PNG images: one pixel a cell, in colours that read on light and dark."""

from __future__ import annotations

import base64
import math
import struct
import zlib

from engine.report.plots.plot import Heat, Scale

WORST = -10.0
"""Phred below the average from which on a tile is as red as it gets; FastQC fails there."""

_SHADES = 64
_STOPS = {
    # At or above the average, half way, worst.
    "deviation": ((0x2B, 0x83, 0xC4), (0xE9, 0xC4, 0x6A), (0xC8, 0x40, 0x2F)),
    # From dark blue over grey to yellow: equally easy for all kinds of colour vision, and in print.
    "amount": ((0x1B, 0x3A, 0x6B), (0x57, 0x6A, 0x8C), (0x8F, 0x8F, 0x80), (0xC6, 0xB4, 0x66), (0xFD, 0xE3, 0x3D)),
}

DEVIATION = Scale(
    "deviation", 0.0, WORST, ((0.0, "average or better"), (WORST / 2, "5 below"), (WORST, "10 or more below (Phred)"))
)
"""Phred below the average."""


def shade(value: float, scale: Scale = DEVIATION) -> tuple[int, int, int]:
    """The colour of a value as red, green and blue, 0..255."""
    stops = _STOPS[scale.colours]
    share = _share(value, scale) * (len(stops) - 1)
    at = min(int(share), len(stops) - 2)
    red, green, blue = (round(a + (b - a) * (share - at)) for a, b in zip(stops[at], stops[at + 1], strict=True))
    return red, green, blue


def heat_png(heat: Heat) -> str:
    """The map as a ``data:`` address of a PNG image with one pixel a cell; empty cells are transparent."""
    stops = [_at(number / (_SHADES - 1), heat.scale or DEVIATION) for number in range(_SHADES)]
    palette = [(0, 0, 0), *(shade(value, heat.scale or DEVIATION) for value in stops)]
    rows = b"".join(b"\0" + bytes(_index(value, heat.scale or DEVIATION) for value in row) for row in heat.values)
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


def _share(value: float, scale: Scale) -> float:
    """How far along the scale a value is, 0..1."""
    low, high = scale.low, scale.high
    if scale.is_logarithmic:
        value, low, high = math.log(max(value, low)), math.log(low), math.log(high)
    return min(max((value - low) / (high - low), 0.0), 1.0) if high != low else 1.0


def _at(share: float, scale: Scale) -> float:
    """The value so far along the scale."""
    if scale.is_logarithmic:
        return math.exp(math.log(scale.low) + share * (math.log(scale.high) - math.log(scale.low)))
    return scale.low + share * (scale.high - scale.low)


def _index(value: float | None, scale: Scale) -> int:
    return 0 if value is None else 1 + round(_share(value, scale) * (_SHADES - 1))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
