"""What is admitted and what is left out add up to what came, under every policy."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from engine.flow.backpressure import (
    Adaptive,
    Backpressure,
    Block,
    Drop,
    LeftOut,
    Sample,
    Valve,
    ValveAborted,
    is_chosen,
)


def admitted(valve: Valve, numbers: range, size: int = 10) -> list[int]:
    return [number for number in numbers if valve.admit(number, size, reads=2, bases=8, text_bytes=size)]


def test_dropping_leaves_out_what_finds_no_room() -> None:
    valve = Valve(Drop(), 30)
    assert admitted(valve, range(5)) == [0, 1, 2]
    assert valve.left_out == LeftOut(2, 4, 16, 20)
    valve.done(10)
    assert admitted(valve, range(5, 7)) == [5]
    assert (valve.under_way, valve.high_water) == (30, 30)


def test_a_batch_larger_than_the_room_goes_through_alone() -> None:
    valve = Valve(Drop(), 30)
    assert admitted(valve, range(2), size=50) == [0]
    valve.done(50)
    assert admitted(valve, range(2, 3), size=50) == [2]


def test_blocking_waits_for_room() -> None:
    valve = Valve(Block(), 30)
    admitted(valve, range(3))
    through = threading.Event()

    def push() -> None:
        valve.admit(3, 10, reads=1, bases=1, text_bytes=10)
        through.set()

    thread = threading.Thread(target=push)
    thread.start()
    assert not through.wait(0.05)
    valve.done(10)
    assert through.wait(30)
    thread.join(30)
    assert valve.left_out == LeftOut()


def test_aborting_frees_who_waits() -> None:
    valve = Valve(Block(), 10)
    admitted(valve, range(1))
    caught: list[Exception] = []

    def push() -> None:
        try:
            valve.admit(1, 10, reads=1, bases=1, text_bytes=10)
        except ValveAborted as error:
            caught.append(error)

    thread = threading.Thread(target=push)
    thread.start()
    valve.abort()
    thread.join(30)
    assert len(caught) == 1
    with pytest.raises(ValveAborted):
        valve.admit(2, 1, reads=1, bases=1, text_bytes=1)


def test_samples_are_the_same_however_often_they_are_drawn() -> None:
    first, second = (admitted(Valve(Sample(share=0.3, seed=7), 1 << 30), range(2000)) for _ in range(2))
    assert first == second
    assert 500 < len(first) < 700
    assert first != admitted(Valve(Sample(share=0.3, seed=8), 1 << 30), range(2000))
    assert admitted(Valve(Sample(share=1), 1 << 30), range(50)) == list(range(50))


@given(st.integers(0, 2**40), st.integers(), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_larger_sample_holds_the_smaller(number: int, seed: int, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert is_chosen(number, large, seed) or not is_chosen(number, small, seed)


def test_adaptive_samples_between_the_marks() -> None:
    valve = Valve(Adaptive(low=0.4, high=0.8, share=1e-9), 100)
    assert admitted(valve, range(12)) == list(range(8))  # up to the high mark
    for _ in range(3):
        valve.done(10)
        assert admitted(valve, range(100, 101)) == []  # not yet down to the low mark
    valve.done(10)
    assert admitted(valve, range(200, 220)) == [200, 201, 202, 203]
    assert valve.left_out.batches == 4 + 3 + 16


@given(
    policy=st.sampled_from([Drop(), Sample(share=0.5), Adaptive(low=0.2, high=0.5, share=0.5)]),
    steps=st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=60),
)
def test_what_went_through_and_what_was_left_out_is_all_that_came(
    policy: Backpressure, steps: list[tuple[int, bool]]
) -> None:
    valve = Valve(policy, 1 << 20 if isinstance(policy, Sample) else 4000)
    under_way: list[int] = []
    through = 0
    for number, (size, is_done) in enumerate(steps):
        if valve.admit(number, size, reads=1, bases=size, text_bytes=size):
            under_way.append(size)
            through += size
        if is_done and under_way:
            valve.done(under_way.pop(0))
    assert through + valve.left_out.text_bytes == sum(size for size, _ in steps)
    assert valve.under_way == sum(under_way)


@pytest.mark.parametrize(
    ("policy", "least", "most"),
    [
        (Block(), 1.0, 1.0),
        (Drop(), 0.1, 0.11),
        (Sample(share=0.05, seed=2), 0.04, 0.06),
        (Sample(share=0.4, seed=2), 0.37, 0.43),
        (Adaptive(low=0.5, high=0.9, share=0.05), 0.06, 0.16),
        (Adaptive(low=0.5, high=0.9, share=0.3), 0.27, 0.34),
    ],
    ids=["block", "drop", "sample", "large sample", "adaptive", "adaptive, large sample"],
)
def test_a_source_ten_times_too_fast(policy: Backpressure, least: float, most: float) -> None:
    """Of ten batches that come the workers do one; where the source has to wait it waits for them."""
    valve, count, waited = Valve(policy, 100), 10_000, 0
    under_way = 0
    for number in range(count):
        if number % 10 == 0 and under_way:
            valve.done(10)
            under_way -= 1
        while under_way == 10 and not isinstance(policy, Drop):
            valve.done(10)
            under_way -= 1
            waited += 1
        under_way += len(admitted(valve, range(number, number + 1)))
    left_out = valve.left_out
    assert (left_out.reads, left_out.bases) == (2 * left_out.batches, 8 * left_out.batches)
    processed = count - left_out.batches
    assert least * count <= processed <= most * count
    assert valve.high_water <= 100
    assert not isinstance(policy, Block) or waited > 0.85 * count  # it waits for what it sends too many


def test_policies_are_told_apart_by_kind() -> None:
    adapter: TypeAdapter[Backpressure] = TypeAdapter(Backpressure)
    assert adapter.validate_python({"kind": "sample", "share": 0.5}) == Sample(share=0.5)
    for wrong in ({"kind": "hope"}, {"kind": "sample", "share": 0}, {"kind": "adaptive", "low": 0.9, "high": 0.2}):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)
