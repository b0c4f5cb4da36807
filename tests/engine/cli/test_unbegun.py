"""Inputs that could not even be begun stand in the history as failed, and are run again where that makes sense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store

READS = b"@a\nACGTACGTAC\n+\nIIIIIIIIII\n@b\nACGTACGTAC\n+\nIIIIIIIIII\n"


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments), "--threads", "1", "--quiet"])


def again(*arguments: str | Path) -> int:
    return main(["again", *map(str, arguments), "--threads", "1", "--quiet"])


def kept() -> list[RunSnapshot]:
    """All runs, the oldest first."""
    with Store.open(find_home().database) as store:
        return [store.load(row.run_id) for row in reversed(store.list_runs())]


def states() -> list[tuple[str, RunState]]:
    return [(each.name, each.state) for each in kept()]


def test_what_could_not_be_begun_has_failed_with_its_reason_and_is_run_again_as_it_was_meant(tmp_path: Path) -> None:
    good, empty, missing = tmp_path / "good.fastq", tmp_path / "empty.fastq", tmp_path / "missing.fastq"
    good.write_bytes(READS)
    empty.touch()
    out = tmp_path / "out"
    out.mkdir()
    assert run(good, empty, missing, "-o", out) == 1
    assert sorted(states()) == [
        ("empty.fastq", RunState.FAILED),
        ("good.fastq", RunState.COMPLETED),
        ("missing.fastq", RunState.FAILED),
    ]
    reasons = {each.name: each.failure.message for each in kept() if each.failure is not None}
    assert "is empty" in reasons["empty.fastq"]
    assert "does not exist" in reasons["missing.fastq"]
    assert all(each.finished is not None and each.started is None for each in kept() if each.failure)

    assert again("--failed") == 1  # nothing has been mended
    assert len(kept()) == 3
    empty.write_bytes(READS)
    assert again("--failed") == 1
    assert (out / "empty.fastq").read_bytes() == READS
    missing.write_bytes(READS)
    assert again("--failed") == 0
    assert (out / "missing.fastq").read_bytes() == READS
    assert again("--failed", "--dry-run") == 0
    assert [state for _, state in states()].count(RunState.COMPLETED) == 3


def test_files_of_a_sample_that_is_not_whole_have_to_be_named_with_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("A_R1.fastq", "A_R2.fastq", "B_R2.fastq"):
        (tmp_path / name).write_bytes(READS)
    assert run(tmp_path, "--pairs", "auto") == 1
    assert sorted(states()) == [("A", RunState.COMPLETED), ("B_R2.fastq", RunState.FAILED)]
    capsys.readouterr()
    assert again("--failed") == 0
    told = capsys.readouterr()
    assert "have to be named to lanescope run again" in told.err
    assert told.err.endswith(f"with all that belongs to them: {tmp_path / 'B_R2.fastq'}\n")
    assert "nothing to run again" in told.out

    (tmp_path / "B_R1.fastq").write_bytes(READS)
    assert run(tmp_path, "--pairs", "auto") == 0
    capsys.readouterr()
    assert again("--failed") == 0
    assert "have to be named" not in capsys.readouterr().err


def test_another_runs_output_is_never_taken_over(tmp_path: Path) -> None:
    good, empty, out = tmp_path / "good.fastq", tmp_path / "empty.fastq", tmp_path / "out.fastq"
    good.write_bytes(READS)
    empty.touch()
    assert run(good, empty, "-o", out) == 1
    empty.write_bytes(READS[: len(READS) // 2])
    assert again("--failed", "--force") == 0
    assert out.read_bytes() == READS


def test_a_name_that_was_mistyped_is_no_run(tmp_path: Path) -> None:
    """What nothing was begun of is told at once to whoever asked for it."""
    assert run(tmp_path / "typo.fastq") == 1
    assert not find_home().database.exists() or not kept()


def test_failed_runs_without_reads_can_be_listed_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, empty = tmp_path / "good.fastq", tmp_path / "empty.fastq"
    good.write_bytes(READS)
    empty.touch()
    assert run(good, empty) == 1
    capsys.readouterr()
    assert main(["report", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["name"]: row["state"] for row in listed} == {"empty.fastq": "failed", "good.fastq": "completed"}
    assert main(["report", "--find", "fastq", "--out", str(tmp_path / "reports")]) == 1  # not all were read whole
    table = (tmp_path / "reports" / "lanescope.tsv").read_text("utf-8")
    assert {line.split("\t")[2] for line in table.splitlines()[1:]} == {"completed", "failed"}
