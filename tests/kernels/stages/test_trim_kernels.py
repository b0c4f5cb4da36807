from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.stages import trim_ends, trim_fastp, trim_mask, trim_quality, trim_windows
from tests.strategies import Columns, columns_of

Kernel = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Reads:
    """Bases and qualities of the same reads, over one buffer."""

    bases: Columns
    qualities: Columns


def reads_of(texts: list[bytes], scores: list[bytes]) -> Reads:
    both = columns_of([*texts, *scores], junk=b"N!")
    half = len(texts)
    buffer = both.buffer.copy()
    return Reads(
        Columns(buffer, both.starts[:half].copy(), both.lengths[:half].copy()),
        Columns(buffer, both.starts[half:].copy(), both.lengths[half:].copy()),
    )


@st.composite
def reads(draw: st.DrawFn) -> Reads:
    letters = draw(st.sampled_from([b"ACGTN", b"GGGA", b"AAAAT", b"acgtnACGTN", b"N"]))
    scores = draw(st.sampled_from([b"!#+5?I", bytes(range(33, 127)), b"45", b"!"]))
    lengths = draw(st.lists(st.integers(0, 90), max_size=8))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    pick = [bytes(chance.choice(list(letters), length).astype(np.uint8)) for length in lengths]
    rate = [bytes(chance.choice(list(scores), length).astype(np.uint8)) for length in lengths]
    return reads_of(pick, rate)


def outcome(kernel: Kernel, columns: Columns, settings_: tuple[Any, ...], count: int, extra: Columns | None) -> Any:
    buffer = columns.buffer.copy()
    filled = [np.full(len(columns.starts), -9, np.int32) for _ in range(count)]
    starts = (columns.starts,) if extra is None else (columns.starts, extra.starts)
    kernel(buffer, *starts, columns.lengths, *settings_, *filled)
    return bytes(buffer), [column.tolist() for column in filled]


CUTOFF = st.sampled_from([1, 2, 15, 20, 30, 93])
BASE = st.sampled_from(list(b"ACGT"))
WINDOW = st.integers(1, 12)
OF_FASTP = st.tuples(st.integers(0, 12), st.sampled_from([34, 48, 53, 63]))
FASTP = st.tuples(st.integers(0, 9), st.integers(0, 9), OF_FASTP, OF_FASTP, OF_FASTP).map(
    lambda drawn: np.array([*drawn[:2], *drawn[2], *drawn[3], *drawn[4]], np.int64)
)
CASES: list[tuple[Kernel, Kernel, st.SearchStrategy[tuple[Any, ...]], int, str]] = [
    (trim_quality.quality_ends, trim_quality.quality_ends_reference, st.tuples(CUTOFF, CUTOFF), 2, "qualities"),
    (trim_quality.two_colour_ends, trim_quality.two_colour_ends_reference, st.tuples(CUTOFF), 1, "both"),
    (trim_windows.window_begins, trim_windows.window_begins_reference, st.tuples(WINDOW, CUTOFF), 1, "qualities"),
    (trim_windows.window_ends, trim_windows.window_ends_reference, st.tuples(WINDOW, CUTOFF), 1, "qualities"),
    (trim_windows.window_stops, trim_windows.window_stops_reference, st.tuples(WINDOW, CUTOFF), 1, "qualities"),
    (trim_ends.n_ends, trim_ends.n_ends_reference, st.tuples(), 2, "bases"),
    (trim_ends.tail_lengths, trim_ends.tail_lengths_reference, st.tuples(BASE, st.booleans()), 1, "bases"),
    (trim_ends.run_lengths, trim_ends.run_lengths_reference, st.tuples(BASE, st.integers(1, 20)), 1, "bases"),
    (trim_mask.mask_low_qualities, trim_mask.mask_low_qualities_reference, st.tuples(CUTOFF), 1, "both"),
    (trim_fastp.fastp_cuts, trim_fastp.fastp_cuts_reference, st.tuples(FASTP), 2, "both"),
    (trim_fastp.any_run_lengths, trim_fastp.any_run_lengths_reference, st.tuples(st.integers(1, 20)), 1, "bases"),
]


@pytest.mark.parametrize(
    ("kernel", "reference", "chosen", "count", "over"), CASES, ids=lambda case: getattr(case, "__name__", "")
)
@settings(max_examples=60)
@given(data=st.data(), drawn=reads())
def test_agrees_with_reference(
    kernel: Kernel,
    reference: Kernel,
    chosen: st.SearchStrategy[tuple[Any, ...]],
    count: int,
    over: str,
    data: st.DataObject,
    drawn: Reads,
) -> None:
    settings_ = data.draw(chosen)
    columns = drawn.qualities if over == "qualities" else drawn.bases
    extra = drawn.qualities if over == "both" else None
    assert outcome(kernel, columns, settings_, count, extra) == outcome(reference, columns, settings_, count, extra)


