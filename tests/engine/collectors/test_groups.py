from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.collectors.modules.groups import cycle_groups
from tests.naive_qc import naive_groups


def labels(longest: int) -> list[str]:
    return [str(first) if first == last else f"{first}-{last}" for first, last in cycle_groups(longest)]


def test_by_hand() -> None:
    assert cycle_groups(0) == []
    assert labels(1) == ["1"]
    assert labels(75) == [str(cycle) for cycle in range(1, 76)]
    assert labels(76)[7:12] == ["8", "9", "10-11", "12-13", "14-15"]
    assert labels(76)[-1] == "76"
    assert labels(150)[8:11] == ["9", "10-14", "15-19"]
    assert labels(151)[-2:] == ["145-149", "150-151"]
    assert labels(251)[8:12] == ["9", "10-14", "15-19", "20-24"]
    assert labels(600)[8:12] == ["9", "10-19", "20-29", "30-39"]
    assert labels(1000)[8:12] == ["9", "10-19", "20-39", "40-59"]
    assert labels(6006)[8:12] == ["9", "10-99", "100-199", "200-299"]
    assert labels(6006)[-1] == "6000-6006"


def test_agrees_with_the_definition() -> None:
    for longest in [*range(1200), 3208, 3209, 3210, 9999, 65_535, 90_000]:
        assert cycle_groups(longest) == [(group[0], group[-1]) for group in naive_groups(longest)], longest


@given(longest=st.integers(1, 5_000_000))
def test_groups_cover_every_cycle_once_and_are_few(longest: int) -> None:
    groups = cycle_groups(longest)
    assert groups[0][0] == 1
    assert groups[-1][1] == longest
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(groups))
    assert all(first <= last for first, last in groups)
    assert len(groups) <= 75
