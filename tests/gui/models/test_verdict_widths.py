"""Columns of the overview, from the narrowest window to a wall screen."""

from __future__ import annotations

import pytest

from gui.models.verdict_table import SHOWN
from gui.models.verdict_widths import Widths, shared

_TITLES = [module.short for module in SHOWN]
_AVERAGE_LETTER = 7


def _measure(words: str) -> int:
    return _AVERAGE_LETTER * len(words.replace("\N{SOFT HYPHEN}", ""))


def _shared(room: int, *, tells_unlike: bool = True) -> Widths:
    return shared(room, _TITLES, _measure, tells_unlike=tells_unlike)


@pytest.mark.parametrize("tells_unlike", [True, False])
@pytest.mark.parametrize("room", [612, 640, 700, 877, 900, 1_000, 1_700])
def test_all_columns_fit_side_by_side(room: int, tells_unlike: bool) -> None:
    widths = _shared(room, tells_unlike=tells_unlike)
    assert widths.whole == room
    assert widths.name >= 112
    assert bool(widths.unlike) is tells_unlike


def test_marks_stay_near_their_names_on_wide_screens() -> None:
    widths = shared(1_560, _TITLES, _measure, longest_name=220, tells_unlike=True)
    assert widths.name == 220
    assert widths.unlike > 300, "there is room to say in what else a run stands out"
    assert max(widths.modules) <= 91
    assert widths.whole == 1_560
    alone = shared(1_560, _TITLES, _measure, longest_name=220, tells_unlike=False)
    assert alone.whole == 1_560


def test_names_that_are_whole_leave_no_other_column_less_than_it_needs() -> None:
    least = shared(1_000, _TITLES, _measure, tells_unlike=True)
    widths = shared(1_000, _TITLES, _measure, longest_name=5_000, tells_unlike=True)
    assert (widths.unlike, widths.whole) == (148, 1_000)
    assert widths.name > least.name


def test_titles_are_broken_at_their_hyphens_only_where_they_must() -> None:
    at = next(number for number, module in enumerate(SHOWN) if module.key == "duplication")
    whole, broken = _measure("Duplication"), _measure("cation")
    assert _shared(1_000).modules[at] > whole
    assert broken < _shared(700).modules[at] < whole


def test_what_does_not_fit_keeps_the_least_that_can_be_read() -> None:
    assert _shared(100) == _shared(0)
    assert _shared(0).whole <= 612
