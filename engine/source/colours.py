"""Reads of two-base colours, as SOLiD sequencers wrote them.

A read is the last base of its primer and one colour for each step from a base to the next: ``T0123.``. The colours
are those of Applied Biosystems: 0 for the same base again, 1 for A and C or G and T, 2 for A and G or C and T, 3 for A
and T or C and G. With A, C, G and T numbered so from 0, the next base's number is the exclusive or of the last one's
and of the colour. Past a colour that is not known nothing is known: all N.
"""

from __future__ import annotations

import re

COLOUR_SPACE = "colour space"
"""What stands in the kind of an input of colours, after how it is stored."""

_FIRST = re.compile(rb"\s*@[^\n]*\n[ACGTacgt][0-6.]+\r?\n")
_COLOUR = re.compile(rb"\d")
_COLOURS = re.compile(rb"(?:[ACGTacgt][0-6.]*)?")


def holds_colours(head: bytes) -> bool:
    """Whether a text begins with a read of colours; one of a base and dots is, unless others in sight are of bases."""
    if not _FIRST.match(head):
        return False
    reads = head.lstrip().split(b"\n")[1:-1:4]
    return bool(_COLOUR.search(reads[0])) or all(_COLOURS.fullmatch(read.removesuffix(b"\r")) for read in reads)
