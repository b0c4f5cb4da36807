from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.cuda import trim_quality, trim_windows
from kernels.stages import trim_quality as plain_quality
from kernels.stages import trim_windows as plain_windows
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, columns_of

Kernel = Callable[..., None]

PAIRS: dict[str, tuple[Kernel, Kernel, int]] = {
    "quality_ends": (trim_quality.quality_ends, plain_quality.quality_ends_reference, 2),
    "window_begins": (trim_windows.window_begins, plain_windows.window_begins_reference, 1),
    "window_ends": (trim_windows.window_ends, plain_windows.window_ends_reference, 1),
    "window_stops": (trim_windows.window_stops, plain_windows.window_stops_reference, 1),
}


def on_device(name: str, reads: Columns, numbers: tuple[int, int]) -> list[list[int]]:
    kernel, _, count = PAIRS[name]
    filled = [np.full(len(reads.starts), -9, np.int32) for _ in range(count)]
    through_device(kernel)(reads.buffer, reads.starts, reads.lengths, *numbers, *filled)
    return [column.tolist() for column in filled]


def by_reference(name: str, reads: Columns, numbers: tuple[int, int]) -> list[list[int]]:
    _, kernel, count = PAIRS[name]
    filled = [np.full(len(reads.starts), -9, np.int32) for _ in range(count)]
    kernel(reads.buffer, reads.starts, reads.lengths, *numbers, *filled)
    return [column.tolist() for column in filled]


BY_HAND: list[tuple[str, tuple[int, int], list[bytes], list[list[int]]]] = [
    ("quality_ends", (10, 10), [b"II#,#", b"##", b""], [[0, 0, 0], [2, 0, 0]]),
    ("quality_ends", (10, 0), [b"##I#", b"I"], [[2, 0], [4, 1]]),
    ("quality_ends", (0, 10), [b"##I#", b"I"], [[0, 0], [3, 1]]),
    ("window_ends", (2, 20), [b"II5!!", b"!!", b"I", b""], [[3, 0, 1, 0]]),
    ("window_begins", (2, 20), [b"!!5II", b"!!", b"I", b""], [[2, 2, 0, 0]]),
    ("window_stops", (2, 20), [b"II5!I", b"!!", b"II", b""], [[3, 0, 2, 0]]),
]


@pytest.mark.parametrize(("name", "numbers", "texts", "expected"), BY_HAND)
def test_by_hand(name: str, numbers: tuple[int, int], texts: list[bytes], expected: list[list[int]]) -> None:
    reads = columns_of(texts, junk=b"G")
    assert on_device(name, reads, numbers) == by_reference(name, reads, numbers) == expected


@st.composite
def scores(draw: st.DrawFn) -> Columns:
    """Reads that are good in one part and bad in another, so that most bounds are inside of them."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    letters = list(draw(st.sampled_from([b"!#+5?I", bytes(range(33, 127)), b"45"])))
    texts = []
    for length in draw(st.lists(st.integers(0, 40), max_size=5)):
        score = np.sort(chance.choice(letters, length)) if draw(st.booleans()) else chance.choice(letters, length)
        texts.append(bytes(np.roll(score, chance.integers(0, 41)).astype(np.uint8)))
    return columns_of(texts, junk=draw(st.sampled_from([b"", b"~!"])))


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=15)
@given(reads=scores(), data=st.data())
def test_agrees_with_reference(name: str, reads: Columns, data: st.DataObject) -> None:
    cutoff = st.sampled_from([1, 2, 15, 20, 30, 93])
    numbers: Any = (data.draw(cutoff if name == "quality_ends" else st.integers(1, 12)), data.draw(cutoff))
    assert on_device(name, reads, numbers) == by_reference(name, reads, numbers)


@settings(max_examples=15)
@given(bases=scores(), cutoff=st.sampled_from([0, 1, 20, 93]))
def test_two_colour_agrees_with_reference(bases: Columns, cutoff: int) -> None:
    letters = np.frombuffer(b"GACGTg", np.uint8)
    text = letters[bases.buffer % len(letters)]
    both, start = np.concatenate((text, bases.buffer)), np.int32(len(text))
    found, expected = np.full((2, len(bases.starts)), -9, np.int32)
    arguments = (both, bases.starts, bases.starts + start, bases.lengths, cutoff)
    through_device(trim_quality.two_colour_ends)(*arguments, found)
    plain_quality.two_colour_ends_reference(*arguments, expected)
    assert found.tolist() == expected.tolist()
