"""Which sequences are listed, and in which order."""

from __future__ import annotations

import pytest

from engine.collectors.modules.overrepresented import overrepresented
from engine.collectors.sequence_keys import SequenceKeys
from tests.naive_parser import Read
from tests.strategies import batch_of


@pytest.mark.parametrize(
    ("counts", "reads", "listed"),
    [
        ([1, 2, 3], 2000, ["3"]),  # what has 0.1 % has not more than that
        ([10, 12, 11], 10_000, ["2", "3"]),
        ([5, 900, 7, 70], 1000, ["2", "4", "3", "1"]),
    ],
)
def test_what_has_more_than_a_thousandth_of_the_reads_the_most_frequent_first(
    counts: list[int], reads: int, listed: list[str]
) -> None:
    collector = SequenceKeys()
    texts = [b"ACGT" * 5 + b"%d" % number for number in range(1, len(counts) + 1)]
    collector.add(batch_of([Read(b"r", text, b"I" * len(text)) for text in texts]))
    table = collector.table()
    table.counts[: len(counts)] = counts
    table.reads = reads
    found = overrepresented(table).sequences
    assert [sequence.sequence[20:] for sequence in found] == listed
    assert [sequence.count for sequence in found] == [counts[int(name) - 1] for name in listed]
    assert [sequence.percent for sequence in found] == [sequence.count / reads * 100 for sequence in found]
