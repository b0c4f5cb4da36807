"""FastQC's files as FastQC 0.12.1 itself wrote them (``tests/data/fastqc-0.12.1``)."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.batch import ReadBatch
from engine.collectors.collector_set import CollectorOptions, CollectorSet, collector_sets
from engine.collectors.modules.qc import qc_results
from engine.collectors.profiles import parse_profile
from engine.collectors.results import BasicStatistics, EnrichedKmer, KmerContent, QcResults
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.report.fastqc import fastqc_archive, fastqc_data, report_name, summary
from engine.report.fastqc_modules import bases_text
from engine.source.inputs import open_source
from tests.benchmarks.measuring.make_reads import Recipe, illumina, nanopore
from tests.naive_parser import Read
from tests.strategies import batch_of

TESTS = Path(__file__).resolve().parents[2]
EXPECTED = TESTS / "data" / "fastqc-0.12.1"
SAMPLES = TESTS.parent / "resources" / "samples"
TOLERANCE = 1e-12
"""Relative, in `CLOSE`."""

CLOSE = (">>Per sequence GC content", ">>Sequence Duplication Levels")
"""FastQC adds up the parts of reads in file order, and multiplies chances read by read of the file."""

MADE = {
    "syn150": Recipe(reads=250_000, seed=21),
    "syn150_r2": Recipe(reads=60_000, seed=21, mate=2),
    "syn36": Recipe(reads=60_000, length=36, seed=22),
    "syn75": Recipe(reads=60_000, length=75, seed=23, duplicate_fraction=0.4),
    "syn76": Recipe(reads=60_000, length=76, seed=24, n_rate=0.02),
    "syn101_binned": Recipe(reads=60_000, length=101, seed=25, binned=True),
    "syn251": Recipe(reads=40_000, length=251, seed=26, adapter_fraction=0.3),
    "syn_nanopore": Recipe(reads=300, seed=27),
    "syn_tiny": Recipe(reads=100, length=50, seed=28),
    "syn_one": Recipe(reads=1, length=20, seed=29),
}
REAL = ("illumina_pair_1", "illumina_single", "nanopore")

# Bytes of a batch, and for how many workers: each input is counted once each way that it is worth.
WAYS = [(1 << 22, 1), (1 << 20, 2), (1 << 18, 5)]


@cache
def text_of(case: str) -> bytes:
    if case in REAL:
        return gzip.decompress((SAMPLES / f"{case}.fastq.gz").read_bytes())
    return b"".join((nanopore if case == "syn_nanopore" else illumina)(MADE[case]))


def file_name(case: str) -> str:
    return f"{case}.fastq.gz" if case in REAL else f"{case}.fastq"


def expected_data(case: str) -> str:
    plain = EXPECTED / f"{case}.txt"
    return plain.read_text() if plain.exists() else gzip.decompress(plain.with_suffix(".txt.gz").read_bytes()).decode()


def batches_of(path: Path, size: int) -> Iterator[ReadBatch]:
    source = open_source(path)
    pool = BufferPool(size, capacity=1 << 30)
    try:
        yield from FastqParser(source, pool, path)
    finally:
        source.close()


def measured(path: Path, size: int, workers: int) -> QcResults:
    """Counted by some workers, who get batches out of order and at random, some at a time."""
    chance = random.Random(size * workers)  # noqa: S311 - for tests
    parts = collector_sets(workers)
    hand: list[ReadBatch] = []
    for batch in batches_of(path, size):
        hand.append(batch)
        if len(hand) == 20:
            chance.shuffle(hand)
            while len(hand) > 8:
                chance.choice(parts).add(hand.pop())
    chance.shuffle(hand)
    for batch in hand:
        chance.choice(parts).add(batch)
    total = CollectorSet()
    for part in chance.sample(parts, workers):
        total.merge(part.copy())
    return qc_results(total)


def assert_same_text(found: str, expected: str) -> None:
    """Line by line equal, but that doubles of a few modules may differ in the last digits."""
    found_lines, expected_lines = found.split("\n"), expected.split("\n")
    assert len(found_lines) == len(expected_lines)
    is_close = False
    for number, (one, other) in enumerate(zip(found_lines, expected_lines, strict=True), 1):
        if other.startswith(">>"):
            is_close = other.startswith(CLOSE)
        if one != other:
            assert is_close, (number, one, other)
            fields, wanted = one.split("\t"), other.split("\t")
            assert fields[0] == wanted[0], number
            assert [float(field) for field in fields[1:]] == pytest.approx(
                [float(field) for field in wanted[1:]], rel=TOLERANCE
            ), number


@pytest.mark.parametrize("case", [*REAL, *MADE])
def test_the_files_of_fastqc(case: str, tmp_path: Path) -> None:
    path = tmp_path / f"{case}.fastq"
    path.write_bytes(text_of(case))
    ways = WAYS[1:2] if case == "syn150" else WAYS
    for size, workers in ways:
        results = measured(path, size, workers)
        assert_same_text(fastqc_data(results, file_name(case)), expected_data(case))
        assert summary(results, file_name(case)) == (EXPECTED / f"{case}.summary.txt").read_text()


def counted(reads: list[Read], *, kmers: bool = False) -> QcResults:
    collectors = CollectorSet(CollectorOptions(kmers=kmers))
    collectors.add(batch_of(reads))
    return qc_results(collectors)


def module(text: str, title: str) -> list[str]:
    return text.split(f">>{title}\t")[1].split("\n>>END_MODULE", maxsplit=1)[0].split("\n")


def test_no_reads() -> None:
    """As FastQC 0.12.1: it does not know the type of such a file, and guesses its encoding from no quality."""
    text = fastqc_data(QcResults(), "empty.fastq")
    assert text.startswith(
        "##FastQC\t0.12.1\n>>Basic Statistics\tpass\n#Measure\tValue\nFilename\tempty.fastq\n"
        "File type\tnull\nEncoding\tIllumina 1.5\nTotal Sequences\t0\nTotal Bases\t0 bp\n"
        "Sequences flagged as poor quality\t0\nSequence length\t0\n%GC\t0\n>>END_MODULE\n"
    )
    assert module(text, "Per base sequence content") == ["pass", "#Base\tG\tA\tT\tC"]
    assert module(text, "Per sequence GC content") == [
        "pass",
        "#GC Content\tCount",
        *(f"{gc}\t0.0" for gc in range(101)),
    ]
    assert module(text, "Sequence Length Distribution") == ["pass", "#Length\tCount"]
    assert module(text, "Sequence Duplication Levels")[1:4] == [
        "#Total Deduplicated Percentage\t100.0",
        "#Duplication Level\tPercentage of total",
        "1\tNaN",
    ]
    assert summary(QcResults(), "empty.fastq") == "".join(
        f"{line}\tempty.fastq\n"
        for line in (
            "PASS\tBasic Statistics",
            "PASS\tPer base sequence content",
            "PASS\tPer sequence GC content",
            "PASS\tPer base N content",
            "PASS\tSequence Length Distribution",
            "PASS\tSequence Duplication Levels",
            "PASS\tOverrepresented sequences",
            "WARN\tAdapter Content",
        )
    )


def test_reads_of_colours(tmp_path: Path) -> None:
    path = tmp_path / "solid.csfastq"
    reads = ("T0123", "T0124123", "T01251230", "T0126123", "G.012")
    path.write_text("".join(f"@r\n{read}\n+\n{'I' * (len(read) - 1)}\n" for read in reads))
    text = fastqc_data(measured(path, 1 << 16, 2), path.name, are_colours=True)
    # What FastQC 0.12.1 writes of these reads.
    assert module(text, "Basic Statistics")[3] == "File type\tColorspace converted to bases"
    assert {"Total Bases\t30 bp", "Sequence length\t4-8", "%GC\t30"} <= set(module(text, "Basic Statistics"))
    assert module(text, "Per base N content")[2:] == [
        f"{i + 1}\t{n}" for i, n in enumerate([20.0] * 3 + [80.0] + [100.0] * 4)
    ]
    assert module(text, "Per base sequence content")[2:6] == [
        "1\t0.0\t0.0\t100.0\t0.0",
        "2\t100.0\t0.0\t0.0\t0.0",
        "3\t0.0\t100.0\t0.0\t0.0",
        "4\t0.0\t0.0\t100.0\t0.0",
    ]
    assert module(text, "Overrepresented sequences")[2:] == [
        "TGANNNN\t2\t40.0\tNo Hit",
        "TGAT\t1\t20.0\tNo Hit",
        "NNNN\t1\t20.0\tNo Hit",
        "TGANNNNN\t1\t20.0\tNo Hit",
    ]


def test_empty_reads() -> None:
    text = fastqc_data(counted([Read(b"a", b"", b"")] * 3), "a.fastq")
    assert "\nFile type\tConventional base calls\nEncoding\tIllumina 1.5\n" in text
    assert [line.split("\t")[0] for line in text.split("\n") if line.startswith(">>") and "END" not in line] == [
        ">>Basic Statistics",
        ">>Per base sequence content",
        ">>Per sequence GC content",
        ">>Per base N content",
        ">>Sequence Length Distribution",
        ">>Sequence Duplication Levels",
        ">>Overrepresented sequences",
        ">>Adapter Content",
    ]
    assert module(text, "Sequence Length Distribution") == ["fail", "#Length\tCount", "0\t3.0"]
    assert module(text, "Overrepresented sequences")[2] == "\t3\t100.0\tNo Hit"
    assert module(text, "Adapter Content") == ["warn"]


def test_nothing_but_n() -> None:
    text = fastqc_data(counted([Read(b"a", b"NN", b"##")]), "a.fastq")
    assert module(text, "Per base sequence content")[2] == "1\tNaN\tNaN\tNaN\tNaN"
    assert module(text, "Per base N content") == ["fail", "#Base\tN-Count", "1\t100.0", "2\t100.0"]


def test_what_a_single_read_claims_of_gc() -> None:
    """FastQC divides by the reads less one: it fails one read, but not less, which long reads give a percent of GC."""
    for length, status in ((20, "fail"), (1000, "pass")):
        text = fastqc_data(counted([Read(b"a", b"A" * length, b"I" * length)]), "a.fastq")
        assert module(text, "Per sequence GC content")[0] == status


def test_kmers() -> None:
    results = counted([Read(b"a", b"ACGTACGTAC", b"I" * 10)] * 50, kmers=True)
    shown = parse_profile("[kmers]\nshown = true", "test")
    assert module(fastqc_data(results, "a.fastq", shown), "Kmer Content") == ["pass"]
    assert "Kmer" not in fastqc_data(results, "a.fastq")
    kmer = EnrichedKmer(sequence="GATTACA", count=35, p_value=1.8189894e-12, enrichment=12.5, start=10, end=14)
    with_kmer = results.model_copy(update={"kmers": KmerContent(kmers=(kmer,))})
    assert module(fastqc_data(with_kmer, "a.fastq", shown), "Kmer Content") == [
        "fail",
        "#Sequence\tCount\tPValue\tObs/Exp Max\tMax Obs/Exp Position",
        "GATTACA\t35\t1.8189894E-12\t12.5\t10-14",
    ]


def test_sequences_below_the_profiles_limit_are_not_listed() -> None:
    results = counted([Read(b"a", b"ACGT", b"IIII")] * 9 + [Read(b"a", b"GGGG", b"IIII")])
    text = fastqc_data(
        results, "a.fastq", parse_profile("[overrepresented]\npercent = { warn = 50, fail = 95 }", "test")
    )
    assert module(text, "Overrepresented sequences")[2:] == ["ACGT\t9\t90.0\tNo Hit"]


HIGH = [Read(b"M:1:F:1:7:1:1", b"ACGT", b"hhhh"), Read(b"M:1:F:1:8:1:1", b"AC", b"Af")] * 60


def test_high_qualities_are_offset_by_33_unless_asked_for() -> None:
    text = fastqc_data(counted(HIGH), "a.fastq")
    assert "Encoding\tSanger / Illumina 1.9" in text
    assert module(text, "Per sequence quality scores")[2] == "50\t60.0"


def test_on_request_the_encoding_is_guessed_as_fastqc_does() -> None:
    text = fastqc_data(counted(HIGH), "a.fastq", guess_encoding=True)
    assert "Encoding\tIllumina 1.3" in text
    assert module(text, "Per base sequence quality")[2].startswith("1\t20.5\t")
    assert module(text, "Per sequence quality scores")[2] == "19\t60.0"
    # Tile 8 has no third base, which counts as 0: half of 40, not of 71.
    assert module(text, "Per tile sequence quality")[4:9:4] == ["7\t3\t20.0", "8\t3\t-20.0"]
    assert module(fastqc_data(counted(HIGH), "a.fastq"), "Per tile sequence quality")[4] == "7\t3\t35.5"
    assert "WARN\tPer sequence quality scores" not in summary(counted(HIGH), "a.fastq")
    assert "FAIL\tPer sequence quality scores" in summary(counted(HIGH), "a.fastq", guess_encoding=True)


def test_a_guess_changes_nothing_where_some_quality_is_low() -> None:
    results = counted([*HIGH, Read(b"M:1:F:1:8:1:1", b"A", b"?")])
    assert fastqc_data(results, "a.fastq", guess_encoding=True) == fastqc_data(results, "a.fastq")
    assert "Illumina 1.5" in fastqc_data(counted([Read(b"a", b"A", b"B")]), "a.fastq", guess_encoding=True)


@pytest.mark.parametrize(
    ("bases", "text"),
    [
        (0, "0 bp"),
        (999, "999 bp"),
        (1000, "1 kbp"),
        (1090, "1 kbp"),
        (1999, "1.9 kbp"),
        (999_999, "999.9 kbp"),
        (37_500_000, "37.5 Mbp"),
        (2_040_000_000, "2 Gbp"),
        (123_456_789_012, "123.4 Gbp"),
    ],
)
def test_numbers_of_bases(bases: int, text: str) -> None:
    assert bases_text(bases) == text


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("reads.fastq.gz", "reads_fastqc"),
        ("reads.fq", "reads_fastqc"),
        ("reads.txt.bz2", "reads_fastqc"),
        ("reads.fastq.fq", "reads.fastq_fastqc"),
        ("reads.fq.fastq.txt.gz", "reads_fastqc"),
        ("reads.gz.fastq", "reads.gz_fastqc"),
        ("reads.bam", "reads_fastqc"),
        ("reads.FASTQ", "reads.FASTQ_fastqc"),
        ("my.reads.1", "my.reads.1_fastqc"),
        ("stdin:reads.fastq", "reads_fastqc"),
        (".fastq", "_fastqc"),
    ],
)
def test_names_of_reports(filename: str, name: str) -> None:
    assert report_name(filename) == name


def test_the_archive() -> None:
    results = counted(HIGH)
    packed = fastqc_archive(results, "some/where/reads.fastq.gz", html="<p>report</p>")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "reads_fastqc/",
            "reads_fastqc/Icons/",
            "reads_fastqc/Images/",
            "reads_fastqc/fastqc_report.html",
            "reads_fastqc/fastqc_data.txt",
            "reads_fastqc/summary.txt",
        ]
        assert archive.read("reads_fastqc/fastqc_data.txt").decode() == fastqc_data(results, "reads.fastq.gz")
        assert archive.read("reads_fastqc/summary.txt").decode() == summary(results, "reads.fastq.gz")
    assert fastqc_archive(results, "reads.fastq.gz", html="<p>report</p>") == packed


def test_a_name_cannot_write_lines_of_its_own() -> None:
    text = fastqc_data(QcResults(basic=BasicStatistics()), "a\n>>END_MODULE\t.fastq")
    assert [line for line in text.split("\n") if "END_MODULE" in line and "Filename" not in line] == [
        ">>END_MODULE"
    ] * 8
    assert "Filename\ta?>>END_MODULE?.fastq\n" in text
