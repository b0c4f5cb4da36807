"""Tables as text for spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gui.models.format import one_line

_FORMULA = re.compile(r"[=@+-].")


def tabbed(rows: Iterable[Sequence[object]]) -> str:
    """Cells apart by tabs and a row a line, nothing for ``None``; text stays text, whatever a file is called.

    Spreadsheets compute what begins like a formula, so such text gets an apostrophe in front; numbers do not.
    """
    return "\n".join("\t".join(map(_cell, row)) for row in rows)


def _cell(value: object) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    text = one_line(value)
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
