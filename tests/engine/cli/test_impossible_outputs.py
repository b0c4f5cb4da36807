"""Outputs of ``lanescope run`` that cannot be: refused before there is a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.store.store import Store

READS = "@a\nACGTACGT\n+\nIIIIIIII\n"
BY_SAMPLE = """
name = "tell-apart"
[[stages]]
name = "samples"
stage = "demultiplex"
parameters = { barcodes = [{ name = "liver", sequence = "ACGT" }] }
"""


def listed(database: Path) -> int:
    with Store.open(database) as store:
        return len(store.list_runs())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.fastq", "b.fastq"):
        (tmp_path / name).write_text(READS)
    (tmp_path / "older.fastq").write_text("dear")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.fastq", "-o", "gone/out.fastq"], "There is no folder gone. Make it"),
        (["a.fastq", "-o", "older.fastq/out.fastq"], "There is no folder older.fastq."),
        (["a.fastq", "-o", "a.fastq", "--force"], "is the input"),
        (["a.fastq", "-o", "sub/../a.fastq", "--force"], "is the input"),
        (["a.fastq", "b.fastq", "-o", ".", "--force"], "is the input"),
        (["a.fastq", "-o", "older.fastq"], "is there already. Choose another name"),
        (["a.fastq", "-o", "out.bam"], "cannot be written"),
        (["a.fastq", "-o", "out.fastq", "--out2", "second.fastq"], "would stay empty"),
        (["a.fastq", "--pairs", "interleaved", "-o", "x.fq", "--out2", "./x.fq"], "are the same file"),
        (["a.fastq", "--pairs", "interleaved", "-o", "x.fq", "--out2", "sub"], "sub is a folder"),
    ],
)
def test_nothing_is_begun(folder: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.f*q")}
    assert main(["run", *arguments, "--database", "runs.sqlite", "--out", "reports"]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert listed(folder / "runs.sqlite") == 0
    assert not (folder / "reports").exists()
    assert {path: path.read_bytes() for path in folder.glob("*.f*q")} == before


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: a folder that not even root may write into")
def test_a_folder_that_takes_no_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "a.fastq", "-o", "/proc/out.fastq", "--database", "runs.sqlite"]) == 2
    assert "Nothing can be written into the folder /proc" in capsys.readouterr().err
    assert listed(folder / "runs.sqlite") == 0


def test_a_folder_that_is_not_there_is_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "a.fastq", "-o", "results/", "--no-save"])
    assert ended.value.code == 2
    assert "there is no folder results/" in capsys.readouterr().err
    assert not (folder / "results").exists()


def test_files_of_samples_are_looked_at_and_not_the_name_they_are_made_of(folder: Path) -> None:
    (folder / "p.toml").write_text(BY_SAMPLE)
    command = ["run", "a.fastq", "-o", "older.fastq", "--pipeline", "p.toml", "--database", "runs.sqlite"]
    assert main(command) == 0
    assert (folder / "older.liver.fastq").is_file()
    assert main(command) == 2
    assert listed(folder / "runs.sqlite") == 1
    assert (folder / "older.fastq").read_text() == "dear"


def test_a_file_that_another_run_is_going_to_write(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(folder / "runs.sqlite") as store:
        store.create_run(
            name="other.fastq", path=folder / "other.fastq", kind="", bytes_total=1, workers=1, versions={},
            parameters={"output": {"first": str(folder / "b.out.fastq")}},
        )  # fmt: skip
        for arguments in (["-o", "b.out.fastq"], ["-o", "sub/../b.out.fastq", "--force"]):
            assert main(["run", "a.fastq", *arguments, "--database", "runs.sqlite", "--out", "reports"]) == 2
            assert (
                "b.out.fastq is to be written by run 1 (other.fastq), which has not ended." in capsys.readouterr().err
            )
        assert len(store.list_runs()) == 1
    assert not (folder / "reports").exists()
