from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.few_qualities import MOST_FEW, few_quality_counts, few_quality_error_sums, nothing_known
from kernels.collectors.quality_sums import quality_error_sums_reference
from kernels.jit import COMPILES
from kernels.qualities import COLUMNS, Bytes, Table, quality_counts_reference
from tests.strategies import Columns, columns_of

pytestmark = pytest.mark.skipif(not COMPILES, reason="not on this platform: the compiler is switched off")

FEW = b"#-8F"


def counted(reads: Columns, known: Bytes) -> tuple[int, Table]:
    table = np.zeros((int(reads.lengths.max(initial=0)) + 1, COLUMNS), np.int64)
    done = few_quality_counts(reads.buffer, reads.starts, reads.lengths, known, table)
    return done, table


def assert_counted(reads: Columns, known: Bytes) -> int:
    """Those that are counted are so as by the reference. Returns how many."""
    done, table = counted(reads, known)
    expected = np.zeros_like(table)
    quality_counts_reference(reads.buffer, reads.starts[:done], reads.lengths[:done], expected)
    assert np.array_equal(table, expected)
    return done


def assert_summed(reads: Columns, known: Bytes) -> int:
    sums, errors, expected, expected_errors = np.full((4, len(reads.starts)), -1, np.int64)
    done = few_quality_error_sums(reads.buffer, reads.starts, reads.lengths, known, sums, errors)
    columns = reads.starts[:done], reads.lengths[:done]
    quality_error_sums_reference(reads.buffer, *columns, expected[:done], expected_errors[:done])
    assert sums[:done].tolist() == expected[:done].tolist()
    assert errors[:done].tolist() == expected_errors[:done].tolist()
    return done


@st.composite
def texts_of_few(draw: st.DrawFn) -> list[bytes]:
    """Reads of few qualities, with some where there are more of them."""
    chance = np.random.default_rng(draw(st.integers(0, 1 << 32)))
    longest = draw(st.sampled_from([1, 63, 64, 65, 150, 600]))
    characters = np.frombuffer(draw(st.sampled_from([b"F", FEW, b"!#,-:FIK", bytes(range(33, 75))])), np.uint8)
    lengths = chance.integers(longest // 2 if draw(st.booleans()) else longest, longest + 1, draw(st.integers(0, 600)))
    texts = [bytes(chance.choice(characters, length)) for length in lengths]
    for at in draw(st.lists(st.integers(0, 600), max_size=3)):
        if at < len(texts):
            texts[at] = texts[at][:-1] + draw(st.sampled_from([b"5", b"~", b"!"]))
    return texts


@settings(max_examples=40, deadline=None)
@given(texts=texts_of_few())
def test_what_is_counted_is_as_by_the_references(texts: list[bytes]) -> None:
    reads = columns_of(texts, junk=b"@")
    for check in (assert_counted, assert_summed):
        known = nothing_known()
        done = check(reads, known)
        if len(set(b"".join(texts))) <= MOST_FEW:
            assert done == len(texts)
        check(reads, known)


def test_by_hand() -> None:
    reads = columns_of([b"#F", b"", b"F8-"] * 20)
    done, table = counted(reads, known := nothing_known())
    assert (done, known[0]) == (60, 4)
    assert {(int(row), int(at)): int(table[row, at]) for row, at in np.argwhere(table)} == {
        (0, 2): 20, (0, 37): 20, (1, 37): 20, (1, 23): 20, (2, 12): 20,
    }  # fmt: skip


def test_too_many_qualities_end_it_for_good() -> None:
    many = columns_of([FEW * 9] * 300 + [bytes(range(40, 50)) * 3] * 300)
    known = nothing_known()
    assert assert_counted(many, known) == 510  # a group to its end
    assert assert_counted(columns_of([FEW]), known) == 0
    known = nothing_known()
    assert assert_summed(many, known) == 300
    assert assert_summed(columns_of([FEW]), known) == 0


def test_cycles_that_few_reads_reach() -> None:
    texts = sorted((FEW * (n + 1) for n in range(400)), key=len, reverse=True)
    assert assert_counted(columns_of(texts), nothing_known()) == 400


def test_reads_in_no_order_that_end_where_the_buffer_does() -> None:
    reads = columns_of([FEW * 100] * 40 + [FEW] * 40)
    backwards = Columns(reads.buffer, reads.starts[::-1].copy(), reads.lengths[::-1].copy())
    assert assert_counted(backwards, nothing_known()) == 80
    assert assert_summed(backwards, nothing_known()) == 80
