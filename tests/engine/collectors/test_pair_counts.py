"""Insert sizes against fragments of known length."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.collectors import pairs
from engine.collectors.pairs import PairCounts
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from kernels.overlap import COMPLEMENT
from tests.parsing import TextSource

ADAPTER = b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCACATTACTCGATCTCGTATGCCGTCTTCTGCTTGAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
OTHER = b"TCTTTCCCTACACGACGCTCTTCCGATCTGTCAGATCTACACATATACGCCTGGTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT"


def batch_of(reads: list[bytes]) -> ReadBatch:
    text = b"".join(b"@r\n%b\n+\n%b\n" % (read, b"I" * len(read)) for read in reads)
    batch = FastqParser(TextSource(text), BufferPool(1 << 20, 1), Path("reads.fastq")).next_batch()
    assert batch is not None
    return batch


def sequenced(inserts: list[int], length: int = 100, mate_length: int = 100) -> ReadBatch:
    """Pairs read from both ends of random fragments, into the adapters where these are short."""
    drawn = np.random.default_rng(7)
    firsts, seconds = [], []
    for size in inserts:
        fragment = bytes(drawn.choice(np.frombuffer(b"ACGT", np.uint8), size))
        firsts.append((fragment + ADAPTER)[:length])
        seconds.append((bytes(int(COMPLEMENT[base]) for base in reversed(fragment)) + OTHER)[:mate_length])
    return replace(batch_of(firsts), mate=batch_of(seconds))


def test_sizes_are_those_of_the_fragments() -> None:
    inserts = [40, 60, 99, 100, 101, 150, 150, 169, 170, 400]
    counts = PairCounts()
    counts.add(sequenced(inserts))
    found = counts.statistics()
    assert dict(zip(found.insert_sizes, found.counts, strict=True)) == {
        40: 1, 60: 1, 99: 1, 100: 1, 101: 1, 150: 2, 169: 1,
    }  # fmt: skip
    assert (found.pairs, found.overlapping, found.read_through) == (10, 8, 3)
    assert (found.median, found.most_frequent) == (100, 150)


def test_a_short_mate_inside_the_read() -> None:
    counts = PairCounts()
    counts.add(sequenced([70, 90, 120], mate_length=50))
    found = counts.statistics()
    assert found.insert_sizes == (70, 90)
    assert found.read_through == 2


def test_merging_and_copying() -> None:
    whole, left, right = PairCounts(), PairCounts(), PairCounts()
    batch = sequenced([50, 80, 120, 160, 500])
    whole.add(batch)
    left.add(batch.rows(slice(2)))
    right.add(batch.rows(slice(2, None)))
    twin = right.copy()
    twin.merge(left)
    assert twin.statistics() == whole.statistics()
    assert right.statistics().pairs == 3
    assert PairCounts().statistics().median is None


def test_the_sample_goes_by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "EVERY_PAIR", 13)
    batch = sequenced([150] * 45)
    whole, parts = PairCounts(), PairCounts()
    whole.add(batch)
    for start in range(0, 45, 7):
        parts.add(batch.rows(slice(start, start + 7)))
    assert whole.statistics() == parts.statistics()
    assert whole.statistics().pairs == 13 + 3
