"""Tab-separated values that a spreadsheet and a script read alike."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from engine.collectors.profiles import profile
from engine.collectors.results import QcResults
from engine.collectors.verdicts import verdicts
from engine.report.names import distinct_filenames
from engine.report.tsv import MODULES, modules_tsv, runs_tsv
from engine.run.snapshot import RunSnapshot
from tests.engine.report.running import SAMPLES, ran


@pytest.fixture(scope="module")
def run() -> RunSnapshot:
    return ran(SAMPLES / "illumina_single.fastq.gz")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def test_one_row_a_run(run: RunSnapshot) -> None:
    one, other = rows(runs_tsv([("a", run), ("b", replace(run, results=QcResults()))]))
    assert one["sample"] == "a"
    assert int(one["reads"]) == 10_000
    assert float(one["mean_length"]) == 150.0
    assert float(one["mean_quality"]) == run.results.basic.mean_quality
    judged = verdicts(run.results, profile())
    assert {module: one[module] for module in MODULES} == {
        module: str(judged[module].status) if module in judged else "" for module in MODULES
    }
    assert [other["gc_percent"], other["mean_length"], other["base_quality"]] == ["", "", ""]


def test_every_number_of_every_module(run: RunSnapshot) -> None:
    found = rows(modules_tsv([("a", run)]))
    quality = run.results.base_quality
    assert quality is not None
    means = [float(row["value"]) for row in found if (row["module"], row["measure"]) == ("base_quality", "Mean")]
    assert means == list(quality.mean)  # as exact as they are
    sequences = run.results.overrepresented
    assert sequences is not None
    sources = [row["value"] for row in found if row["measure"] == "Possible source"]
    assert sources == [sequence.source for sequence in sequences.sequences]
    tiles = [row["place"] for row in found if row["module"] == "tile_quality"]
    assert tiles[0] == "1101:1"


def test_a_name_cannot_make_columns_or_rows(run: RunSnapshot) -> None:
    (row,) = rows(runs_tsv([("a\tb\nc\udc80", replace(run, path=Path("x\ty")))]))
    assert row["sample"] == "a b c\N{REPLACEMENT CHARACTER}"
    assert row["reads"] == "10000"


def test_files_of_reports_have_names_of_their_own() -> None:
    paths = [Path(name) for name in ("a/r.fastq.gz", "b/r.fq", "b/R.fastq", "s.fastq", "s.fastq", "index.fastq", ".gz")]
    assert distinct_filenames(paths) == [
        "a_r.fastq.gz", "b_r.fq", "b_R_2.fastq", "_s.fastq".lstrip("_"), "s_2.fastq", "index_2.fastq", ".gz",
    ]  # fmt: skip


def test_names_that_no_file_of_a_report_could_have_are_cut() -> None:
    paths = [Path("é" * 120 + ending) for ending in ("a.fastq.gz", "b.fastq.gz", "a.fq")]
    names = distinct_filenames(paths)
    assert names == ["é" * 100 + ".fastq.gz", "é" * 100 + "_2.fastq.gz", "é" * 100 + "_3.fq"]
    assert distinct_filenames([Path("é" * 100 + ".fastq")]) == ["é" * 100 + ".fastq"]
