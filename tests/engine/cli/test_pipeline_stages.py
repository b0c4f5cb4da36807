from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.stages.catalogue import KINDS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "resources" / "help" / "pipelines.md").read_text("utf-8")
SAMPLE = ROOT / "resources" / "samples" / "illumina_single.fastq.gz"


def test_all_stages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "stages"]) == 0
    listed = capsys.readouterr().out

    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == list(KINDS)
    assert "  length               Drops reads that are too short or too long\n" in listed


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_stage_tells_all_that_can_be_set(kind: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = getattr(kind, "name", "")
    assert main(["pipeline", "stages", name]) == 0
    told = capsys.readouterr().out

    assert re.findall(r"^  (\w+) = ", told.partition("each of")[0], re.MULTILINE) == [
        *KINDS[name].parameters.model_fields
    ]


def test_what_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "stages", "adapters"]) == 0
    told = " ".join(capsys.readouterr().out.split())

    assert 'action = "trim"' in told
    assert 'One of "trim", "retain",' in told
    assert "minimum_overlap = 3 Shorter matches stay. From 1 bases on." in told
    assert "each of adapters and each of second, in braces: sequence = (has to be set)" in told
    assert "front, in braces: sequence = (has to be set)" in told


def test_no_such_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipeline", "stages", "no\x1bne"]) == 1
    trouble = capsys.readouterr().err

    assert "lanescope pipeline stages" in trouble
    assert "\x1b" not in trouble


def test_the_help_page_works_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trimming.toml").write_text(PAGE.partition("```toml\n")[2].partition("```")[0], "utf-8")
    (tmp_path / "reads.fastq.gz").write_bytes(SAMPLE.read_bytes())
    assert main(["pipeline", "validate", "trimming.toml"]) == 0
    commands = re.findall(r"^    lanescope (.*)$", PAGE, re.MULTILINE)
    for command in commands:
        assert main([*shlex.split(command), *(["--force"] if " -o " in command else [])]) == 0, command

    assert len(commands) >= 8
    assert "trimming@1.0.0" in capsys.readouterr().out
    assert (tmp_path / "trimmed.fastq.gz").exists()
    assert (tmp_path / "results" / "reads.html").exists()
