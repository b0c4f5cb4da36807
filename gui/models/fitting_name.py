"""Names of files in places that are too narrow for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from engine.source.file_names import stem_of

_CHUNK = re.compile(r"_\d{3}$")
_SHEET_ROW = re.compile(r"_S\d+(?=_L\d{3}(?:_|$))")
"""Which row of the sample sheet: the sample's name, which stands before it, tells that too."""


def fitting_name(name: str, fits: Callable[[str], bool]) -> str:
    """The name, or what of it tells files apart: without the endings that all have, so that lane and mate stay.

    Args:
        name: of a file, or anything else.
        fits: whether there is room for a text.

    Returns:
        The longest that fits, else the shortest there is.
    """
    bare = stem_of(Path(name)) if "/" not in name else name
    without_chunk = _CHUNK.sub("", bare)
    choices = (name, bare, without_chunk, _SHEET_ROW.sub("", without_chunk))
    return next((choice for choice in choices if fits(choice)), choices[-1])
