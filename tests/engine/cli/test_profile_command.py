"""Profiles on the command line, and by which one each run is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.collectors.profile_shelf import ProfileShelf
from engine.collectors.profiles import parse_profile, profile
from engine.home import find_home
from engine.store.store import Store

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "samples" / "nanopore.fastq.gz"
MINE = "title = 'Our nanopores'\n[sequence_quality]\nmost_frequent = { warn = 17, fail = 5 }\n"


def lanescope(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def documents(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def judged(folder: Path, *runs: str) -> tuple[object, object]:
    """The title of the profile, and the verdict about qualities of reads, as a report of the newest run tells them."""
    assert lanescope("report", *(runs or [SAMPLE.name]), "--format", "json", "--out", folder) == 0
    (document,) = documents(folder)
    assert isinstance(document["profile"], dict)
    assert isinstance(document["verdicts"], dict)
    return document["profile"]["title"], document["verdicts"]["sequence_quality"]["status"]


def test_a_run_stays_judged_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.toml").write_text(MINE, encoding="utf-8")
    assert lanescope("profile", "add", tmp_path / "ours.toml") == 0
    assert capsys.readouterr().out == "my_our_nanopores: Our nanopores\n"
    assert lanescope("run", SAMPLE, "--profile", "Our nanopores") == 0
    assert judged(tmp_path / "own") == ("Our nanopores", "warn")

    shelf = ProfileShelf(find_home().profiles)
    stricter = parse_profile(MINE.replace("fail = 5", "fail = 16.5"), "ours.toml")
    shelf.keep("my_our_nanopores", stricter)
    assert judged(tmp_path / "changed") == ("Our nanopores", "warn")
    assert lanescope("profile", "remove", "our nanopores") == 0
    assert judged(tmp_path / "removed") == ("Our nanopores", "warn")

    assert lanescope("again", SAMPLE.name, "--quiet") == 0
    assert judged(tmp_path / "again") == ("Our nanopores", "warn")
    assert lanescope("again", SAMPLE.name, "--quiet", "--profile", "nanopore") == 0
    assert judged(tmp_path / "other") == ("Nanopore", "pass")
    assert lanescope("profile", "judge", "default", "--latest") == 0
    assert judged(tmp_path / "judged") == ("Standard", "fail")
    assert judged(tmp_path / "first", "1") == ("Our nanopores", "warn")


def test_runs_of_several_profiles_in_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lanescope("run", SAMPLE, "--quiet") == 0
    assert lanescope("again", SAMPLE.name, "--quiet", "--profile", "nanopore") == 0
    assert lanescope("report", "--json") == 0
    listed = [json.loads(line)["profile"] for line in capsys.readouterr().out.splitlines()]
    assert listed == ["Nanopore", "Standard"]
    assert lanescope("report", "1", "2", "--out", tmp_path, "--format", "html", "--format", "tsv") == 0
    index = (tmp_path / "index.html").read_text("utf-8")
    assert "each file by the limits of its own profile" in index
    assert "Judged by</th>" in index
    assert f"Nanopore: {profile('nanopore').description}" in index
    head, *rows = [line.split("\t") for line in (tmp_path / "lanescope.tsv").read_text("utf-8").splitlines()]
    assert [row[head.index("profile")] for row in rows] == ["Standard", "Nanopore"]
    assert [row[head.index("sequence_quality")] for row in rows] == ["fail", "pass"]
    assert lanescope("report", "1", "2", "--out", tmp_path, "--format", "html", "--profile", "rna_seq") == 0
    index = (tmp_path / "index.html").read_text("utf-8")
    assert "by the limits of \N{LEFT DOUBLE QUOTATION MARK}RNA-seq" in index
    assert "Judged by" not in index


def test_inputs_that_were_not_begun_keep_what_they_were_to_be_judged_by(tmp_path: Path) -> None:
    (tmp_path / "empty.fastq").touch()
    assert lanescope("run", SAMPLE, tmp_path / "empty.fastq", "--quiet", "--profile", "amplicon") == 1
    with Store.open(find_home().database) as store:
        kept = {row.name: store.load(row.run_id).judged_by for row in store.list_runs()}
    assert [judged_by and judged_by.name for judged_by in kept.values()] == ["amplicon", "amplicon"]


def test_profiles_are_listed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.toml").write_text(MINE, encoding="utf-8")
    assert lanescope("profile", "add", tmp_path / "ours.toml") == 0
    capsys.readouterr()
    assert lanescope("profile", "list") == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert "Our nanopores (yours)" in last
    assert lanescope("profile", "list", "--json") == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["name"] for each in listed if each["is_own"]] == ["my_our_nanopores"]
    assert lanescope("profile", "show", "Our nanopores") == 0
    assert parse_profile(capsys.readouterr().out, "shown") == parse_profile(MINE, "ours")

    (find_home().profiles / "bad.toml").write_text("nothing = 1\n", encoding="utf-8")
    assert lanescope("profile", "list") == 1
    assert "no setting 'nothing'" in capsys.readouterr().err


def test_profiles_that_cannot_be_asked_for_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lanescope("profile", "remove", "rna_seq") == 2
    assert "RNA-seq came with Lanescope and stays. Profiles of your own can be removed." in capsys.readouterr().err
    assert lanescope("profile", "show", "gold") == 2
    assert "There is no profile 'gold'. The profiles are default," in capsys.readouterr().err
    assert lanescope("profile", "add", tmp_path / "none.toml") == 2
    assert "no such file or directory. Check the path, and who may read it." in capsys.readouterr().err
    assert lanescope("run", SAMPLE, "--quiet") == 0
    assert lanescope("profile", "judge", "nanopore", "--find", "no run is called that") == 2
    assert "There is no such run." in capsys.readouterr().err
