"""A file that is no database, or a damaged one: told, and left for whoever can rescue something."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.run.snapshot import RunSnapshot, Sample
from engine.store.errors import StoreDamagedError
from engine.store.store import Store


@pytest.mark.parametrize("content", [b"@read\nACGT\n+\nIIII\n" * 500, b"x", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError) as caught:
        Store.open(path)
    assert str(path) in str(caught.value)
    assert str(path) in caught.value.hint
    assert path.read_bytes() == content
    assert list(path.parent.glob("lanescope.sqlite*")) == [path]

    path.rename(path.with_name("kept.sqlite"))  # as the hint says
    with Store.open(path) as store:
        assert store.list_runs() == []


@pytest.fixture
def filled(path: Path, make_run: Callable[..., RunSnapshot], series: Callable[[int], tuple[Sample, ...]]) -> Path:
    """A database of many pages, closed."""
    with Store.open(path) as store:
        for _ in range(20):
            make_run(store, samples=series(600))
    return path


def test_a_file_cut_short(filled: Path) -> None:
    content = filled.read_bytes()
    filled.write_bytes(content[: len(content) // 2])
    with pytest.raises(StoreDamagedError):
        _use(filled)


def test_pages_overwritten(filled: Path) -> None:
    content = bytearray(filled.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    filled.write_bytes(content)
    with pytest.raises(StoreDamagedError):
        _use(filled)


def _use(path: Path) -> None:
    with Store.open(path) as store:
        for row in store.list_runs():
            store.load(row.run_id)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("runs", "threads", "{"),
        ("runs", "threads", '{"activities": ["sleeping"], "threads": []}'),
        ("runs", "queue", '{"colour": 1}'),
        ("runs", "created", "yesterday"),
        ("runs", "state", "bored"),
        ("runs", "failure", "[]"),
        ("results", "result", '{"reads": "many"}'),
        ("results", "module", "astrology"),
    ],
)
def test_one_record_that_makes_no_sense(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], table: str, column: str, value: str
) -> None:
    run, other = make_run(store, elapsed=1.0), make_run(store, elapsed=2.0)
    with closing(sqlite3.connect(path)) as connection, connection:
        query = f"UPDATE {table} SET {column} = ? WHERE run_id = ?"  # noqa: S608 (names from the table above)
        connection.execute(query, (value, run.run_id))
    with pytest.raises(StoreDamagedError, match="run 1") as caught:
        store.load(run.run_id)
    assert "Other runs are not affected" in caught.value.hint
    assert store.load(other.run_id) == other


def test_parameters_that_make_no_sense(store: Store, path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    make_run(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET parameters = '[]'")
    with pytest.raises(StoreDamagedError):
        store.parameters(1)


def test_a_database_overwritten_while_open(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], series: Callable[[int], tuple[Sample, ...]]
) -> None:
    run = make_run(store, samples=series(600))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)
    with pytest.raises(StoreDamagedError):
        store.load(run.run_id)
