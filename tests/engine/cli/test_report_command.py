from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.collectors.profiles import profile
from engine.home import find_home
from engine.report.fastqc import fastqc_data
from engine.report.json_report import RunDocument, document_schema
from engine.store.store import Store

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "resources" / "samples"
BAD = b"@a\nACGT\n+\nIIII\n@b\nAC GT\n+\nIIIII\n"


def report(*arguments: str | Path) -> int:
    return main(["report", *map(str, arguments)])


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def runs() -> list[int]:
    """Two runs in the database: their numbers."""
    assert main(["run", str(SAMPLES / "illumina_pair_1.fastq.gz"), str(SAMPLES / "nanopore.fastq.gz")]) == 0
    with Store.open(find_home().database) as store:
        return [row.run_id for row in reversed(store.list_runs())]


def test_everything_about_stored_runs(runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "deep" / "out"
    assert report(*map(str, runs), "--out", out) == 0
    assert str(out) in capsys.readouterr().out
    found = names(out)
    for name in ("illumina_pair_1", "nanopore"):
        assert {
            f"{name}.html", f"{name}.json", f"{name}_fastqc.zip", f"{name}_fastqc/fastqc_data.txt",
            f"{name}_fastqc/summary.txt", f"{name}_plots/base_quality.svg",
        } <= found  # fmt: skip
    assert {"index.html", "lanescope.tsv", "lanescope_modules.tsv"} <= found
    with Store.open(find_home().database) as store:
        expected = fastqc_data(store.load(runs[1]).results, "nanopore.fastq.gz")
    assert (out / "nanopore_fastqc" / "fastqc_data.txt").read_text("utf-8") == expected
    with zipfile.ZipFile(out / "nanopore_fastqc.zip") as archive:
        assert archive.read("nanopore_fastqc/fastqc_data.txt").decode() == expected
        assert b"<!DOCTYPE html>" in archive.read("nanopore_fastqc/fastqc_report.html")


def test_stored_and_fresh_reports_are_equal(tmp_path: Path) -> None:
    sample = SAMPLES / "illumina_single.fastq.gz"
    assert main(["run", str(sample), "--out", str(tmp_path / "fresh")]) == 0
    assert report(sample.name, "--out", tmp_path / "stored") == 0
    assert names(tmp_path / "fresh") == names(tmp_path / "stored")
    for name in names(tmp_path / "fresh"):
        assert (tmp_path / "fresh" / name).read_bytes() == (tmp_path / "stored" / name).read_bytes(), name


@pytest.mark.parametrize(
    ("formats", "written"),
    [
        (["html"], {"nanopore.html"}),
        (["json"], {"nanopore.json"}),
        (["tsv"], {"lanescope.tsv", "lanescope_modules.tsv"}),
        (
            ["fastqc", "json"],
            {"lanescope_mqc.tsv", "nanopore.json", "nanopore_fastqc.zip", "nanopore_fastqc/summary.txt"},
        ),
    ],
)
def test_only_what_was_asked_for(runs: list[int], formats: list[str], written: set[str], tmp_path: Path) -> None:
    asked = [word for name in formats for word in ("--format", name)]
    assert report("nanopore.fastq.gz", *asked, "--out", tmp_path / "out") == 0
    assert names(tmp_path / "out") - {"nanopore_fastqc/fastqc_data.txt"} == written


def test_a_name_means_its_newest_run(runs: list[int], tmp_path: Path) -> None:
    assert main(["run", str(SAMPLES / "nanopore.fastq.gz")]) == 0
    assert report("nanopore.fastq.gz", "--format", "json", "--out", tmp_path) == 0
    document = json.loads((tmp_path / "nanopore.json").read_text("utf-8"))
    assert document["run"]["id"] > max(runs)


def test_another_profile_judges_otherwise(runs: list[int], tmp_path: Path) -> None:
    def judged(*arguments: str) -> str:
        assert report(str(runs[1]), "--format", "json", "--out", tmp_path, *arguments) == 0
        document = json.loads((tmp_path / "nanopore.json").read_text("utf-8"))
        return str(document["verdicts"]["sequence_quality"]["status"])

    mine = tmp_path / "mine.toml"
    mine.write_text("title = 'Mine'\n[sequence_quality]\nmost_frequent = { warn = 17, fail = 5 }\n", encoding="utf-8")
    assert [judged(), judged("--profile", "nanopore"), judged("--profile", str(mine))] == ["fail", "pass", "warn"]


def test_documents_meet_the_published_schema(
    runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(str(runs[0]), "--format", "json", "--out", tmp_path) == 0
    capsys.readouterr()
    assert report("--schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == document_schema()
    text = (tmp_path / "illumina_pair_1.json").read_text("utf-8")
    document = RunDocument.model_validate_json(text)
    assert json.loads(document.model_dump_json()) == json.loads(text)
    assert set(json.loads(text)) == set(schema["properties"]) == set(schema["required"])
    assert document.profile == profile()


def test_a_failed_run_has_a_report_but_no_fastqc_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(BAD)
    out = tmp_path / "out"
    assert main(["run", str(bad), "--out", str(out)]) == 1
    assert "This run failed" in (out / "bad.html").read_text("utf-8")
    assert not list(out.glob("*_fastqc*"))
    assert "\tfailed\t" in (out / "lanescope.tsv").read_text("utf-8")
    capsys.readouterr()
    assert report("bad.fastq", "--out", out) == 1
    assert "did not read the whole file" in capsys.readouterr().err
    assert report("bad.fastq", "--out", out, "--format", "html") == 0


def test_what_is_not_there(runs: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report("nothing", "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "There is no run 'nothing'" in said
    assert f"{runs[1]} (nanopore.fastq.gz)" in said
    assert report("1", "--out", tmp_path, "--database", tmp_path / "none.sqlite") == 2
    assert "There is no database" in capsys.readouterr().err
    assert not (tmp_path / "none.sqlite").exists()
    assert report(str(runs[0]), "--out", tmp_path, "--profile", "gold") == 2
    assert "There is no profile 'gold'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("formats", "in_the_way", "said"),
    [
        ((), "out", "The folder {out} cannot be made: {out} is a file."),
        ((), "out/nanopore_plots", "is a file."),
        ((), "out/nanopore.html/", "{out}/nanopore.html is a folder: a report has that name. Choose another folder."),
        (("fastqc",), "out/nanopore_fastqc.zip/", "nanopore_fastqc.zip is a folder"),
        (("png",), "out/nanopore_plots/lengths.png/", "lengths.png is a folder"),
        (("json", "tsv"), "out/lanescope_modules.tsv/", "lanescope_modules.tsv is a folder"),
    ],
)
def test_what_is_in_the_way_is_told_before_anything_is_written(
    runs: list[int], formats: tuple[str, ...], in_the_way: str, said: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out, odd = tmp_path / "out", tmp_path / in_the_way
    if in_the_way.endswith("/"):
        odd.mkdir(parents=True)
    else:
        odd.parent.mkdir(parents=True, exist_ok=True)
        odd.write_bytes(b"dear")
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    asked = [word for name in formats for word in ("--format", name)]
    assert report(*map(str, runs), *asked, "--out", out) == 2
    told = capsys.readouterr()
    assert said.format(out=out) in told.err
    assert told.out == ""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: a folder that not even root may write into")
def test_a_folder_that_takes_no_files(runs: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert report(str(runs[0]), "--out", "/proc") == 2
    assert "Nothing can be written into the folder /proc" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        report(str(runs[0]), "--out", "")
    assert ended.value.code == 2


@pytest.mark.parametrize("arguments", [["1"], ["--out", "x"], ["1", "--out", "x", "--format", "pdf"]])
def test_a_wrong_command_line_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        report(*arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_images_at_twice_the_size(runs: list[int], tmp_path: Path) -> None:
    assert report("nanopore.fastq.gz", "--format", "png", "--scale", "2", "-o", tmp_path / "out") == 0
    found = names(tmp_path / "out")
    assert "nanopore_plots/base_quality.png" in found
    assert {Path(name).suffix for name in found} == {".png"}
    width = int.from_bytes((tmp_path / "out" / "nanopore_plots" / "base_quality.png").read_bytes()[16:20], "big")
    assert width == 1440


@pytest.mark.parametrize(("given", "said"), [("big", "must be a number"), ("9", "must be from 0.5 to 8")])
def test_a_scale_that_is_none(given: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        report("nanopore.fastq.gz", "--format", "png", "--scale", given, "-o", tmp_path)
    assert said in capsys.readouterr().err


def test_a_run_writes_the_formats_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(SAMPLES / "nanopore.fastq.gz")
    out = tmp_path / "out"
    assert main(["run", sample, "--no-save", "--out", str(out), "--format", "png", "--format", "json"]) == 0
    assert {Path(name).suffix for name in names(out)} == {".png", ".json"}
    assert main(["run", sample, "--no-save", "--format", "png"]) == 2
    assert "--format needs --out" in capsys.readouterr().err


def test_without_a_run_the_runs_are_listed(runs: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert report() == 0
    newest, older = capsys.readouterr().out.splitlines()

    assert newest.split() == [str(runs[1]), *newest.split()[1:3], "completed", "4,000", "reads", "nanopore.fastq.gz"]
    assert older.endswith("2,500 reads  illumina_pair_1.fastq.gz")


def test_reports_need_a_folder(runs: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        report(str(runs[0]))
    assert "--out DIR" in capsys.readouterr().err


def test_fastqc_guesses_high_qualities_for_older_ones_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "high.fastq"
    path.write_bytes(b"@a\nACGT\n+\nhhBh\n" * 3)
    assert main(["run", str(path), "--format", "fastqc", "--out", str(tmp_path / "by_33")]) == 0
    assert main(["run", str(path), "--format", "fastqc", "--out", str(tmp_path / "run"), "--guess-encoding"]) == 0
    assert report("high.fastq", "--format", "fastqc", "--out", tmp_path / "report", "--guess-encoding") == 0
    texts = [
        (tmp_path / folder / "high_fastqc" / "fastqc_data.txt").read_text() for folder in ("by_33", "run", "report")
    ]
    assert "Encoding\tSanger / Illumina 1.9\n" in texts[0]
    assert "Encoding\tIllumina 1.5\n" in texts[1]
    assert "#Quality\tCount\n61\t3.0\n" in texts[0]
    assert "#Quality\tCount\n30\t3.0\n" in texts[1]
    assert texts[1] == texts[2]
