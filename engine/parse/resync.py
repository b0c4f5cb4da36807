"""Where the next whole record begins in a text that is damaged."""

from __future__ import annotations

from dataclasses import dataclass

_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.*-")
_BYTES_OF_LETTERS = bytes(sorted(_LETTERS))
_BYTES_OF_QUALITIES = bytes(range(33, 127))


@dataclass(frozen=True, slots=True)
class Found:
    """Where to go on.

    Attributes:
        newline: place of the end of the line before; past the end of the text where nothing is left.
        is_certain: a whole record begins behind it; otherwise one may, and more text is needed to tell.
    """

    newline: int
    is_certain: bool


def next_record(text: bytes, *, at_end: bool) -> Found:
    """The first whole record of four lines that begins after the first line of a text.

    Args:
        text: begins with what is damaged, or with the end of the line before a record.
        at_end: nothing follows.
    """
    newline = text.find(b"\n@")
    while newline >= 0:
        is_record = _is_record(text, newline + 1, at_end=at_end)
        if is_record is None:
            return Found(newline, is_certain=False)
        if is_record:
            return Found(newline, is_certain=True)
        newline = text.find(b"\n@", newline + 1)
    # The last byte may end the line before a record.
    return Found(len(text) if at_end else max(len(text) - 1, 0), is_certain=False)


def _is_record(text: bytes, start: int, *, at_end: bool) -> bool | None:
    """Whether a record stands there; ``None``: its end is missing."""
    lines: list[bytes] = []
    for _ in range(4):
        end = text.find(b"\n", start)
        if end < 0:
            if not at_end or len(lines) < 3:
                return False if at_end else None
            end = len(text)
        lines.append(text[start:end].removesuffix(b"\r"))
        if len(lines) == 3 and not lines[2].startswith(b"+"):
            return False
        start = end + 1
    name, bases, _, qualities = lines
    is_sound = len(bases) == len(qualities) and b"\0" not in name
    return (
        is_sound and not bases.translate(None, _BYTES_OF_LETTERS) and not qualities.translate(None, _BYTES_OF_QUALITIES)
    )
