"""Reading TOML that somebody else wrote."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MOST_PARTS = 100

_BETWEEN_KEYS = re.compile(r"[=,{\[\n]")


def load_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text, of which nothing costs more than its length lets expect.

    A key of many parts takes room by the square of their number in ``tomllib``: 100 KB of ``a.a.a…`` take 10 GB.

    Raises:
        ValueError: it is not TOML (a `tomllib.TOMLDecodeError`, which says where), or cannot be meant.
    """
    if any(piece.count(".") > _MOST_PARTS for piece in _BETWEEN_KEYS.split(text)):
        raise ValueError(f"a name has more than {_MOST_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("its lists or tables lie too deep in each other") from error
