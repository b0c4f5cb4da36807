"""The store: every run's numbers in one SQLite database."""

from __future__ import annotations

import contextlib
import platform
import sqlite3
import weakref
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.errors import LanescopeError
from engine.run.snapshot import RunFailure, RunSnapshot
from engine.run.state import RunState
from engine.store import save
from engine.store.claims import Claim, claims, files_in, refuse_taken
from engine.store.connection import reading
from engine.store.errors import StoreDamagedError, StoreError
from engine.store.kinds import NOT_UNDERSTOOD
from engine.store.listing import RunRow, list_rows
from engine.store.loading import load_parameters, load_run
from engine.store.lost import mark_lost_runs
from engine.store.pipelines import PipelineKeeper
from engine.store.plugin_runs import PluginRun, plugin_rows
from engine.store.size import StoreStatistics, statistics_of
from engine.store.writer import Writer

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.collectors.judged_by import JudgedBy
    from engine.sink.plan import OutputPlan

LOCK_TIMEOUT = 5.0
"""Seconds to wait for a lock of another process before it is an error."""


class Store:
    """Runs in a database that several processes may use at a time. Every method may be called from any thread.

    Methods that write and return something, or nothing at once, wait for the writer: at most some seconds,
    where another process holds a lock. Reading waits for nobody.
    """

    def __init__(self, writer: Writer, *, lock_timeout: float) -> None:
        """Use ``Store.open``."""
        self._writer = writer
        self._lock_timeout = lock_timeout
        # Closes at the end of the program what nobody closed.
        self._finalizer = weakref.finalize(self, writer.close)

    @classmethod
    def open(cls, path: Path, *, max_bytes: int | None = None, lock_timeout: float = LOCK_TIMEOUT) -> Self:
        """Open the database, making or migrating it as needed, and mark runs whose process is no more.

        Args:
            path: the database file.
            max_bytes: refuse to let it grow beyond this; ``None`` leaves that to the disk.
            lock_timeout: seconds to wait for a lock of another process.

        Raises:
            StoreNewerError: a newer Lanescope made it; nothing was changed.
            StoreLockedError: another process keeps it locked.
            StoreFullError: there is no room to make it.
            StoreDamagedError: it is not a database, or not Lanescope's; nothing was changed.
            StoreReadOnlyError: the file or its folder cannot be written.
            StoreError: the disk reports an error.
        """
        writer = Writer(path, lock_timeout=lock_timeout, max_bytes=max_bytes)
        return cls(writer, lock_timeout=lock_timeout)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._writer.path

    @property
    def pipelines(self) -> PipelineKeeper:
        """Where pipelines are kept."""
        return PipelineKeeper(self._writer, lock_timeout=self._lock_timeout)

    @property
    def problem(self) -> LanescopeError | None:
        """Why the last snapshot could not be written, ``None`` after a success."""
        return self._writer.problem

    @property
    def on_problem(self) -> Callable[[LanescopeError], None] | None:
        """Called from the writer's thread when a problem begins; must return soon and not call the store."""
        return self._writer.on_problem

    @on_problem.setter
    def on_problem(self, listener: Callable[[LanescopeError], None] | None) -> None:
        self._writer.on_problem = listener

    def create_run(  # noqa: PLR0913 - what a run is from the start, each by its name
        self,
        *,
        name: str,
        path: Path,
        kind: str,
        bytes_total: int | None,
        workers: int,
        parameters: dict[str, JsonValue],
        versions: dict[str, str],
        inputs: tuple[tuple[Path, ...], ...] = (),
        over: Collection[int] = (),
        failure: RunFailure | None = None,
        judged_by: JudgedBy | None = None,
    ) -> RunSnapshot:
        """Add a run that belongs to this process, and wait until the disk has it.

        Args:
            name: what to call it.
            path: the input.
            kind: how the input is stored; see `RunSnapshot.kind`.
            bytes_total: size of the input file, or ``None`` where it has none.
            workers: number of worker threads.
            parameters: what it was asked to do.
            versions: name of a component to its version.
            inputs: its files where they are more than one; see `RunSnapshot.inputs`.
            over: runs known to have ended whose end may not have been written yet.
            failure: why it could not even be begun; ``None``: it waits for its turn.
            judged_by: the profile to judge it by; ``None``: the usual one.

        Raises:
            OutputTakenError: a run that has not ended, of whatever process, is going to write one of its files.
            StoreError: it could not be written.
        """
        now = datetime.now().astimezone()
        snapshot = RunSnapshot(
            run_id=0,
            name=name,
            path=path,
            kind=kind,
            state=RunState.CREATED if failure is None else RunState.FAILED,
            created=now,
            finished=None if failure is None else now,
            failure=failure,
            bytes_total=bytes_total,
            workers=workers,
            versions=dict(versions),
            host=platform.node(),
            inputs=inputs,
            judged_by=judged_by,
        )
        run_id = self._writer.do(lambda db: save.insert_run(db, snapshot, parameters, over))
        return replace(snapshot, run_id=run_id)

    def save_soon(self, snapshot: RunSnapshot) -> None:
        """Return at once and write ``snapshot`` soon, unless a newer one of its run comes first.

        What cannot be written waits and is tried again; ``problem`` says why.
        """
        self._writer.save_soon(snapshot)

    def save(self, snapshot: RunSnapshot) -> None:
        """Write ``snapshot`` in place of any older one that waits; wait until the disk has it.

        Raises:
            StoreError: it could not be written now; it waits and is tried again.
            RunNotFoundError: there is no such run.
        """
        self._writer.save(snapshot)

    def flush(self, timeout: float | None = None) -> None:
        """Try at once to write everything that waits.

        Args:
            timeout: seconds to wait, or ``None`` to wait until all has been tried.

        Raises:
            StoreError: something could not be written; it is tried again later.
            StoreLockedError: not done after ``timeout`` seconds.
        """
        self._writer.flush(timeout)

    def load(self, run_id: int) -> RunSnapshot:
        """The run as it was last saved.

        Raises:
            RunNotFoundError: there is no such run, or it was deleted.
            StoreDamagedError: its record cannot be understood.
            StoreError: the database cannot be read.
        """
        with self._reading_run(run_id) as connection:
            return load_run(connection, run_id)

    def parameters(self, run_id: int) -> dict[str, JsonValue]:
        """What the run was asked to do.

        Raises:
            RunNotFoundError: there is no such run, or it was deleted.
            StoreError: the database cannot be read.
        """
        with self._reading_run(run_id) as connection:
            return load_parameters(connection, run_id)

    def list_runs(self, search: str = "") -> list[RunRow]:
        """Runs, newest first.

        Args:
            search: words, in any order and case; a run is listed if its name, path, state or
                date (2025-11-21, 21 November 2025) holds every one. Empty: all runs.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._reading("A record in the list of runs") as connection:
            return list_rows(connection, search)

    def refuse_taken(self, plan: OutputPlan) -> None:
        """Refuse outputs that a run which has not ended is going to write; `create_run` does so itself.

        Raises:
            OutputTakenError: which file, and which run has it.
            StoreError: the database cannot be read.
        """
        refuse_taken(files_in(plan), self._claims())

    def claimed(self) -> frozenset[Path]:
        """Files, links followed, that runs are going to write which have not ended, in whatever process.

        Raises:
            StoreError: the database cannot be read.
        """
        return frozenset(claim.path for claim in self._claims())

    def _claims(self) -> list[Claim]:
        with self._reading("A record of a run that goes") as connection:
            return claims(connection)

    def reopen_run(self, run_id: int, over: Collection[int] = ()) -> RunSnapshot:
        """Make a run that was interrupted one of this process, to go on with it.

        Args:
            run_id: the run.
            over: see `create_run`.

        Raises:
            OutputTakenError: a run that has not ended is going to write one of its files.
            RunNotFoundError: there is no such run.
            RunNotLostError: it was not interrupted, or somebody goes on with it already.
            StoreError: the database cannot be written.
        """
        self._writer.do(lambda db: save.reopen_run(db, run_id, over))
        return self.load(run_id)

    def judge_by(self, wanted: Mapping[int, JudgedBy], *, only_undecided: bool = False) -> None:
        """Keep by which profiles runs are judged from now on.

        Args:
            wanted: by the keys of the runs; those that are not there are passed over.
            only_undecided: pass over runs, too, that keep a profile already.

        Raises:
            StoreError: the database cannot be written.
        """
        self._writer.do(lambda db: save.judge_by(db, wanted, only_undecided=only_undecided))

    def plugin_runs(self, plugin: str, most: int = 50) -> list[PluginRun]:
        """The newest runs with a plugin in their pipeline, newest first.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._reading("A record of a pipeline's work") as connection:
            return plugin_rows(connection, plugin, most)

    def delete_runs(self, run_ids: Sequence[int]) -> None:
        """Hide runs, all or none, until ``restore_runs`` or ``purge``.

        Raises:
            RunNotFoundError: one is not there.
            RunStillGoingError: one has not ended.
            StoreError: the database cannot be written.
        """
        self._writer.do(lambda db: save.delete_runs(db, run_ids))

    def restore_runs(self, run_ids: Sequence[int]) -> None:
        """Show deleted runs again, all or none.

        Raises:
            RunNotFoundError: one is gone for good.
            StoreError: the database cannot be written.
        """
        self._writer.do(lambda db: save.restore_runs(db, run_ids))

    def purge(self) -> int:
        """Remove deleted runs for good, save those that another living process deleted and may restore.

        Returns:
            The number of runs removed.

        Raises:
            StoreError: the database cannot be written.
        """
        return self._writer.do(save.purge)

    def mark_lost_runs(self) -> list[int]:
        """Mark runs as interrupted whose process is no more; done at opening, and worth repeating in a long session.

        Returns:
            Their keys.

        Raises:
            StoreError: the database cannot be written.
        """
        return self._writer.do(mark_lost_runs)

    def statistics(self) -> StoreStatistics:
        """How much the store holds.

        Raises:
            StoreError: the database cannot be read.
        """
        with self._reading("The list of runs") as connection:
            return statistics_of(connection, self.path)

    def close(self) -> None:
        """Write what waits and end the writer's thread; within seconds, whatever happens. Closing again does nothing.

        Raises:
            StoreError: the newest snapshot of a run could not be written and is lost. The store is closed all the same.
        """
        self._finalizer.detach()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # An error on its way out tells more than a failed close in its wake.
        with contextlib.suppress(*([StoreError] if error is not None else [])):
            self.close()

    def _reading_run(self, run_id: int) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        return self._reading(f"The record of run {run_id}", hint="Other runs are not affected. Delete this one.")

    @contextlib.contextmanager
    def _reading(self, what: str, *, hint: str | None = None) -> Generator[sqlite3.Connection]:
        with reading(self.path, lock_timeout=self._lock_timeout) as connection:
            try:
                yield connection
            except NOT_UNDERSTOOD as error:
                message = f"{what} in {self.path} cannot be understood."
                raise StoreDamagedError(message, path=self.path, hint=hint) from error
