from __future__ import annotations

from pathlib import Path

import pytest

from engine.sink.dropped import DroppedFile
from engine.sink.plan import OutputPlan
from gui.models.pipelines.choice import RunChoice, RunChoices, dropped_name
from gui.models.pipelines.orders import beside


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


def test_what_is_dropped_stands_beside_what_is_kept(tmp_path: Path) -> None:
    for name, dropped in [
        ("a.trim.fastq.gz", "a.trim.dropped.fastq.gz"),
        ("a.trim-2.fastq", "a.trim.dropped-2.fastq"),
        ("patient-7.trim.fastq.zst", "patient-7.trim.dropped.fastq.zst"),
    ]:
        assert dropped_name(tmp_path / name) == tmp_path / dropped
    plan = OutputPlan(tmp_path / "a.trim.fq", dropped=(DroppedFile(tmp_path / "a.trim.dropped.fq"),))
    (tmp_path / "a.trim.dropped.fq").touch()
    assert [path.name for path in beside(plan, ()).paths()] == ["a.trim-2.fq", "a.trim.dropped-2.fq"]


def test_it_is_remembered(tmp_path: Path) -> None:
    RunChoices(tmp_path / "settings.ini").choose(pipeline="trim", drops=True)
    assert RunChoices(tmp_path / "settings.ini").current == RunChoice("trim", drops=True)


def test_another_folder(tmp_path: Path) -> None:
    choice = RunChoice("trim", folder=tmp_path)
    assert choice.output_for(Path("/data/a.fastq")) == tmp_path / "a.trim.fastq.gz"


def test_qc_only_writes_nothing(tmp_path: Path) -> None:
    assert RunChoice().output_for(tmp_path / "a.fastq") is None
    assert RunChoice("trim", writes=False).output_for(tmp_path / "a.fastq") is None
