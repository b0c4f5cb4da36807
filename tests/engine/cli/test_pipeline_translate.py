from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from engine.cli.main import main

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "samples" / "illumina_single.fastq.gz"


def test_a_command_becomes_a_pipeline_that_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, output = tmp_path / "made.toml", tmp_path / "out.fastq"
    command = f"cutadapt -a AGATCGGAAGAGC -q 20 -m 30 -o {shlex.quote(str(output))} {shlex.quote(str(SAMPLE))}"
    assert main(["pipeline", "translate", "--name", "made", "--to", str(target), command]) == 0
    told = capsys.readouterr()
    assert told.out.strip() == str(target)
    run = shlex.split(told.err.strip().removeprefix("Run it: lanescope "))
    assert main([*run, "--no-save", "-q"]) == 0
    assert output.read_bytes().startswith(b"@")


def test_it_is_printed_and_what_differs_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "translate", "--", "fastp", "-i", "a.fq", "-l", "30"]) == 0
    told = capsys.readouterr()
    assert 'name = "translated"' in told.out
    assert "minimum = 30" in told.out
    assert "Note: fastp cuts poly-G" in told.err
    assert "Run it: lanescope run --pipeline translated.toml a.fq" in told.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Write the command behind it"),
        (["trimmomatic SE a b"], "Write the command behind it"),
        (["cutadapt --fasta -a ACGTAC a"], "--fasta has no counterpart"),
        (["cutadapt --pair-adapters -a ACGTAC -a ACGTTT -A ACGTAC a b"], "as many for second reads"),
        (["--name", "Not This", "cutadapt -m 20 a"], "small letters"),
        (["cutadapt -a ACGZ a"], "IUPAC"),
    ],
)
def test_what_cannot_be_translated(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "translate", *words]) != 0
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
