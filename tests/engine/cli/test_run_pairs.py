"""``lanescope run --pairs``."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.cli.main import main

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
FIRST, SECOND = SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz"


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments)])


def test_a_pair_is_one_run_with_reports_for_each_mate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(FIRST, SECOND, "--out", tmp_path / "alone") == 0
    capsys.readouterr()
    assert run(FIRST, SECOND, "--pairs", "auto", "--json", "--out", tmp_path / "pair") == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["results"]["mate"]["basic"]["reads"] == document["results"]["basic"]["reads"] == 2500
    for name in ("illumina_pair_1", "illumina_pair_2"):
        for file in ("fastqc_data.txt", "summary.txt"):
            alone, pair = (tmp_path / folder / f"{name}_fastqc" / file for folder in ("alone", "pair"))
            assert pair.read_bytes() == alone.read_bytes()


def test_mates_that_take_turns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [gzip.decompress(path.read_bytes()).splitlines(keepends=True) for path in (FIRST, SECOND)]
    path = tmp_path / "both.fastq"
    path.write_bytes(b"".join(b"".join(one[at : at + 4]) for at in range(0, len(lines[0]), 4) for one in lines))
    assert run(path, "--pairs", "interleaved", "--json", "--out", tmp_path / "out") == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["results"]["mate"]["basic"]["reads"] == document["results"]["basic"]["reads"] == 2500
    assert len(list((tmp_path / "out").glob("*_fastqc.zip"))) == 2


def test_a_second_mate_alone_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "s_R2.fastq"
    path.write_bytes(b"@a\nA\n+\nI\n")
    assert run(path, FIRST, "--pairs", "auto") == 1
    assert "the first ones (R1) are missing" in capsys.readouterr().err


def test_mates_in_files_of_any_names(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.fastq", "two.fastq", "three.fastq", "four.fastq")]
    for file, count in zip(files, (2, 2, 3, 3), strict=True):
        file.write_bytes(b"@a\nA\n+\nI\n" * count)
    assert run(*files, "--pairs", "given", "--json") == 0
    documents = json.loads(capsys.readouterr().out)
    reads = [[sides["basic"]["reads"] for sides in (each["results"], each["results"]["mate"])] for each in documents]
    assert reads == [[2, 2], [3, 3]]
    assert run(*files[:3], "--pairs", "given") == 2
    assert "two by two" in capsys.readouterr().err
    assert run(tmp_path / "missing.fastq", *files[:3], "--pairs", "given") == 1
    assert run(*files[:3], tmp_path / "missing.fastq", "--pairs", "given") == 1
