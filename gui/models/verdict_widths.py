"""How the columns of a table of verdicts share its room."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_LEAST_NAME, _NARROW_NAME = 176, 112
_LEAST_UNLIKE, _MOST_UNLIKE, _NARROW_UNLIKE = 148, 200, 50
_LEAST_CELL, NARROW_CELL = 46, 34
_BESIDE_TITLE, _NARROW_BESIDE = 14, 6
_BREAKS = re.compile("(?<=\N{SOFT HYPHEN})|\\s")


class Widths(NamedTuple):
    """Widths of the columns, logical pixels.

    Attributes:
        name: of the runs' names.
        unlike: of what stands out; 0 where that is not told.
        modules: of each module.
    """

    name: int
    unlike: int
    modules: tuple[int, ...]

    @property
    def whole(self) -> int:
        """All of them together."""
        return self.name + self.unlike + sum(self.modules)


def shared(room: int, titles: Sequence[str], measure: Callable[[str], int], *, tells_unlike: bool) -> Widths:
    """Share ``room`` pixels; the widths together are more only where even narrow columns do not fit.

    Where there is room, words of titles stay whole, and half of what modules leave goes to the names, half to what
    stands out, as far as that needs it. Where there is not, words are broken at their soft hyphens, and of what stands
    out the mark alone is sure of its place.

    Args:
        room: width of the table, logical pixels.
        titles: of the modules' columns.
        measure: width of some words in the titles' font, logical pixels.
        tells_unlike: whether there is a column of what stands out.
    """
    modules = tuple(max(_LEAST_CELL, _BESIDE_TITLE + max(map(measure, title.split()))) for title in titles)
    least = Widths(_LEAST_NAME, _LEAST_UNLIKE * tells_unlike, modules)
    if least.whole <= room:
        unlike = min(_MOST_UNLIKE, _LEAST_UNLIKE + (room - least.whole) // 2) * tells_unlike
        return Widths(room - sum(modules) - unlike, unlike, modules)
    modules = tuple(max(NARROW_CELL, _NARROW_BESIDE + max(map(measure, _hyphenated(title)))) for title in titles)
    rest = max(0, room - sum(modules) - _NARROW_NAME - _NARROW_UNLIKE * tells_unlike)
    for_names = _LEAST_NAME - _NARROW_NAME
    unlike = min(_LEAST_UNLIKE - _NARROW_UNLIKE, max(0, rest - for_names)) if tells_unlike else 0
    return Widths(_NARROW_NAME + rest - unlike, (_NARROW_UNLIKE + unlike) * tells_unlike, modules)


def _hyphenated(title: str) -> list[str]:
    """The pieces of ``title`` as they stand in lines of their own."""
    return [piece.replace("\N{SOFT HYPHEN}", "-") for piece in _BREAKS.split(title) if piece]
