"""Definitions as they come from outside: anything, until it has been looked at."""

from __future__ import annotations

import math
from typing import Any

from engine.pipeline.faults import Fault, Location

DEEPEST = 24
"""Levels of tables and lists in a definition."""

LARGEST_NUMBER = 1 << 63
"""Whole numbers from here on, or below its negative, are refused."""


def fit_for_json(value: object, location: Location, faults: list[Fault]) -> Any:
    """A copy of a value that can be JSON and TOML, with ``None`` in place of what cannot.

    Args:
        value: of any type.
        location: where it stands.
        faults: takes what was found, such as a date, half a character, or tables in tables without end.
    """
    if isinstance(value, dict) and len(location) < DEEPEST:
        return {
            str(key): fit_for_json(each, (*location, str(key)), faults)
            for key, each in value.items()
            if _is_name(key, location, faults)
        }
    if isinstance(value, (list, tuple)) and len(location) < DEEPEST:
        return [fit_for_json(each, (*location, index), faults) for index, each in enumerate(value)]
    wrong = _wrong(value)
    if wrong:
        faults.append(Fault(location, wrong))
        return None
    return value


def _is_name(key: object, location: Location, faults: list[Fault]) -> bool:
    is_name = isinstance(key, str) and _is_encodable(key)
    if not is_name:
        faults.append(Fault(location, "has a name that is not text"))
    return is_name


def _wrong(value: object) -> str:
    if isinstance(value, str):
        return "" if _is_encodable(value) else "holds half a character"
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if -LARGEST_NUMBER <= value < LARGEST_NUMBER else "is too large a number"
    if isinstance(value, float):
        return "" if math.isfinite(value) else "has to be a finite number"
    if isinstance(value, (dict, list, tuple)):
        return f"lies deeper than {DEEPEST} levels"
    return f"is a {type(value).__name__}; it has to be text, a number, true or false"


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
