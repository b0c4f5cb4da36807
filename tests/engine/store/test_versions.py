"""Databases of every released version open and look the same; newer and foreign ones are left alone.

``released/N.sql`` holds a database as version N of the schema wrote it. It is never changed once released;
a new version adds a file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.errors import StoreDamagedError, StoreNewerError
from engine.store.schema import APPLICATION_ID, MIGRATIONS
from engine.store.store import Store

RELEASED = Path(__file__).with_name("released")
VERSIONS = range(1, len(MIGRATIONS) + 1)


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    return [tuple(" ".join(str(value).split()) for value in row) for row in rows]


def make_released(version: int, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript((RELEASED / f"{version}.sql").read_text(encoding="utf-8"))


def test_every_version_is_kept() -> None:
    assert {file.name for file in RELEASED.iterdir()} == {f"{version}.sql" for version in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_released_version_becomes_todays(
    version: int, path: Path, tmp_path: Path, check_sound: Callable[[Path], None]
) -> None:
    make_released(version, path)
    fresh = tmp_path / "fresh.sqlite"
    Store.open(fresh).close()
    with Store.open(path) as store:
        failed, completed = store.list_runs()
        assert (completed.state, failed.state) == (RunState.COMPLETED, RunState.FAILED)
        run = store.load(completed.run_id)
        assert run.name == "reads.fastq.gz"
        assert run.results.basic.reads == 12
        assert run.results.lengths is not None
        assert [thread.name for thread in run.threads] == ["read + parse", "worker 1"]
        assert len(run.samples) == 3
        assert run.samples[2].reads == 200
        assert store.parameters(run.run_id) == {"quality": 20}
        assert run.limits.title == ("Standard" if version < 10 else "Our RNA")
        assert failed.failure_title == "This is not valid FASTQ"
        store.save(run)
        assert store.load(run.run_id) == run
    check_sound(path)
    assert schema(path) == schema(fresh)


def test_a_fresh_database_has_todays_version(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_file_is_a_fresh_database(path: Path) -> None:
    path.touch()
    with Store.open(path) as store:
        assert store.list_runs() == []


@pytest.mark.parametrize("is_open_elsewhere", [False, True])
def test_a_newer_version_is_refused_and_not_touched(
    path: Path, make_run: Callable[..., RunSnapshot], is_open_elsewhere: bool
) -> None:
    with Store.open(path) as store:
        make_run(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        newer.execute("CREATE TABLE of_tomorrow (a)")
        if not is_open_elsewhere:
            newer.close()
        log = path.with_name("lanescope.sqlite-wal")
        before = path.read_bytes(), log.read_bytes() if is_open_elsewhere else b""
        with pytest.raises(StoreNewerError, match=f"version {len(MIGRATIONS) + 1}") as caught:
            Store.open(path)
        assert caught.value.title
        assert "newest Lanescope" in caught.value.hint
        assert (path.read_bytes(), log.read_bytes()) == before


@pytest.mark.parametrize("version", [0, 1])
def test_a_database_of_another_program_is_refused_and_not_touched(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(StoreDamagedError, match="another program"):
        Store.open(path)
    assert path.read_bytes() == before
    assert list(path.parent.glob("lanescope.sqlite*")) == [path]
