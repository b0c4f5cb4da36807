from __future__ import annotations

from pathlib import Path

import pytest

from gui.models.pipelines.choice import RunChoice


@pytest.mark.parametrize(
    ("name", "form", "output"),
    [
        ("a.fastq.gz", "gzip", "a.trim.fastq.gz"),
        ("a.fq", "plain", "a.trim.fastq"),
        ("a.b.FASTQ.bz2", "zstd", "a.b.trim.fastq.zst"),
        ("a.bam", "gzip", "a.trim.fastq.gz"),
        ("a", "plain", "a.trim.fastq"),
        (".fastq", "plain", ".fastq.trim.fastq"),
    ],
)
def test_outputs_stand_beside_the_reads(tmp_path: Path, name: str, form: str, output: str) -> None:
    assert RunChoice("trim", format=form).output_for(tmp_path / name) == tmp_path / output


def test_nothing_is_written_over(tmp_path: Path) -> None:
    choice = RunChoice("trim", format="plain")
    first = tmp_path / "a.trim.fastq"
    first.touch()
    second = choice.output_for(tmp_path / "a.fastq")
    assert second == tmp_path / "a.trim-2.fastq"
    assert choice.output_for(tmp_path / "a.fastq", {second}) == tmp_path / "a.trim-3.fastq"


def test_another_folder(tmp_path: Path) -> None:
    choice = RunChoice("trim", folder=tmp_path)
    assert choice.output_for(Path("/data/a.fastq")) == tmp_path / "a.trim.fastq.gz"


def test_qc_only_writes_nothing(tmp_path: Path) -> None:
    assert RunChoice().output_for(tmp_path / "a.fastq") is None
    assert RunChoice("trim", writes=False).output_for(tmp_path / "a.fastq") is None
