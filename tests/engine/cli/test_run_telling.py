"""What ``lanescope run`` tells of many files: failures, verdicts by a profile, and what there was in all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.collectors.profile_shelf import ProfileShelf
from engine.home import find_home

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
NANOPORE = SAMPLES / "nanopore.fastq.gz"
BAD = b"@a\nACGT\n+\nIIII\n@b\nAC GT\n+\nIIIII\n"


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments), "--threads", "1"])


def test_the_end_of_many_runs_says_what_failed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(BAD)
    (tmp_path / "empty.fastq").write_bytes(b"")
    assert run(bad, tmp_path / "empty.fastq", NANOPORE) == 1
    shown = capsys.readouterr()
    end = shown.out[shown.out.index("In all") :].splitlines()
    assert end[0] == "In all: 2 runs, 1 failed, 1 completed."
    assert end[1].split() == ["failed", "bad.fastq"]
    assert end[2].split() == ["not", "begun", "empty.fastq"]
    assert shown.err.count("record 2, line 6") == 1, "told once, not again at the end"


def test_one_run_has_no_end_of_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(NANOPORE) == 0
    assert "In all" not in capsys.readouterr().out


def test_files_with_the_same_trouble_are_told_of_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("s_L001_R1.fastq", "s_L001_R2.fastq", "s_L002_R1.fastq"):
        (tmp_path / name).write_bytes(b"@a\nACGT\n+\nIIII\n")
    assert run(tmp_path, "--pairs", "auto") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the pair of lane 2 is incomplete" in line
    assert line.endswith("The same holds for s_L001_R2.fastq, s_L002_R1.fastq.")


def test_quiet_tells_only_what_goes_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(BAD)
    assert run(bad, NANOPORE, "--quiet", "--out", tmp_path / "out", "--format", "tsv") == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "record 2" in shown.err
    assert (tmp_path / "out" / "lanescope.tsv").exists()


def test_verdicts_are_by_the_profile_that_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(NANOPORE) == 0
    assert "fails         Per base sequence quality" in capsys.readouterr().out
    assert run(NANOPORE, "--profile", "nanopore", "--out", tmp_path, "--format", "json") == 0
    assert "Per sequence quality scores" not in capsys.readouterr().out
    assert json.loads((tmp_path / "nanopore.json").read_text("utf-8"))["profile"]["title"] == "Nanopore"


def test_profiles_of_ones_own_are_found_by_their_title(capsys: pytest.CaptureFixture[str]) -> None:
    shelf = ProfileShelf(find_home().profiles)
    name = shelf.copy("nanopore")
    shelf.keep(name, shelf.get(name).model_copy(update={"title": "Long reads of ours"}))
    assert run(NANOPORE, "--profile", "long reads of ours", "--json") == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["profile"]["title"] == "Long reads of ours"


def test_a_profile_that_is_not_there_is_refused_before_any_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(NANOPORE, "--profile", "nanopour") == 2
    shown = capsys.readouterr()
    assert "no profile 'nanopour'" in shown.err
    assert "nanopore" in shown.err
    assert shown.out == ""


def test_no_profile_can_have_a_name_that_no_file_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(NANOPORE, "--profile", "n" * 300) == 2
    assert "There is no profile" in capsys.readouterr().err


def test_files_that_could_not_be_begun_are_not_missing_from_reports(tmp_path: Path) -> None:
    (tmp_path / "empty_R1.fastq").write_bytes(b"")
    assert (
        run(tmp_path / "empty_R1.fastq", NANOPORE, "-q", "--out", tmp_path / "o", "--format", "html", "--format", "tsv")
        == 1
    )
    page = (tmp_path / "o" / "index.html").read_text("utf-8")
    assert "1 file was not read at all" in page
    assert "empty_R1.fastq is empty." in page
    header, _, refused = [line.split("\t") for line in (tmp_path / "o" / "lanescope.tsv").read_text().splitlines()]
    assert refused[:4] == ["empty_R1", str(tmp_path / "empty_R1.fastq"), "refused", ""]
    assert len(refused) == len(header)


def test_json_names_every_file_of_a_sample(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for lane in (1, 2):
        for mate in (1, 2):
            (tmp_path / f"P_L00{lane}_R{mate}.fastq").write_bytes(b"@a\nACGT\n+\nIIII\n")
    assert run(tmp_path, "--pairs", "auto", "--json") == 0
    (document,) = json.loads(capsys.readouterr().out)
    named = [[Path(path).name for path in lanes] for lanes in document["run"]["inputs"]]
    assert named == [["P_L001_R1.fastq", "P_L002_R1.fastq"], ["P_L001_R2.fastq", "P_L002_R2.fastq"]]
    assert run(NANOPORE, "--json") == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["run"]["inputs"] == [[document["run"]["path"]]]


def test_with_a_pipeline_verdicts_say_whether_they_are_of_the_reads_before_or_after_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pipeline = tmp_path / "long.toml"
    pipeline.write_text(
        'name = "long"\nversion = "1.0.0"\ntype = "document"\n\n'
        '[[stages]]\nname = "length"\nstage = "length"\n\n[stages.parameters]\nminimum = 1000\n'
    )
    assert run(NANOPORE, "--pipeline", pipeline, "-o", tmp_path / "out.fastq") == 0
    told = capsys.readouterr().out
    assert "fails before  Per base sequence quality" in told
    assert "fails after   Per base sequence quality" in told
    assert "fails         " not in told
