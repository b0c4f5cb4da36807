"""A file that is no database, or a damaged one: told, and left for whoever can rescue something."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.collectors.judged_by import standard
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
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
        ("runs", "queue", '{"size": "many"}'),
        ("runs", "devices", "[]"),
        ("runs", "elapsed", "long"),
        ("runs", "path", ""),
        ("samples", "reads", "many"),
        ("results", "result", '{"reads": "many"}'),
        ("results", "module", "astrology"),
    ],
)
def test_one_record_that_makes_no_sense(
    store: Store,
    path: Path,
    make_run: Callable[..., RunSnapshot],
    series: Callable[[int], tuple[Sample, ...]],
    table: str,
    column: str,
    value: str,
) -> None:
    run, other = make_run(store, elapsed=1.0, samples=series(2)), make_run(store, elapsed=2.0)
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


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("created", "yesterday"),
        ("created", b"\xff"),
        ("reads", "many"),
        ("state", "bored"),
        ("failure", "[1]"),
        ("inputs", "5"),
        ("name", 7),
    ],
)
def test_others_are_listed_beside_a_record_that_makes_no_sense(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], column: str, value: str | bytes | int
) -> None:
    damaged, other = (make_run(store, state=RunState.COMPLETED).run_id for _ in range(2))
    with closing(sqlite3.connect(path)) as connection, connection:
        # The column takes whatever comes, which that of a text would make a text.
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ' TEXT ', ' BLOB ') WHERE name = 'runs'")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = ? WHERE run_id = ?", (value, damaged))  # noqa: S608 (from above)
    good, bad = store.list_runs()
    assert (good.run_id, good.failure_title) == (other, None)
    assert (bad.run_id, bad.state, bad.failure_title) == (damaged, RunState.FAILED, "The record of this run is damaged")

    store.delete_runs([damaged])  # as the hint says
    assert [row.run_id for row in store.list_runs()] == [other]


@pytest.mark.parametrize("value", ["nonsense", b"\xff", '{"limits": 5}'])
def test_a_profile_that_makes_no_sense_is_mended_by_another(
    store: Store, path: Path, make_run: Callable[..., RunSnapshot], value: str | bytes
) -> None:
    run = make_run(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET judged_by = ?", (value,))
    assert [row.profile for row in store.list_runs()] == [""]
    with pytest.raises(StoreDamagedError):
        store.load(run.run_id)
    store.judge_by({run.run_id: standard()})
    assert store.load(run.run_id).judged_by == standard()
    assert [row.profile for row in store.list_runs()] == ["Standard"]


def test_a_name_that_is_no_text(store: Store, path: Path, make_run: Callable[..., RunSnapshot]) -> None:
    make_run(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE runs SET name = CAST(x'61ff' AS TEXT)")
    assert [row.name for row in store.list_runs()] == ["a\udcff"]


@pytest.mark.parametrize("column", ["owner", "parameters", "name"])
def test_a_run_that_goes_and_has_what_is_no_text_keeps_nobody_out(
    path: Path, make_run: Callable[..., RunSnapshot], column: str
) -> None:
    with Store.open(path) as store:
        make_run(store, state=RunState.RUNNING)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = CAST(x'61ff' AS TEXT)")  # noqa: S608 (from the list above)
    with Store.open(path) as store:
        assert store.mark_lost_runs() == []
        assert make_run(store).run_id == 2


@pytest.mark.parametrize("column", ["owner", "deleted_at", "deleted_by", "state"])
def test_what_is_deleted_is_kept_where_nobody_knows_whose_it_is(
    path: Path, make_run: Callable[..., RunSnapshot], column: str
) -> None:
    with Store.open(path) as store:
        runs = [make_run(store, state=RunState.COMPLETED).run_id for _ in range(2)]
        store.delete_runs(runs)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = 'x' WHERE run_id = 1")  # noqa: S608 (from the list above)
    with Store.open(path) as store:
        assert store.purge() == (1 if column.startswith("deleted") else 2)
        assert make_run(store).run_id == 3


def test_a_list_of_runs_that_is_missing(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection, connection:
        connection.execute("DROP TABLE runs")
    before = filled.read_bytes()
    with pytest.raises(StoreDamagedError, match="has lost its list of runs"):
        Store.open(filled)
    assert filled.read_bytes() == before


@pytest.mark.parametrize("table", ["samples", "results"])
def test_a_table_that_is_missing(store: Store, path: Path, make_run: Callable[..., RunSnapshot], table: str) -> None:
    run = make_run(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"DROP TABLE {table}")
    for use in (lambda: store.load(run.run_id), lambda: store.save(run)):
        with pytest.raises(StoreDamagedError, match=f"no such table: {table}"):
            use()
    assert [row.run_id for row in store.list_runs()] == [run.run_id]
    with pytest.raises(StoreDamagedError):  # what waits is lost, and that is said
        store.close()


@pytest.mark.parametrize("column", ["prepared", "parameters"])
def test_a_column_that_is_missing(store: Store, path: Path, make_run: Callable[..., RunSnapshot], column: str) -> None:
    run = make_run(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"ALTER TABLE runs DROP COLUMN {column}")
    with pytest.raises(StoreDamagedError):
        store.load(run.run_id) if column == "prepared" else store.parameters(run.run_id)
    with pytest.raises(StoreDamagedError, match=f"no column named {column}"):
        make_run(store)
    assert [row.run_id for row in store.list_runs()] == [run.run_id]
