"""Files that runs are going to write: no second run may, of whatever process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.sink.errors import OutputTakenError
from engine.sink.plan import OutputPlan
from engine.store.owner import Owner
from engine.store.rows import time_value
from engine.store.store import Store

Child = Callable[..., Any]
MakeRun = Callable[..., RunSnapshot]

CLAIM = """
import sys
from pathlib import Path
import sqlite_utils
from engine.sink.errors import OutputTakenError
from engine.store.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        run = store.create_run(name="other", path=Path("x"), kind="plain", bytes_total=1, workers=1,
                               parameters={"output": {"first": sys.argv[2]}}, versions={})
        print("entered", flush=True)
    except OutputTakenError as error:
        print("refused", error.run_id, flush=True)
    sys.stdin.readline()
"""


def create(store: Store, *paths: Path | str, over: tuple[int, ...] = (), **output: object) -> RunSnapshot:
    names = dict(zip(("first", "second", "singletons"), map(str, paths), strict=False))
    return store.create_run(
        name="trimmed.fastq", path=Path("/data/x"), kind="", bytes_total=1, workers=1,
        parameters={"output": {**names, **output}}, versions={}, over=over,  # type: ignore[dict-item] # JSON, all of it
    )  # fmt: skip


def test_no_two_runs_may_write_one_file(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.fastq"
    first = create(store, out, tmp_path / "out2.fastq")
    (tmp_path / "link").symlink_to(tmp_path)
    for paths in (
        (out,),
        (tmp_path / "new.fastq", out),
        (f"{tmp_path}/link/out2.fastq",),
        (tmp_path / "." / out.name,),
    ):
        with pytest.raises(
            OutputTakenError, match=r"is to be written by run 1 \(trimmed.fastq\), which has not"
        ) as told:
            create(store, *paths)
        assert told.value.run_id == first.run_id
        with pytest.raises(OutputTakenError):
            store.refuse_taken(OutputPlan(Path(paths[0]), Path(paths[1]) if len(paths) > 1 else None))
    assert store.claimed() == {out, tmp_path / "out2.fastq"}
    assert len(store.list_runs()) == 1
    store.save(replace(first, state=RunState.COMPLETED))
    store.refuse_taken(OutputPlan(out))
    assert create(store, out).run_id == 2


def test_files_of_samples_and_parts_are_known_and_pipes_are_free(store: Store, tmp_path: Path) -> None:
    create(store, tmp_path / "{sample}.fq", samples=["liver"])
    create(store, tmp_path / "parts.fq", split_reads=10)
    for name in ("liver.fq", "unknown.fq", "parts.0001.fq", "{sample}.fq", "parts.fq"):
        with pytest.raises(OutputTakenError):
            create(store, tmp_path / name)
    create(store, tmp_path / "kidney.fq")
    for _ in range(2):
        create(store, "/dev/null")


@pytest.mark.parametrize(("name", "other"), [("out.fastq", "OUT.fastq"), ("\u00e9.fq", "e\u0301.fq"), ("a.fq", "b.fq")])
def test_names_that_are_one_file_where_the_folder_is_are_taken(
    store: Store, tmp_path: Path, name: str, other: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    probe = tmp_path / name
    probe.touch()
    is_one = (tmp_path / other).exists()
    create(store, out / name)
    if is_one:
        with pytest.raises(OutputTakenError):
            create(store, out / other)
    else:
        create(store, out / other)
    create(store, tmp_path / "elsewhere" / other)
    assert list(out.iterdir()) == []


def test_whoever_knows_better_may_say_that_a_run_is_over(store: Store, tmp_path: Path) -> None:
    first = create(store, tmp_path / "out.fastq")
    create(store, tmp_path / "out.fastq", over=(first.run_id,))


def test_a_run_that_is_gone_on_with_has_to_find_its_output_free(store: Store, path: Path, tmp_path: Path) -> None:
    lost = create(store, tmp_path / "out.fastq")
    store.save(replace(lost, state=RunState.INTERRUPTED))
    other = create(store, tmp_path / "out.fastq")
    with pytest.raises(OutputTakenError):
        store.reopen_run(lost.run_id)
    assert store.load(lost.run_id).state is RunState.INTERRUPTED
    assert store.reopen_run(lost.run_id, (other.run_id,)).state is RunState.CREATED


def test_what_cannot_be_understood_keeps_nobody_from_writing(
    store: Store, path: Path, tmp_path: Path, make_run: MakeRun
) -> None:
    ids = [make_run(store).run_id for _ in range(4)]
    odd = (
        "no JSON",
        '{"output": {"first": "/x", "packing": "tar"}}',
        '{"output": {"first": "/x", "samples": ["/"]}}',
        "[]",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executemany("UPDATE runs SET parameters = ? WHERE run_id = ?", list(zip(odd, ids, strict=True)))
    assert store.claimed() == frozenset()
    create(store, tmp_path / "out.fastq")


def test_what_a_machine_claims_that_is_not_heard_of_any_more_is_free(path: Path, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.fastq"
    first, second = create(store, out), create(store, tmp_path / "waits.fastq")
    elsewhere = replace(Owner.this_process(), host="another-machine").to_json()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET owner = ?", (elsewhere,))
        for age, files in ((0, {out, tmp_path / "waits.fastq"}), (-0.5, {out, tmp_path / "waits.fastq"}), (2, set())):
            saved = time_value(datetime.now(UTC) - timedelta(hours=age))
            connection.execute("UPDATE runs SET saved = ? WHERE run_id = ?", (saved, first.run_id))
            # Of a run that waits, that of the one before it tells that the process is there.
            connection.execute("UPDATE runs SET saved = '2020-01-01T00:00:00+00:00' WHERE run_id = ?", (second.run_id,))
            assert store.claimed() == files, age


def test_of_two_processes_one_is_refused_and_one_that_was_killed_has_nothing(
    path: Path, tmp_path: Path, child: Child, store: Store
) -> None:
    out = tmp_path / "out.fastq"
    processes = [child(CLAIM, path, out) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = {process.stdout.readline(): process for process in processes}
    assert sorted(told) == ["entered\n", "refused 1\n"]
    with pytest.raises(OutputTakenError):
        create(store, out)
    told["entered\n"].kill()
    told["entered\n"].wait()
    create(store, out)
