from __future__ import annotations

import pytest

from gui.models.tabbed import tabbed


def test_a_row_a_line() -> None:
    assert tabbed([("a", "b"), (1, None), (-0.5, "-0.5")]) == "a\tb\n1\t\n-0.5\t-0.5"


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "a\r\nb", "a\x0bb", "a\u2028b"])
def test_no_name_makes_cells_or_lines(name: str) -> None:
    assert tabbed([(name, "c")]).splitlines() == ["a b\tc"]


@pytest.mark.parametrize("name", ["=1+2", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
def test_no_name_is_computed(name: str) -> None:
    assert tabbed([(name,)]) == f"'{name}"


def test_signs_alone_stay() -> None:
    assert tabbed([("-", "+", "")]) == "-\t+\t"
