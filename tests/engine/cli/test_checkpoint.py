"""``lanescope checkpoint`` with a run that was really lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside
from engine.cli.checkpoint import main, tell_interrupted
from engine.errors import CheckpointError, LanescopeError
from engine.home import find_home
from engine.run.state import RunState
from engine.store.errors import RunNotFoundError
from engine.store.store import Store
from tests.engine.run.lost_runs import lose_run, reads_of


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "reads.fastq"
    file.write_bytes(reads_of(7, 60_000) * 16)
    database = tmp_path / "runs.sqlite"
    lose_run(database, [file])
    return database


def test_a_lost_run_is_listed_shown_and_gone_on_with(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--database", str(database)]
    assert main(["list", *at]) == 0
    assert re.search(r"^ +1  20\d\d-.* reads\.fastq$", capsys.readouterr().out, re.MULTILINE)
    assert main(["show", "1", *at]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"reads counted  [\d,]+\n", shown)
    where = (
        r"file 1         reads\.fastq: record [\d,]+, line [\d,]+, byte ([\d,]+) of its text, byte ([\d,]+) of the file"
    )
    found = re.search(where, shown)
    assert found is not None
    text, stored = (int(number.replace(",", "")) for number in found.groups())
    assert 0 < text <= stored <= (database.parent / "reads.fastq").stat().st_size

    assert main(["resume", "1", *at]) == 0
    told = capsys.readouterr().out
    assert re.search(r"reads +960,000", told)
    assert f"lanescope report 1 -o DIR --database {database}" in told
    with Store.open(database) as store:
        assert store.load(1).state is RunState.COMPLETED
    assert main(["list", *at]) == 0
    assert capsys.readouterr().out == "There is no interrupted run with a checkpoint.\n"
    with pytest.raises(CheckpointError, match=r"Run 1, reads\.fastq, is complete already"):
        main(["resume", "1", *at])


def test_several_runs_go_on_and_what_is_complete_is_told(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the script of a job that is begun again and again."""
    waited = tmp_path / "waited.fastq"
    waited.write_bytes(reads_of(9, 100))
    with Store.open(database) as store:
        for state in (RunState.COMPLETED, RunState.INTERRUPTED):
            created = store.create_run(
                name=f"{state}.fastq", path=waited, kind="", bytes_total=None, workers=1, parameters={}, versions={}
            )
            store.save(replace(created, state=state))
    at = ["--database", str(database)]
    assert main(["list", *at]) == 0
    assert re.search(r"^ +3  had not begun +interrupted\.fastq$", capsys.readouterr().out, re.MULTILINE)
    with pytest.raises(CheckpointError) as caught:
        main(["show", "3", *at])
    assert "checkpoint resume 3 begins it" in caught.value.hint
    assert main(["resume", "1", "2", "3", *at]) == 0
    told = capsys.readouterr()
    assert "Run 2, completed.fastq, is complete already" in told.err
    assert re.search(r"reads +960,000", told.out)
    assert f"Write their reports with: lanescope report 1 3 -o DIR --database {database}" in told.out
    with Store.open(database) as store:
        assert {row.state for row in store.list_runs()} == {RunState.COMPLETED}


def test_a_lost_run_is_told_when_its_file_is_run_again_and_its_reports_can_be_had(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(database) as store:
        tell_interrupted(store, [tmp_path / "another.fastq"])
        assert capsys.readouterr().err == ""
        tell_interrupted(store, [tmp_path / "another.fastq", tmp_path / "reads.fastq"])
    command = "lanescope checkpoint resume 1"
    said = f"reads.fastq was interrupted and can go on from where it was: {command}"
    assert capsys.readouterr().err.endswith(f"{said} --database {database}\n")
    monkeypatch.setenv("LANESCOPE_HOME", str(tmp_path / "home with spaces"))
    usual = find_home().database
    database.rename(usual)
    checkpoints_beside(database).rename(checkpoints_beside(usual))
    with Store.open(usual) as store:
        tell_interrupted(store, [tmp_path / "reads.fastq"])
    assert capsys.readouterr().err.endswith(f"{said}\n")
    database = usual.rename(usual.with_name("other runs.sqlite"))
    checkpoints_beside(usual).rename(checkpoints_beside(database))
    with Store.open(database) as store:
        tell_interrupted(store, [tmp_path / "reads.fastq"])
    assert capsys.readouterr().err.endswith(f"{said} --database '{database}'\n")
    assert main(["resume", "1", "--out", str(tmp_path / "out"), "--database", str(database)]) == 0
    assert (tmp_path / "out" / "reads.html").is_file()


def test_pruned_checkpoints_are_gone(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--database", str(database)]
    assert main(["prune", *at]) == 0
    assert re.fullmatch(r"[\d,]{4,} bytes are free again\.\n", capsys.readouterr().out)
    assert not (checkpoints_beside(database) / "1").exists()
    with pytest.raises(CheckpointError, match=r"There is no checkpoint of reads\.fastq"):
        main(["resume", "1", *at])
    assert main(["prune", "1", *at]) == 0
    assert capsys.readouterr().out == "0 bytes are free again.\n"
    with pytest.raises(RunNotFoundError):
        main(["prune", "1", "777", *at])


def test_without_a_database_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(LanescopeError, match="There is no database"):
        main(["list", "--database", str(tmp_path / "none.sqlite")])


def test_what_is_no_number_of_a_run_is_told_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("show", "resume", "prune"):
        with pytest.raises(SystemExit):
            main([action, "x"])
        assert "must be a whole number" in capsys.readouterr().err
