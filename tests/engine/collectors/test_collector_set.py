"""Collectors merge: the numbers depend neither on batches, nor on who counted which, nor on the order."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import QcResults
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.inputs import open_source
from tests.naive_parser import Read
from tests.strategies import batch_of, read_sets

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"


def counted(reads: Iterable[Read]) -> CollectorSet:
    """All the reads in one batch."""
    collectors = CollectorSet()
    collectors.add(batch_of(list(reads)))
    return collectors


def merged(parts: Iterable[CollectorSet]) -> CollectorSet:
    total = CollectorSet()
    for part in parts:
        total.merge(part)
    return total


@st.composite
def dealt(draw: st.DrawFn) -> tuple[list[Read], list[list[ReadBatch]]]:
    """Reads, and the same reads cut into batches that are dealt to some workers."""
    reads = draw(read_sets())
    cuts = sorted(draw(st.lists(st.integers(0, len(reads)), max_size=8)))
    batches = [reads[start:end] for start, end in zip([0, *cuts], [*cuts, len(reads)], strict=True)]
    workers: list[list[ReadBatch]] = [[] for _ in range(draw(st.integers(1, 4)))]
    first = 0
    for number, batch in enumerate(batches):
        draw(st.sampled_from(workers)).append(batch_of(batch, number, first))
        first += len(batch)
    return reads, [list(reversed(batches)) if draw(st.booleans()) else batches for batches in workers]


@settings(max_examples=40)
@given(drawn=dealt())
def test_it_does_not_matter_who_counts_which_batch(drawn: tuple[list[Read], list[list[ReadBatch]]]) -> None:
    reads, workers = drawn
    parts = collector_sets(len(workers))
    for part, batches in zip(parts, workers, strict=True):
        for batch in batches:
            part.add(batch)
    expected = qc_results(counted(reads))
    assert qc_results(merged(parts)) == expected
    assert qc_results(merged(reversed(parts))) == expected


@settings(max_examples=20)
@given(a=read_sets(60), b=read_sets(60), c=read_sets(60))
def test_merging_is_associative_and_commutative(a: list[Read], b: list[Read], c: list[Read]) -> None:
    parts = collector_sets(3)
    parts[2].add(batch_of(c, 2, len(a) + len(b)))
    parts[0].add(batch_of(a, 0, 0))
    parts[1].add(batch_of(b, 1, len(a)))
    left = parts[0].copy()
    left.merge(parts[1].copy())
    left.merge(parts[2].copy())
    right_part = parts[1].copy()
    right_part.merge(parts[2].copy())
    right = parts[0].copy()
    right.merge(right_part)
    backwards = merged(reversed(parts))
    assert qc_results(left) == qc_results(right) == qc_results(backwards) == qc_results(counted(a + b + c))


@settings(max_examples=20)
@given(a=read_sets(60), b=read_sets(60))
def test_a_copy_is_independent(a: list[Read], b: list[Read]) -> None:
    original = counted(a)
    before = qc_results(original)
    twin = original.copy()
    assert qc_results(twin) == before

    original.add(batch_of(b))
    assert qc_results(twin) == before
    twin.add(batch_of(b))
    assert qc_results(twin) == qc_results(original)
    after = qc_results(original)
    twin.merge(twin.copy())
    assert qc_results(original) == after


@settings(max_examples=20)
@given(a=read_sets(60), b=read_sets(60))
def test_merging_leaves_the_other_as_it_was(a: list[Read], b: list[Read]) -> None:
    total, part = counted(a), counted(b)
    before = qc_results(part)
    total.merge(part)
    total.merge(part)
    total.add(batch_of(a))
    assert qc_results(part) == before


def test_nothing_of_a_batch_is_kept() -> None:
    reads = [Read(b"a", b"ACGTN" * 30, b"I5#~!" * 30)] * 20
    batch = batch_of(reads)
    collectors = CollectorSet()
    collectors.add(batch)
    batch.buffer[:] = 0
    batch.lengths[:] = 0
    assert qc_results(collectors) == qc_results(counted(reads))


def test_no_reads_and_an_empty_batch() -> None:
    assert qc_results(CollectorSet()) == QcResults()
    assert qc_results(counted([])) == QcResults()
    twin = CollectorSet()
    twin.merge(counted([]))
    assert qc_results(twin.copy()) == QcResults()


def sample_results(path: Path, batch_size: int, workers: int) -> QcResults:
    """The sample's results by as many collectors, dealt batches in turn."""
    source = open_source(path)
    pool = BufferPool(batch_size, capacity=1)
    parts = collector_sets(workers)
    try:
        for batch in FastqParser(source, pool, path):
            parts[batch.number % workers].add(batch)
            pool.give(batch.buffer)
    finally:
        source.close()
    return qc_results(merged(reversed(parts)))


@pytest.mark.parametrize("name", ["illumina_pair_1", "illumina_single", "nanopore"])
def test_real_reads_by_any_batch_size_and_number_of_collectors(name: str, tmp_path: Path) -> None:
    path = SAMPLES / f"{name}.fastq.gz"
    plain = tmp_path / "plain.fastq"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    expected = sample_results(path, 1 << 24, workers=1)
    assert expected.basic.reads > 2000
    for batch_size, workers in [(1 << 13, 3), (1 << 16, 1), (300_000, 2)]:
        assert sample_results(path, batch_size, workers) == expected
    assert sample_results(plain, 1 << 20, workers=2) == expected


def test_results_are_plain_numbers_that_survive_json() -> None:
    results = qc_results(counted([Read(b"a", b"ACGTN" * 40, b"I5#~!" * 40)] * 150 + [Read(b"b", b"", b"")]))
    assert QcResults.model_validate_json(results.model_dump_json()) == results
    for module in (results.base_quality, results.base_content, results.gc_content, results.lengths):
        assert module is not None
        for values in module.model_dump().values():
            assert not any(isinstance(value, np.generic) for value in values)
