"""Names of files in places that are too narrow for them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from engine.source.file_names import stem_of

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_CHUNK = re.compile(r"_\d{3}$")
_SHEET_ROW = re.compile(r"_S\d+(?=_L\d{3}(?:_|$))")
"""Which row of the sample sheet: the sample's name, which stands before it, tells that too."""


def fitting_name(name: str, fits: Callable[[str], bool]) -> str:
    """The name, or what of it tells files apart: without the endings that all have, so that lane and mate stay.

    Samples of a batch begin alike: where that is not enough, two thirds of what is left are from the end.

    Args:
        name: of a file, or anything else.
        fits: whether there is room for a text.

    Returns:
        The longest that fits, else an ellipsis.
    """
    bare = stem_of(Path(name)) if "/" not in name else name
    without_chunk = _CHUNK.sub("", bare)
    choices = (name, bare, without_chunk, _SHEET_ROW.sub("", without_chunk))
    fitting = next((choice for choice in choices if fits(choice)), None)
    if fitting is not None:
        return fitting
    name = choices[-1]
    return _shortened(name, bisect_left(range(1, len(name)), True, key=lambda kept: not fits(_shortened(name, kept))))


def _shortened(name: str, kept: int) -> str:
    """``name`` with ``kept`` of its letters."""
    begin = kept // 3
    return f"{name[:begin]}{_ELLIPSIS}{name[len(name) - kept + begin :]}"
