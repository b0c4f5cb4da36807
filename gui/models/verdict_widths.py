"""How the columns of a table of verdicts share its room."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_LEAST_NAME, _NARROW_NAME = 176, 112
_LEAST_UNLIKE, _MOST_UNLIKE, _NARROW_UNLIKE = 148, 200, 50
_LEAST_CELL, _MOST_CELL, NARROW_CELL = 46, 84, 34
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


def shared(
    room: int, titles: Sequence[str], measure: Callable[[str], int], *, longest_name: int = 0, tells_unlike: bool
) -> Widths:
    """Share ``room`` pixels; the widths together are more only where even narrow columns do not fit.

    Where there is room, words of titles and then names stay whole, and what is left goes to the modules and to what
    stands out: marks far from their names are hard to follow. Where there is not, words are broken at their soft
    hyphens, and of what stands out the mark alone is sure of its place.

    Args:
        room: width of the table, logical pixels.
        titles: of the modules' columns.
        measure: width of some words in the titles' font, logical pixels.
        longest_name: width that shows all names, logical pixels.
        tells_unlike: whether there is a column of what stands out.
    """
    modules = tuple(max(_LEAST_CELL, _BESIDE_TITLE + max(map(measure, title.split()))) for title in titles)
    least = Widths(_LEAST_NAME, _LEAST_UNLIKE * tells_unlike, modules)
    if least.whole <= room:
        return _with_room(room - least.whole, least, longest_name)
    modules = tuple(max(NARROW_CELL, _NARROW_BESIDE + max(map(measure, _hyphenated(title)))) for title in titles)
    rest = max(0, room - sum(modules) - _NARROW_NAME - _NARROW_UNLIKE * tells_unlike)
    for_names = _LEAST_NAME - _NARROW_NAME
    unlike = min(_LEAST_UNLIKE - _NARROW_UNLIKE, max(0, rest - for_names)) if tells_unlike else 0
    return Widths(_NARROW_NAME + rest - unlike, (_NARROW_UNLIKE + unlike) * tells_unlike, modules)


def _with_room(rest: int, least: Widths, longest_name: int) -> Widths:
    """``least``, with ``rest`` pixels more."""
    name = least.name + min(rest, max(0, longest_name - least.name))
    rest -= name - least.name
    unlike = least.unlike + min(rest, _MOST_UNLIKE - least.unlike) if least.unlike else 0
    rest -= unlike - least.unlike
    more = rest // len(least.modules)
    modules = tuple(width + min(more, max(0, _MOST_CELL - width)) for width in least.modules)
    rest -= sum(modules) - sum(least.modules)
    return Widths(name, unlike + rest, modules) if unlike else Widths(name + rest, 0, modules)


def _hyphenated(title: str) -> list[str]:
    """The pieces of ``title`` as they stand in lines of their own."""
    return [piece.replace("\N{SOFT HYPHEN}", "-") for piece in _BREAKS.split(title) if piece]
