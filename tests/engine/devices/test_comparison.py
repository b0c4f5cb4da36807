from __future__ import annotations

import pytest

from engine.devices.comparison import Pace, compare

CPU = [Pace(100, 1.0), Pace(300, 1.0)]


def test_a_faster_device_goes_on_alone() -> None:
    verdict = compare(CPU, 2, [Pace(840, 1.0)], ["cuda:0"], 0.3, 0.4)
    assert verdict.is_device
    assert verdict.words == (
        "Counting on cuda:0 was 2.1 times as fast as with 2 workers on the CPU: the CPU stands by."
    )


def test_workers_that_had_no_time_yet_count_as_fast_as_the_others() -> None:
    assert not compare(CPU, 8, [Pace(840, 1.0)], ["cuda:0"], 0.3, 0.4).is_device


@pytest.mark.parametrize(
    ("copying", "counting", "why"),
    [
        (0.6, 0.3, "the upload takes longer than the counting"),
        (0.3, 0.6, "the counting takes longer than the upload"),
        (0.1, 0.2, "most time goes into what only the CPU can count"),
    ],
)
def test_a_slower_device_is_told_why(copying: float, counting: float, why: str) -> None:
    verdict = compare(CPU[:1], 1, [Pace(10, 0.5), Pace(10, 0.5)], ["cuda:0", "cuda:1"], copying, counting)
    assert not verdict.is_device
    assert verdict.words == (
        f"Counting with 1 worker on the CPU was 2.5 times as fast as on cuda:0 and cuda:1, where {why}."
    )


def test_a_device_that_did_nothing_divides_by_nothing() -> None:
    assert "many times" in compare(CPU, 2, [Pace(0, 0.0)], ["cuda:0"], 0.0, 0.0).words
