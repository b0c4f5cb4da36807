"""``lanescope again``: runs once more as they were, and the choice of runs by words."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.run.state import RunState
from engine.store.listing import RunRow
from engine.store.store import Store

GOOD = b"@a\nACGTACGTAC\n+\nIIIIIIIIII\n@b\nACGTACGTAC\n+\nIIIIIIIIII\n"
BAD = GOOD + b"@c\nACGT"
PIPELINE = """
name = "short"
version = "1.0.0"
type = "document"
[[stages]]
name = "n"
stage = "max_n"
parameters = { maximum = 0 }
"""


def again(*arguments: str | Path) -> int:
    return main(["again", *map(str, arguments), "--threads", "1"])


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments), "--threads", "1", "--quiet"])


def rows() -> list[RunRow]:
    with Store.open(find_home().database) as store:
        return store.list_runs()


def test_those_that_failed_are_run_again_until_they_do_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.fastq", tmp_path / "bad.fastq"
    good.write_bytes(GOOD)
    bad.write_bytes(BAD)
    assert run(good, bad) == 1
    assert again("--failed", "--quiet") == 1
    bad.write_bytes(GOOD)
    capsys.readouterr()
    assert again("--failed", "--dry-run") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert [line.split()[0], *line.split()[3:]] == ["3", "failed", "bad.fastq"]
    assert again("--failed", "--out", tmp_path / "out", "--format", "tsv") == 0
    assert (tmp_path / "out" / "lanescope.tsv").exists()
    assert [(row.name, row.state) for row in rows()][:2] == [
        ("bad.fastq", RunState.COMPLETED),
        ("bad.fastq", RunState.FAILED),
    ]
    assert again("--failed") == 0
    assert "nothing to run again" in capsys.readouterr().out
    assert len(rows()) == 4


def test_lanes_mates_pipeline_and_outputs_are_as_they_were(tmp_path: Path) -> None:
    for lane in (1, 2):
        for mate in (1, 2):
            text = BAD if (lane, mate) == (2, 2) else GOOD
            (tmp_path / f"P_S1_L00{lane}_R{mate}_001.fastq").write_bytes(text)
    out = tmp_path / "out"
    out.mkdir()
    pipeline = tmp_path / "short.toml"
    pipeline.write_text(PIPELINE, "utf-8")
    assert run(tmp_path, "--pairs", "auto", "--pipeline", pipeline, "-o", out) == 1
    assert list(out.iterdir()) == []
    (tmp_path / "P_S1_L002_R2_001.fastq").write_bytes(GOOD)
    assert again("P", "--quiet") == 0
    assert {path.name for path in out.iterdir()} == {"P_R1.fastq.gz", "P_R2.fastq.gz"}
    assert gzip.decompress((out / "P_R2.fastq.gz").read_bytes()) == GOOD * 2
    newest = rows()[0]
    assert (newest.name, newest.reads) == ("P", 4)
    assert again("P", "--quiet") == 2, "what it wrote is there"
    assert again("P", "--quiet", "--force") == 0


def test_an_input_that_is_gone_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(BAD)
    assert run(bad) == 1
    bad.unlink()
    capsys.readouterr()
    assert again("--failed") == 1
    shown = capsys.readouterr()
    assert "does not exist" in shown.err
    assert "not begun     bad.fastq" in shown.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no names for open streams")
def test_reads_that_went_to_an_open_stream_do_not_go_to_what_this_process_has_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.fastq").write_bytes(GOOD)
    reading, writing = os.pipe()
    stream = f"/dev/fd/{writing}"
    try:
        assert run(tmp_path / "good.fastq", "-o", stream) == 0
        assert os.read(reading, 1 << 16) == GOOD
    finally:
        os.close(reading)
        os.close(writing)
    with Store.open(find_home().database) as store:
        assert [output.path for output in store.load(1).outputs] == [Path(stream)]
    (tmp_path / "mine").write_bytes(b"mine")
    taken = os.open(tmp_path / "mine", os.O_RDWR)
    try:
        os.dup2(taken, writing)
        assert again("good.fastq", "--force") == 2
    finally:
        os.close(taken)
        os.close(writing)
    assert "open in the process of that run alone" in capsys.readouterr().err
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert len(rows()) == 1


def test_what_came_through_standard_input_does_not_come_again_unasked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = [sys.executable, "-c", "import sys; from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([*line, "run", "-", "-q"], cwd=root, input=BAD, capture_output=True, check=False, timeout=300)
    assert done.returncode == 1
    (tmp_path / "bad.fastq").write_bytes(BAD)
    assert run(tmp_path / "bad.fastq") == 1
    capsys.readouterr()
    assert again("--failed", "--dry-run") == 0
    (told,) = capsys.readouterr().out.splitlines()
    assert told.endswith("bad.fastq")
    assert run(tmp_path / "bad.fastq") == 1
    for which in ("2", "3"):
        capsys.readouterr()
        assert again(which, "--failed", "--dry-run") == 0
        assert capsys.readouterr().out.split()[0] == which, "the other one is not to be run"
    assert again("standard input", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("standard input\n")


def test_what_is_to_be_run_has_to_be_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert again() == 2
    assert "--failed" in capsys.readouterr().err
    (tmp_path / "good.fastq").write_bytes(GOOD)
    assert run(tmp_path / "good.fastq") == 0
    assert again("good.fastq", "--find", "bad") == 2
    assert "not both" in capsys.readouterr().err
    assert again("nothing") == 2
    assert "There is no run 'nothing'" in capsys.readouterr().err


def test_runs_are_found_by_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("one.fastq", GOOD), ("two.fastq", BAD), ("two.fastq", GOOD)):
        (tmp_path / name).write_bytes(text)
        run(tmp_path / name)
    capsys.readouterr()
    assert main(["report", "--find", "two"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["3", "2"]
    assert main(["report", "--find", "two failed", "--json"]) == 0
    (listed,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (listed["id"], listed["name"], listed["state"]) == (2, "two.fastq", "failed")
    assert "truncated" in listed["failure"]
    assert main(["report", "--latest"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["3", "1"]
    assert (
        main(["report", "--find", str(tmp_path), "--latest", "--out", str(tmp_path / "out"), "--format", "html"]) == 0
    )
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"one.html", "two.html", "index.html"}
    assert main(["report", "--find", "three", "--out", str(tmp_path / "out")]) == 2
    assert main(["report", "--find", "three"]) == 0
    assert "no such run" in capsys.readouterr().out
