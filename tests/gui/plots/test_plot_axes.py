from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.models.plot_axes import count_ticks, log_ticks, prefix, short, step, ticks, top, written
from gui.theme.theme import Theme
from gui.views.plots.axis import Axis


def words(made: list[tuple[float, str]]) -> list[str]:
    return [text for _, text in made]


@pytest.mark.parametrize(
    ("largest", "symbol"), [(0, ""), (999, ""), (1000, "k"), (3.3e6, "M"), (2e9, "G"), (5e15, "T")]
)
def test_prefix(largest: float, symbol: str) -> None:
    assert prefix(largest).symbol == symbol


def test_ticks_are_round_and_keep_their_decimals() -> None:
    assert words(ticks(0, 4, 8)) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0"]
    assert words(ticks(0, 42, 5)) == ["0", "10", "20", "30", "40"]
    assert words(ticks(-60, 0, 6)) == ["\u221260", "\u221250", "\u221240", "\u221230", "\u221220", "\u221210", "0"]


def test_ticks_stay_within() -> None:
    assert [value for value, _ in ticks(0.5, 150.5, 5)] == [50, 100, 150]


def test_counts_have_whole_ticks() -> None:
    assert words(count_ticks(0, 2, 8)) == ["0", "1", "2"]
    assert words(count_ticks(0, 40_000, 4)) == ["0", "10 k", "20 k", "30 k", "40 k"]


def test_logarithmic_ticks() -> None:
    assert words(log_ticks(2, 4.6, 4)) == ["100", "1 k", "10 k"]
    assert words(log_ticks(2, 4, 10)) == ["100", "200", "500", "1 k", "2 k", "5 k", "10 k"]
    assert words(log_ticks(0, 9, 4)) == ["1", "1 k", "1 M", "1 G"]


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6), most=st.integers(2, 20))
def test_ticks_are_few_and_inside(low: float, span: float, most: int) -> None:
    made = ticks(low, low + span, most)
    assert len(made) <= most + 1
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value, _ in made)


@given(span=st.floats(1e-9, 1e12), most=st.integers(1, 30))
def test_steps_divide_as_asked(span: float, most: int) -> None:
    assert span / step(span, most) <= most * (1 + 1e-6)


def test_a_span_of_nothing_has_a_step() -> None:
    assert step(0, 5) == 1


@given(largest=st.floats(1e-6, 1e12))
def test_the_axis_holds_the_largest_value(largest: float) -> None:
    end = top(largest)
    assert largest <= end <= largest * 2.2


def test_the_axis_keeps_its_end_while_values_waver() -> None:
    end = top(3.3)
    assert end == 4
    assert top(3.6, end) == end
    assert top(1.7, end) == end
    assert top(3.9, end) == 5
    assert top(0.1, end) < 1


def test_an_axis_of_nothing_keeps_its_end() -> None:
    assert top(0) == 1
    assert top(0, 4) == 4


def test_written_numbers() -> None:
    assert written(-1.5, 1) == "\u22121.5"
    assert written(-1e-12, 0) == "0"
    assert written(12345, 0) == "12,345"
    assert short(1_200_000) == "1.2 M"
    assert short(500) == "500"
    assert math.isclose(prefix(1000).factor, 1e3)


def test_an_axis_tells_its_scale_by_two_numbers_at_least(dark: Theme) -> None:
    axis = Axis("position in read (bp)", left=False)
    axis.ticker = count_ticks
    axis.resize(244, 42)
    axis.set_range(0.5, 6006.5)
    assert len(count_ticks(0.5, 6006.5, 3)) == 1
    assert [text for _, text in axis.ticks()] == ["2,000", "4,000", "6,000"]
