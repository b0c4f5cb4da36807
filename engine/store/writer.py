"""The one thread of a process that writes to the store."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from engine.store.backlog import Backlog
from engine.store.errors import StoreError, StoreGoneError, StoreLockedError, told_plainly
from engine.store.opening import open_database
from engine.store.samples import SampleWriter
from engine.store.save import save_snapshot

if TYPE_CHECKING:
    from sqlite_utils import Database

T = TypeVar("T")

CLOSING_TIMEOUT = 2.0
"""Seconds that a lock of another process may hold up closing."""

_log = logging.getLogger(__name__)


class Writer:
    """Owns the connection that writes and lives and dies with its thread.

    Two kinds of work reach it: orders, which someone waits for, and snapshots that wait for it, of which
    only the newest of each run is kept. A snapshot that cannot be written waits on and is tried again.

    Attributes:
        path: the database file.
        problem: why the last snapshot could not be written, or ``None``.
        on_problem: called from the thread when a problem begins or becomes another; must not call the writer.
    """

    def __init__(self, path: Path, *, lock_timeout: float, max_bytes: int | None) -> None:
        """Open the database and start the thread.

        Raises:
            StoreError: it cannot be opened.
        """
        self.path = path
        self.problem: LanescopeError | None = None
        self.on_problem: Callable[[LanescopeError], None] | None = None
        self._lock_timeout = lock_timeout
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._orders: deque[tuple[Callable[[Database], Any], Future[Any]]] = deque()
        self._backlog = Backlog()
        self._samples = SampleWriter()
        self._closing = False
        self._unwritten: LanescopeError | None = None
        self._file: os.stat_result | None = None
        opened: Future[None] = Future()
        # A daemon, so that a program which forgot to close the store can end; the store's finalizer closes it then.
        self._thread = threading.Thread(target=self._live, args=(opened,), name="store writer", daemon=True)
        self._thread.start()
        try:
            opened.result()
        except BaseException:
            self.close()
            raise

    def do(self, job: Callable[[Database], T], *, timeout: float | None = None) -> T:
        """Run ``job`` in the thread and wait for it.

        Raises:
            TimeoutError: it has not ended after ``timeout`` seconds; it still will be done.
            StoreError, RuntimeError: from ``job``; the writer is closed.
        """

        def checked(db: Database) -> T:
            self._check_there()
            return job(db)

        with self._changed:
            future = self._order(checked)
        return future.result(timeout)

    def save_soon(self, snapshot: RunSnapshot) -> None:
        """Write ``snapshot`` when there is time, unless a newer one of its run comes first."""
        with self._changed:
            self._refuse_when_closed()
            self._backlog.put(snapshot)
            self._changed.notify()

    def save(self, snapshot: RunSnapshot) -> None:
        """Write ``snapshot`` in place of any that waits, and wait until the disk has it.

        Raises:
            StoreError: it could not be written now; it waits and is tried again.
            RunNotFoundError: there is no such run.
        """
        with self._changed:
            future = self._order(lambda db: self._write(db, snapshot, durable=True))
            self._backlog.supersede(snapshot)
        future.result()

    def flush(self, timeout: float | None) -> None:
        """Try at once to write everything that waits.

        Raises:
            StoreError: something could not be written; it is tried again later.
            StoreLockedError: not done after ``timeout`` seconds.
        """
        try:
            self.do(self._write_all, timeout=timeout)
        except TimeoutError as error:
            raise StoreLockedError(f"{self.path} has not taken the latest numbers yet.", path=self.path) from error

    def close(self) -> None:
        """Write what waits, if it can be written soon, and end the thread. Closing again does nothing.

        Raises:
            StoreError: the newest snapshot of a run could not be written and is lost.
        """
        with self._changed:
            was_closing, self._closing = self._closing, True
            self._changed.notify()
        # The garbage collector may run a finalizer, and so this, in any thread.
        if threading.current_thread() is not self._thread:
            self._thread.join()
        if not was_closing and self._unwritten is not None:
            raise self._unwritten

    def _order(self, job: Callable[[Database], T]) -> Future[T]:
        self._refuse_when_closed()
        future: Future[T] = Future()
        self._orders.append((job, future))
        self._changed.notify()
        return future

    def _refuse_when_closed(self) -> None:
        if self._closing or not self._thread.is_alive():
            raise RuntimeError("the store is closed")

    def _live(self, opened: Future[None]) -> None:
        try:
            db = open_database(self.path, lock_timeout=self._lock_timeout, max_bytes=self._max_bytes)
        except BaseException as error:
            opened.set_exception(error)
            return
        with contextlib.suppress(OSError):  # gone already, which the next writing finds out
            self._file = self.path.stat()
        opened.set_result(None)
        try:
            self._work(db)
            self._finish(db)
        finally:
            db.close()
            self._refuse_orders()

    def _work(self, db: Database) -> None:
        while (task := self._next_task()) is not None:
            task(db)

    def _next_task(self) -> Callable[[Database], None] | None:
        """Wait for something to do; ``None``: close."""
        with self._changed:
            while True:
                if self._orders:
                    return partial(self._obey, *self._orders.popleft())
                if self._closing:
                    return None
                time_left = self._backlog.time_left
                if time_left == 0:
                    return partial(self._write_quietly, self._backlog.run_ids[0])
                self._changed.wait(time_left)

    def _obey(self, job: Callable[[Database], T], future: Future[T], db: Database) -> None:
        try:
            with told_plainly(self.path):
                result = job(db)
        except BaseException as error:
            future.set_exception(error)
            return
        future.set_result(result)
        with self._changed:
            # What failed may succeed now: a run was removed, say, and left its room.
            self._backlog.resume()

    def _write_all(self, db: Database) -> None:
        failure: LanescopeError | None = None
        with self._changed:
            run_ids = self._backlog.run_ids
        for run_id in run_ids:
            try:
                self._write_one(run_id, db)
            except StoreLockedError:
                raise  # the next would wait just as long
            except LanescopeError as error:
                failure = failure or error
        if failure is not None:
            raise failure

    def _write_quietly(self, run_id: int, db: Database) -> None:
        with contextlib.suppress(LanescopeError):  # noted as the problem
            self._write_one(run_id, db)

    def _write_one(self, run_id: int, db: Database) -> None:
        with self._changed:
            snapshot = self._backlog.take(run_id)
        if snapshot is None:  # save() has taken it out in favour of a newer one
            return
        try:
            self._write(db, snapshot, durable=False)
        except LanescopeError:
            raise
        except Exception as defect:
            _log.exception("run %d could not be saved", run_id)
            failure = StoreError(f"The numbers of {snapshot.name} could not be kept: {defect}", path=self.path)
            self._note(failure)
            raise failure from defect

    def _write(self, db: Database, snapshot: RunSnapshot, *, durable: bool) -> None:
        try:
            self._check_there()
            with told_plainly(self.path):
                save_snapshot(db, snapshot, self._samples, durable=durable)
        except StoreError as error:
            with self._changed:
                self._backlog.put_back(snapshot)
            self._note(error)
            raise
        except Exception as error:
            with self._changed:
                self._backlog.settle(snapshot)
            if isinstance(error, LanescopeError):
                self._note(error)
            raise
        self.problem = None
        with self._changed:
            self._backlog.settle(snapshot)
            self._backlog.resume()

    def _check_there(self) -> None:
        """Raises a `StoreGoneError` where the file is not the one that is open: SQLite writes to that all the same."""
        try:
            is_there = self._file is not None and os.path.samestat(self._file, self.path.stat())
        except OSError:
            is_there = False
        if not is_there:
            message = f"{self.path} was removed, moved or replaced while Lanescope was using it."
            raise StoreGoneError(message, path=self.path)

    def _note(self, problem: LanescopeError) -> None:
        is_new = type(self.problem) is not type(problem)
        self.problem = problem
        if is_new and self.on_problem is not None:
            try:
                self.on_problem(problem)
            except Exception:
                _log.exception("a listener for problems of the store failed")

    def _finish(self, db: Database) -> None:
        db.conn.execute(f"PRAGMA busy_timeout = {round(1000 * min(CLOSING_TIMEOUT, self._lock_timeout))}")
        try:
            self._write_all(db)
        except LanescopeError as error:
            self._unwritten = error
        # Readers of other processes can prevent it. Nothing is lost then: the log stays beside the database.
        with contextlib.suppress(StoreError), told_plainly(self.path):
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _refuse_orders(self) -> None:
        with self._changed:
            self._closing = True
            orders, self._orders = self._orders, deque()
        for _, future in orders:
            future.set_exception(RuntimeError("the store was closed"))
