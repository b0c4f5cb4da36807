"""Names of files in places that are too narrow for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from engine.source.file_names import stem_of

_CHUNK = re.compile(r"_\d{3}$")


def fitting_name(name: str, fits: Callable[[str], bool]) -> str:
    """The name, or what of it tells files apart: without the endings that all have, so that lane and mate stay.

    Args:
        name: of a file, or anything else.
        fits: whether there is room for a text.

    Returns:
        The longest that fits, else the shortest there is.
    """
    bare = stem_of(Path(name)) if "/" not in name else name
    choices = (name, bare, _CHUNK.sub("", bare))
    return next((choice for choice in choices if fits(choice)), choices[-1])
