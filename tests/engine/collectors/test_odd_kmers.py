"""K-mers of letters besides A, C, G, T and N."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checkpoint.state import decode, encode
from engine.collectors import odd_kmers
from engine.collectors.collector_set import CollectorOptions, CollectorSet
from engine.collectors.kmers import KmerCounts
from engine.collectors.modules.kmers import kmer_content
from engine.collectors.modules.qc import qc_results
from engine.collectors.odd_kmers import OddKmers
from engine.errors import CheckpointError
from tests.naive_parser import Read
from tests.strategies import batch_of

_USUAL = [Read(b"r", b"ACGTACGTACGT", b"I" * 12)] * 49
READS = [
    *_USUAL,
    Read(b"r", b"ACGUUACGACGUUACG", b"I" * 16),
    *_USUAL,
    Read(b"r", b"ttttttrtttn-ttcgac", b"I" * 18),
]


def test_what_fastqc_tells_of_them() -> None:
    collectors = CollectorSet(CollectorOptions(kmers=True))
    collectors.add(batch_of(READS))
    content = qc_results(collectors).kmers
    assert content is not None
    # FastQC 0.12.1, with k-mers switched on.
    assert [(each.sequence, each.count, each.p_value, each.start) for each in content.kmers] == [
        ("-TTCGAC", 5, 0.0, 12),
        ("GACGUUA", 5, 0.0, 8),
        ("CGACGUU", 5, 0.0, 7),
        ("UACGACG", 5, 0.0, 5),
        ("ACGACGU", 5, 0.0, 6),
        ("ACGUUAC", 10, 0.0, 9),
        ("CGUUACG", 10, 0.0, 10),
    ]
    assert {np.float32(each.enrichment) for each in content.kmers} == {np.float32(14.999999), np.float32(7.4999995)}


texts = st.lists(st.text("ACGTNURacgtnur.", max_size=24), min_size=1, max_size=6)


def counted(reads: list[str], numbers: list[int]) -> OddKmers:
    batch = batch_of([Read(b"r", text.encode(), b"I" * len(text)) for text in reads])
    collector = OddKmers()
    collector.add(batch, np.arange(len(reads)), np.array(numbers, np.int64))
    return collector


@settings(max_examples=50)
@given(reads=texts, data=st.data())
def test_whoever_counts(reads: list[str], data: st.DataObject) -> None:
    numbers = data.draw(st.permutations(range(len(reads))))
    cut = data.draw(st.integers(0, len(reads)))
    one, other = counted(reads[:cut], numbers[:cut]), counted(reads[cut:], numbers[cut:])
    other.restore(decode(b"".join(encode(other.state()))))
    other.merge(one.copy())
    assert other.found == counted(reads, numbers).found
    expected: dict[str, int] = {}
    for read in reads:
        for at in range(len(read) - 6):
            kmer = read.upper()[at : at + 7]
            if "N" not in kmer and not set(kmer) <= set("ACGT"):
                expected[kmer] = expected.get(kmer, 0) + 1
    assert {text.decode(): sum(kmer.counts.values()) for text, kmer in other.found.items()} == expected


def test_too_many_of_them_are_none_whoever_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odd_kmers, "MOST_DISTINCT", 3)
    few, many = counted(["ACGUACGA"], [0]), counted(["RYKMACGTA", "CCCCUCC"], [1, 2])
    assert len(few.found) == 2
    assert not many.found
    again = OddKmers()
    again.restore(decode(b"".join(encode(many.state()))))
    again.merge(few)
    few.merge(many)
    assert not few.found
    assert not again.found


def test_a_state_that_does_not_fit() -> None:
    state = counted(["ACGUACGA"], [0]).state()
    with pytest.raises(CheckpointError):
        OddKmers().restore({**state, "kmers": np.array([5, 5], np.int64)})
    with pytest.raises(CheckpointError):
        OddKmers().restore({**state, "letters": np.zeros(3, np.uint8)})
    with pytest.raises(CheckpointError):
        OddKmers().restore({})


def test_many_odd_ones_are_worked_out_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    kmers = KmerCounts()
    kmers.add(batch_of(READS))
    whole = kmer_content(kmers.table())
    monkeypatch.setattr("engine.collectors.modules.kmers._AT_ONCE", 2)
    assert kmer_content(kmers.table()) == whole
