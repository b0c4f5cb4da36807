from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.run.snapshot import Sample
from gui.models.plot_series import (
    centres,
    columns,
    floats,
    known_heights,
    rates,
    ribbon,
    spread,
    stairs,
    through_centres,
    wants_log,
)


def sample(time: float, reads: int) -> Sample:
    return Sample(time=time, reads=reads, bases=0, bytes_read=0, text_bytes=0, queue_size=0, memory=0)


def test_what_is_not_known_is_nan() -> None:
    np.testing.assert_array_equal(floats((1.0, None, 3.0)), [1.0, np.nan, 3.0])


def test_centres_of_groups() -> None:
    np.testing.assert_array_equal(centres((1, 2, 10), (1, 9, 14)), [1.0, 5.5, 12.0])


def test_stairs_cover_whole_groups() -> None:
    line = stairs((1, 2), (1, 5), (30.0, None))
    np.testing.assert_array_equal(line.x, [0.5, 1.5, 1.5, 5.5])
    np.testing.assert_array_equal(line.y, [30.0, 30.0, np.nan, np.nan])


def test_lines_through_centres_reach_both_ends_of_the_read() -> None:
    line = through_centres((1, 2), (1, 5), (30.0, 20.0))
    np.testing.assert_array_equal(line.x, [0.5, 1.0, 3.5, 5.5])
    np.testing.assert_array_equal(line.y, [30.0, 30.0, 20.0, 20.0])
    assert not len(through_centres((), (), ()).x)


def test_a_ribbon_parts_where_a_value_is_missing() -> None:
    low = stairs((1, 2, 3), (1, 2, 3), (10.0, None, 12.0))
    high = stairs((1, 2, 3), (1, 2, 3), (20.0, 21.0, 22.0))
    first, second = ribbon(low, high)
    np.testing.assert_array_equal(first.x, [0.5, 1.5, 1.5, 0.5])
    np.testing.assert_array_equal(first.y, [20.0, 20.0, 10.0, 10.0])
    np.testing.assert_array_equal(second.y, [22.0, 22.0, 12.0, 12.0])


def test_columns_that_touch_share_an_edge() -> None:
    outline = columns(np.array([0.0, 1.0]), np.array([1.0, 2.0]), np.array([5.0, 3.0]))
    np.testing.assert_array_equal(outline.x, [0, 0, 1, 1, 2, 2])
    np.testing.assert_array_equal(outline.y, [0, 5, 5, 3, 3, 0])


def test_columns_that_stand_apart_touch_the_ground() -> None:
    outline = columns(np.array([0.0, 4.0]), np.array([1.0, 5.0]), np.array([5.0, 3.0]))
    np.testing.assert_array_equal(outline.x, [0, 0, 1, 1, 4, 4, 5, 5])
    np.testing.assert_array_equal(outline.y, [0, 5, 5, 0, 0, 3, 3, 0])


def test_no_columns() -> None:
    assert not len(columns(np.empty(0), np.empty(0), np.empty(0)).x)


def test_heights_in_the_unit_of_the_axis() -> None:
    np.testing.assert_array_equal(known_heights((1000, 2500), 1000), [1.0, 2.5])


def test_a_steady_run_has_a_steady_rate() -> None:
    samples = [sample(number / 10, number * 100) for number in range(1, 101)]
    line = rates(samples, 0, 10, 0.25, 0.5)
    np.testing.assert_allclose(line.y, 1000)
    assert line.x[-1] == 10
    assert np.all(np.diff(line.x) > 0)


def test_rates_stand_at_the_same_times_whenever_they_are_asked_for() -> None:
    rng = np.random.default_rng(0)
    reads = np.cumsum(rng.integers(0, 1000, 600))
    samples = [sample((number + 1) / 10, int(total)) for number, total in enumerate(reads)]
    early, late = rates(samples[:550], 0, 55, 0.25, 0.5), rates(samples, 0, 60, 0.25, 0.5)
    shared = len(early.x) - 1  # the last value is the newest, at no multiple
    np.testing.assert_allclose(early.x[:shared], late.x[:shared])
    np.testing.assert_allclose(early.y[:shared], late.y[:shared])


def test_only_the_wanted_part_is_worked_out() -> None:
    samples = [sample(number / 10, number * 100) for number in range(1, 1201)]
    line = rates(samples, 60, 120, 0.25, 0.5)
    assert line.x[0] >= 60
    np.testing.assert_allclose(line.y, 1000)


def test_one_sample_is_enough_for_a_rate() -> None:
    line = rates([sample(0.1, 50)], 0, 0.1, 0.125, 0.5)
    np.testing.assert_allclose(line.y, 500)


def test_no_samples_have_no_rate() -> None:
    assert not len(rates([], 0, 10, 0.25, 0.5).x)


def test_letters_that_have_room_stay() -> None:
    assert spread([10.0, 90.0, 50.0], 13, 0, 100) == [10.0, 90.0, 50.0]


def test_letters_in_one_place_make_way_to_both_sides() -> None:
    assert spread([50.0, 50.0], 10, 0, 100) == [45.0, 55.0]


@given(
    places=st.lists(st.floats(0, 100), max_size=8),
    gap=st.floats(1, 14),
)
def test_letters_keep_order_distance_and_bounds(places: list[float], gap: float) -> None:
    stood = spread(places, gap, 0, 100)
    order = sorted(range(len(places)), key=lambda index: places[index])
    ordered = [stood[index] for index in order]
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(ordered))
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in stood)


def test_too_many_letters_stand_evenly() -> None:
    assert spread([5.0] * 5, 13, 0, 8) == pytest.approx([0, 2, 4, 6, 8])


def test_lengths_over_two_decades_want_a_logarithmic_axis() -> None:
    assert wants_log((200, 30_000), (299, 39_999), (5, 1))
    assert not wants_log((35, 151), (35, 151), (5, 1))
    assert not wants_log((1, 200, 30_000), (1, 299, 39_999), (0, 5, 0))
    assert not wants_log((), (), ())
