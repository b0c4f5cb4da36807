"""What stands in a text where the compressed data it came from is damaged, and how reading goes on after that."""

from __future__ import annotations

import re

MARK = b"\n\0%d %d\n"
"""Stands for damage: its place in the file and the bytes there that are lost. No FASTQ holds a zero byte."""

_MARK = re.compile(rb"\0(\d{1,18}) (\d{1,18})\n")

_LONGEST = 40
"""Bytes of a mark at most."""

OVERLAP = 16
"""Bytes at most that tell the beginning of a member."""

_BEGINNINGS = {
    # Deflate, no reserved flag, and what programs write for speed and system: by chance once in a terabyte.
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]....[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\0\0[\x00-\x0f]"),
    "Zstandard": re.compile(rb"\x28\xb5\x2f\xfd"),
}


def mark(offset: int, lost: int) -> bytes:
    """The text that stands for damage.

    Args:
        offset: where in the file it was met.
        lost: bytes of the file that are passed over.
    """
    return MARK % (offset, lost)


def lost_in(text: bytes) -> tuple[int, bytes]:
    """What the marks in a piece of a text stand for.

    Returns:
        Bytes of the compressed file, and the end of the piece that may be the beginning of one more mark.
    """
    lost, end = 0, 0
    for found in _MARK.finditer(text):
        lost += int(found[2])
        end = found.end()
    return lost, text[max(end, len(text) - _LONGEST) :]


def beginning_in(data: bytes, start: int, name: str) -> int:
    """Where in compressed data the next member seems to begin; -1: nowhere.

    Args:
        data: compressed.
        start: where to look from.
        name: see `Codec.name`.
    """
    found = _BEGINNINGS[name].search(data, start)
    return found.start() if found else -1
