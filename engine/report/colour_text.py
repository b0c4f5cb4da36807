"""What is told of reads that were written as colours."""

from __future__ import annotations

from engine.source.colours import COLOUR_SPACE


def are_colours(kind: str) -> bool:
    """Whether the reads were written as colours.

    Args:
        kind: of the input; see `ByteSource`.
    """
    return COLOUR_SPACE in kind


def colour_note(kind: str) -> str:
    """What a user is told of an input of colours, one sentence; empty for any other.

    Args:
        kind: of the input; see `ByteSource`.
    """
    if not are_colours(kind):
        return ""
    return (
        "The reads are in colour space (SOLiD) and have been turned into bases, without the primer's base and its "
        "quality; after one wrong colour all bases of a read are wrong, so that more bases look wrong than are."
    )
