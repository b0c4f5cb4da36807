"""The numbers that FastQC 0.12.1 printed for the sample reads; ``tests/data/fastqc-0.12.1`` has its output."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.collectors.collector_set import CollectorSet
from engine.collectors.modules.qc import qc_results
from engine.collectors.results import Floats, QcResults
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.inputs import open_source
from tests.engine.collectors.comparison import assert_all_close

TESTS = Path(__file__).resolve().parents[2]
SAMPLES = TESTS.parent / "resources" / "samples"
Rows = list[list[str]]

pytestmark = pytest.mark.parametrize("name", ["illumina_pair_1", "illumina_single", "nanopore"])


@cache
def printed(name: str) -> dict[str, Rows]:
    """Rows of FastQC's output by module."""
    modules: dict[str, Rows] = {}
    rows: Rows = []
    for line in (TESTS / "data" / "fastqc-0.12.1" / f"{name}.txt").read_text().splitlines():
        if line.startswith(">>") and line != ">>END_MODULE":
            rows = modules[line[2:].split("\t")[0]] = []
        elif not line.startswith(("#", ">>")):
            rows.append(line.split("\t"))
    return modules


@cache
def counted(name: str) -> QcResults:
    path = SAMPLES / f"{name}.fastq.gz"
    source = open_source(path)
    pool = BufferPool(1 << 19, capacity=1)
    collectors = CollectorSet()
    try:
        for batch in FastqParser(source, pool, path):
            collectors.add(batch)
            pool.give(batch.buffer)
    finally:
        source.close()
    return qc_results(collectors)


def labels(starts: tuple[int, ...], ends: tuple[int, ...]) -> list[str]:
    return [str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]


def column(rows: Rows, number: int) -> Floats:
    return tuple(None if row[number] == "NaN" else float(row[number]) for row in rows)


def test_basic_statistics(name: str) -> None:
    rows = dict(printed(name)["Basic Statistics"])
    basic = counted(name).basic
    assert basic.reads == int(rows["Total Sequences"])
    assert int(basic.gc_percent) == int(rows["%GC"])
    shortest, _, longest = rows["Sequence length"].partition("-")
    assert (basic.shortest, basic.longest) == (int(shortest), int(longest or shortest))
    tenths = basic.bases // 100 if "kbp" in rows["Total Bases"] else basic.bases // 100_000
    assert float(rows["Total Bases"].split()[0]) == tenths / 10


def test_base_quality(name: str) -> None:
    rows = printed(name)["Per base sequence quality"]
    quality = counted(name).base_quality
    assert quality is not None
    assert labels(quality.starts, quality.ends) == [row[0] for row in rows]
    found = (
        quality.mean,
        quality.median,
        quality.lower_quartile,
        quality.upper_quartile,
        quality.percentile_10,
        quality.percentile_90,
    )
    for number, values in enumerate(found, start=1):
        assert_all_close(values, column(rows, number))


def test_sequence_quality(name: str) -> None:
    rows = printed(name)["Per sequence quality scores"]
    quality = counted(name).sequence_quality
    assert quality is not None
    assert [str(value) for value in quality.qualities] == [row[0] for row in rows]
    assert quality.counts == column(rows, 1)


def test_base_content(name: str) -> None:
    rows = printed(name)["Per base sequence content"]
    content = counted(name).base_content
    assert content is not None
    assert labels(content.starts, content.ends) == [row[0] for row in rows]
    for number, values in enumerate((content.g, content.a, content.t, content.c), start=1):
        assert_all_close(values, column(rows, number))


def test_gc_content(name: str) -> None:
    content = counted(name).gc_content
    assert content is not None
    assert_all_close(content.counts, column(printed(name)["Per sequence GC content"], 1))


def test_n_content(name: str) -> None:
    rows = printed(name)["Per base N content"]
    content = counted(name).n_content
    assert content is not None
    assert labels(content.starts, content.ends) == [row[0] for row in rows]
    assert_all_close(content.n, column(rows, 1))


def test_lengths(name: str) -> None:
    lengths = counted(name).lengths
    assert lengths is not None
    bins = list(zip(labels(lengths.starts, lengths.ends), map(float, lengths.counts), strict=True))
    # FastQC leaves out the first and the last bin where they are empty.
    first, *middle, last = bins
    kept = [*([first] if first[1] else []), *middle, *([last] if last[1] else [])]
    assert kept == [(row[0], float(row[1])) for row in printed(name)["Sequence Length Distribution"]]
