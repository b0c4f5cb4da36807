from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.collectors.key_ledger import KeyLedger
from engine.collectors.modules.duplication import corrected_counts, duplication
from engine.collectors.results import Duplication
from engine.collectors.sequence_keys import SequenceKeys
from tests.engine.collectors.comparison import assert_close
from tests.naive_parser import Read
from tests.naive_sequences import NaiveKeys
from tests.strategies import batch_of


def measured(reads: list[Read], most: int) -> Duplication:
    collector = SequenceKeys(KeyLedger(most))
    collector.add(batch_of(reads))
    return duplication(collector.table())


def reads_of(levels: list[int], seed: int = 1) -> list[Read]:
    """As many sequences as levels, each as often as its level says, shuffled."""
    texts = [b"ACGTAC" + b"%d" % number for number, level in enumerate(levels) for _ in range(level)]
    order = np.random.default_rng(seed).permutation(len(texts))
    return [Read(b"r", texts[i], b"I" * len(texts[i])) for i in order]


def test_levels_by_hand() -> None:
    # 1 + 1 + 2 + 10 + 50 + 51 = 115 reads of 6 sequences
    found = measured(reads_of([1, 1, 2, 10, 50, 51]), 100)
    in_bins = {0: 2, 1: 2, 9: 60, 10: 51}
    expected = tuple(in_bins.get(slot, 0) / 115 * 100 for slot in range(16))
    assert_close(found, Duplication(percent=expected, remaining=6 / 115 * 100))


@pytest.mark.parametrize(
    ("level", "slot"),
    [
        (9, 8),
        (10, 9),
        (50, 9),
        (51, 10),
        (100, 10),
        (101, 11),
        (500, 11),
        (501, 12),
        (1000, 12),
        (1001, 13),
        (5000, 13),
    ],
)
def test_ends_of_bins(level: int, slot: int) -> None:
    assert measured(reads_of([level]), 10).percent == tuple(100.0 * (i == slot) for i in range(16))


@pytest.mark.parametrize("level", [5001, 10_000, 10_001, 123_456])
def test_ends_of_the_last_bins(level: int) -> None:
    keys = SequenceKeys()
    keys.add(batch_of(reads_of([1])))
    table = keys.table()
    table.counts[0] = table.reads = table.reads_at_limit = level
    assert duplication(table).percent[14 if level <= 10_000 else 15] == 100


@settings(max_examples=60)
@given(
    levels=st.lists(st.one_of(st.integers(1, 4), st.integers(1, 120)), min_size=1, max_size=60),
    most=st.sampled_from([1, 3, 10, 30, 1000]),
    seed=st.integers(0, 999),
)
def test_duplication_agrees_with_plain_python(levels: list[int], most: int, seed: int) -> None:
    reads = reads_of(levels, seed)
    assert_close(measured(reads, most), NaiveKeys(reads, most).duplication())


def test_the_correction_by_hand() -> None:
    # 3 of 4 reads seen: the one read of a sequence was among them with a chance of 3/4, one of two surely.
    found = corrected_counts(np.array([1, 2]), np.array([1, 1]), 4, 3)
    assert found == pytest.approx([1 / (3 / 4), 1 / (1 - 1 / 4 * 0 / 3)])


def test_files_of_any_size_are_corrected_at_once() -> None:
    levels = np.array([1, 2, 3, 1000, 50_000_000])
    found = corrected_counts(levels, np.array([90_000, 9000, 900, 99, 1]), 2_000_000_000, 105_000)
    share = 105_000 / 2_000_000_000
    assert found[:3] == pytest.approx([90_000 / share, 9000 / (1 - (1 - share) ** 2), 900 / (1 - (1 - share) ** 3)])
    assert found[4] == 1


def test_no_reads() -> None:
    assert measured([], 10) == Duplication(percent=(0.0,) * 16, remaining=100.0)