@pytest.mark.parametrize(
    ("kernel", "reference"),
    [
        (trim_mask.mask_outside, trim_mask.mask_outside_reference),
        (trim_mask.lower_outside, trim_mask.lower_outside_reference),
    ],
)
@given(drawn=reads(), seed=st.integers(0, 99))
def test_masks_agree_with_reference(kernel: Kernel, reference: Kernel, drawn: Reads, seed: int) -> None:
    columns = drawn.bases
    chance = np.random.default_rng(seed)
    begins = chance.integers(0, columns.lengths + 1).astype(np.int32).reshape(-1)
    ends = chance.integers(begins, columns.lengths + 1).astype(np.int32).reshape(-1)
    buffers = [columns.buffer.copy(), columns.buffer.copy()]
    kernel(buffers[0], columns.starts, columns.lengths, begins, ends)
    reference(buffers[1], columns.starts, columns.lengths, begins, ends)
    assert bytes(buffers[0]) == bytes(buffers[1])


BY_HAND: list[tuple[Kernel, str, tuple[Any, ...], list[bytes], list[list[int]]]] = [
    # cutoff 10: the sums from the 3' end of 40 40 2 11 2 are 8, 7, 15, then negative; from the 5' end negative at once
    (trim_quality.quality_ends, "qualities", (10, 10), [b"II#,#", b"##", b""], [[0, 0, 0], [2, 0, 0]]),
    (trim_windows.window_ends, "qualities", (2, 20), [b"II5!!", b"!!", b"I"], [[3, 0, 1]]),
    (trim_windows.window_begins, "qualities", (2, 20), [b"!!5II", b"!!", b"I"], [[2, 2, 0]]),
    (trim_windows.window_stops, "qualities", (2, 20), [b"II5!I", b"!!", b"II"], [[3, 0, 2]]),
    (trim_ends.n_ends, "bases", (), [b"NACNN", b"NN", b"AnN", b""], [[1, 2, 0, 0], [3, 2, 2, 0]]),
    (trim_ends.tail_lengths, "bases", (65, False), [b"CGAAA", b"CGAA", b"TAAAAATAAAA", b"AAAC"], [[3, 0, 10, 0]]),
    (trim_ends.tail_lengths, "bases", (84, True), [b"TTTTA", b"TTA"], [[4, 0]]),
    (trim_ends.run_lengths, "bases", (71, 4), [b"ACGGGGG", b"ACGGG", b"TGTGGGGGGGGG"], [[5, 0, 11]]),
    # whatever the base; Ns count for it, but do not end it; a read that is one run all along
    (trim_fastp.any_run_lengths, "bases", (10,), [b"ACGT" + b"N" + b"A" * 11, b"ACGTTTTT", b"C" * 12], [[11, 0, 12]]),
]


@pytest.mark.parametrize(("kernel", "over", "settings_", "texts", "expected"), BY_HAND)
def test_by_hand(
    kernel: Kernel, over: str, settings_: tuple[Any, ...], texts: list[bytes], expected: list[list[int]]
) -> None:
    assert outcome(kernel, columns_of(texts, junk=b"G"), settings_, len(expected), None)[1] == expected


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ((0, 0, 2, 20, 0, 0, 2, 20), (4, 8)),  # to the last base of the first good window, and past the N behind it
        ((1, 0, 2, 20, 0, 0, 0, 0), (4, 10)),
        ((0, 0, 0, 0, 2, 30, 2, 20), (0, 0)),  # the first window is bad, and so is its first base
        ((3, 0, 0, 0, 2, 30, 0, 0), (3, 8)),  # behind the good bases of the first bad window
        ((0, 1, 0, 0, 0, 0, 9, 20), (0, 0)),  # one window
    ],
)
def test_cuts_of_fastp_by_hand(chosen: tuple[int, ...], expected: tuple[int, int]) -> None:
    reads_ = reads_of([b"ACGNACGTAC"], [b"!!!IIIII!!"])
    settings_ = np.array(chosen, np.int64) + np.array([0, 0, 0, 33, 0, 33, 0, 33])
    _, (begins, ends) = outcome(trim_fastp.fastp_cuts, reads_.bases, (settings_,), 2, reads_.qualities)
    assert (begins, ends) == ([expected[0]], [expected[1]])


def test_what_stands_before_reads_in_their_lines() -> None:
    buffer = np.frombuffer(b"@a\nACGT\n+\nIIII\n", np.uint8).copy()
    starts = np.array([3, 5, 7, 2], np.int32)
    for kernel in (trim_fastp.bases_before, trim_fastp.bases_before_reference):
        counts = np.full(4, -1, np.int32)
        kernel(buffer, starts, counts)
        assert counts.tolist() == [0, 2, 4, 2]
        kernel(np.frombuffer(b"\0ACGTIIII\0CGIA\0IIG", np.uint8).copy(), np.array([1, 10, 17, 14], np.int32), counts)
        assert counts.tolist() == [0, 0, 2, 4]
