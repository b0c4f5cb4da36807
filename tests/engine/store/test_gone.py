"""A database that is removed, moved or replaced while it is open: nothing is written to nowhere in silence."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import StoreError, StoreGoneError
from engine.store.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: an open file stays where it is")

MakeRun = Callable[..., RunSnapshot]


def test_what_is_written_after_it_was_moved_waits_until_it_is_back(path: Path, make_run: MakeRun) -> None:
    away = path.with_name("away.sqlite")
    with Store.open(path) as store:
        run = make_run(store)
        path.rename(away)
        with pytest.raises(StoreGoneError, match="was removed, moved or replaced while Lanescope was using it"):
            store.save(replace(run, elapsed=7.0))
        assert isinstance(store.problem, StoreGoneError)
        with pytest.raises(StoreGoneError):
            make_run(store)
        away.rename(path)
        store.flush()
        assert store.load(run.run_id).elapsed == 7.0
        assert store.problem is None


def test_another_file_of_its_name_is_another_database(path: Path, make_run: MakeRun) -> None:
    store = Store.open(path)
    run = make_run(store)
    path.unlink()
    path.write_bytes(b"")
    store.save_soon(replace(run, state=RunState.COMPLETED))
    with pytest.raises(StoreGoneError):
        store.close()


def test_nothing_is_said_of_a_database_to_which_nothing_was_written_since(path: Path, make_run: MakeRun) -> None:
    with Store.open(path) as store:
        make_run(store)
        path.unlink()
        with pytest.raises(StoreError):
            store.list_runs()


def test_a_run_whose_numbers_are_lost_with_the_database_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reads, database = tmp_path / "reads.fastq", tmp_path / "runs.sqlite"
    reads.write_text("@r\nACGT\n+\nIIII\n")
    flush = Store.flush

    def flush_without_file(store: Store, timeout: float | None = None) -> None:
        database.unlink()
        flush(store, timeout)

    monkeypatch.setattr(Store, "flush", flush_without_file)
    assert main(["run", str(reads), "--database", str(database)]) == 1
    assert "The database of runs is gone" in capsys.readouterr().err
