from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from engine.checkpoint.beside import checkpoints_beside
from engine.checkpoint.folder import CheckpointFolder
from engine.errors import CheckpointError, LanescopeError
from engine.parse.lanes import LaneStart
from engine.parse.place import ReaderPlace
from engine.run.reading_place import ReadingPlace
from engine.run.state import RunState
from engine.store.errors import RunNotLostError
from engine.store.store import Store
from gui.models.session import Session

Result = TypeVar("Result")


class Bench:
    """A session on a real store, without a window."""

    def __init__(self, qtbot: QtBot, loop: asyncio.AbstractEventLoop, session: Session, store: Store) -> None:
        self._qtbot = qtbot
        self._loop = loop
        self.session = session
        self.store = store
        self.failures: list[LanescopeError] = []
        session.tasks.failed.connect(self.failures.append)

    def add(self, name: str, state: RunState, *, reads: int | None = None) -> int:
        """A run in the store, with a checkpoint of so many reads."""
        created = self.store.create_run(
            name=name, path=Path("/data") / name, kind="plain", bytes_total=9, workers=1, parameters={}, versions={}
        )
        self.store.save(replace(created, state=state, started=None if reads is None else created.created))
        if reads is not None:
            folder = CheckpointFolder(checkpoints_beside(self.store.path) / str(created.run_id))
            place = ReadingPlace(lane=0, reader=ReaderPlace(()), mine=LaneStart(), mates=LaneStart(), stored=0)
            folder.write({"progress": [reads, 100 * reads, 1], "inputs": [], "place": place.state()})
        return created.run_id

    def do(self, work: Coroutine[object, object, Result]) -> Result:
        """The result of ``work``."""
        task = self._loop.create_task(work)
        self._qtbot.waitUntil(task.done, timeout=30_000)
        return task.result()


@pytest.fixture
def bench(qtbot: QtBot, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Generator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        session = Session(executor, workers=1)
        bench = Bench(qtbot, loop, session, Store.open(tmp_path / "runs.sqlite"))
        session.attach(bench.store)
        yield bench
        bench.do(session.close())


def test_interrupted_runs_with_a_checkpoint_are_offered_oldest_first(bench: Bench) -> None:
    first = bench.add("a.fastq", RunState.INTERRUPTED, reads=4_000)
    bench.add("b.fastq", RunState.INTERRUPTED)
    bench.add("c.fastq", RunState.CANCELLED, reads=7)
    second = bench.add("d.fastq", RunState.INTERRUPTED, reads=5)
    continuing = bench.session.continuing
    assert (continuing.offered, continuing.words) == ((), "")

    bench.do(bench.session.list_runs())

    assert continuing.offered == (first, second)
    assert continuing.words == "2 interrupted runs can go on from where they were."
    assert continuing.among([4, 3, 2, 1, 99]) == [second, first]
    assert [bench.do(continuing.safe_reads(run_id)) for run_id in (1, 2, 3, 4)] == [4_000, None, None, 5]


def test_an_answer_is_asked_for_once(bench: Bench) -> None:
    run_id = bench.add("<b>a</b>.fastq", RunState.INTERRUPTED, reads=1)
    continuing = bench.session.continuing
    bench.do(bench.session.list_runs())
    assert continuing.words == "<b>a</b>.fastq was interrupted, and can go on from where it was."

    assert continuing.answer() == (run_id,)
    assert continuing.words == ""
    bench.do(bench.session.list_runs())

    assert continuing.offered == ()
    assert continuing.can(run_id)


def test_what_is_deleted_is_not_offered_until_it_is_back(bench: Bench) -> None:
    run_id = bench.add("a.fastq", RunState.INTERRUPTED, reads=1)
    continuing = bench.session.continuing
    bench.do(bench.session.list_runs())

    bench.do(bench.session.delete([run_id]))
    assert not continuing.words
    bench.do(bench.session.undo_delete())
    assert continuing.offered == (run_id,)


def test_why_a_run_cannot_go_on_is_told_in_plain_words(bench: Bench) -> None:
    other_files = bench.add("a.fastq", RunState.INTERRUPTED, reads=1)
    elsewhere = bench.add("b.fastq", RunState.INTERRUPTED, reads=1)
    bench.do(bench.session.list_runs())
    # Somebody else has gone on with it meanwhile, to its end.
    bench.store.save(replace(bench.store.load(elsewhere), state=RunState.COMPLETED))
    folder = checkpoints_beside(bench.store.path) / str(elsewhere)

    bench.do(bench.session.entering.continue_runs([other_files]))
    CheckpointFolder(folder).prune()
    bench.do(bench.session.entering.continue_runs([elsewhere]))

    assert [type(failure) for failure in bench.failures] == [CheckpointError, RunNotLostError]
    assert str(bench.failures[0]) == "The checkpoint is of other files."
    assert str(bench.failures[1]) == f"Run {elsewhere}, b.fastq, was not interrupted, or goes on already."
    assert all(failure.title and failure.hint for failure in bench.failures)
    assert not bench.session.is_busy


def test_what_is_safe_is_told_and_removed_unless_somebody_works_on_it(bench: Bench) -> None:
    run_id = bench.add("a.fastq", RunState.INTERRUPTED, reads=4_000)
    bench.do(bench.session.list_runs())
    continuing, run = bench.session.continuing, bench.store.load(run_id)
    page = bench.do(continuing.safe(run))
    assert page is not None
    assert page.note == "4,000 reads, 0.00 s of work"
    folder = CheckpointFolder(checkpoints_beside(bench.store.path) / str(run_id))
    assert folder.lock.take()
    assert bench.do(continuing.prune(run_id)) is None
    assert bench.do(continuing.safe(run)) == page
    folder.lock.release()
    pruned: list[int] = []
    continuing.pruned.connect(pruned.append)
    assert bench.do(continuing.prune(run_id))
    assert pruned == [run_id]
    assert bench.do(continuing.safe(run)) is None
    assert not continuing.can(run_id)


def test_checkpoints_that_are_damaged_have_nothing_to_tell(bench: Bench) -> None:
    run_id = bench.add("a.fastq", RunState.INTERRUPTED, reads=4_000)
    bench.do(bench.session.list_runs())
    [file] = (checkpoints_beside(bench.store.path) / str(run_id)).glob("*.lsc")
    file.write_bytes(file.read_bytes()[:-1])
    assert bench.do(bench.session.continuing.safe(bench.store.load(run_id))) is None
