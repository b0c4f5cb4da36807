"""Files waiting for their run, one after another."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checkpoint.beside import checkpoints_of
from engine.run.entry import enter
from engine.run.failure import describe
from engine.run.following import Following
from engine.run.leaving import UNBEGUN
from engine.run.pipelines import RunPipelines
from engine.run.run import Run
from engine.run.settings import Recovery, RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunEvent, RunState, next_state
from engine.run.warmup import WarmUpUnwanted, warm_up
from engine.run.work import Work
from engine.run.work_left import work_left
from engine.source.follow import check_growing
from engine.source.naming import Dataset
from engine.source.pipe import STANDARD_INPUT
from engine.store.store import Store

if TYPE_CHECKING:
    from engine.collectors.judged_by import JudgedBy
    from engine.pipeline.definition import PipelineDefinition
    from engine.sink.plan import OutputPlan

_log = logging.getLogger(__name__)
_SAVE_INTERVAL = 2.0
"""Seconds between two times that a run which goes is saved."""

_PATIENCE = 0.5
"""Seconds of a wait, between which Ctrl+C gets through."""


class RunQueue:
    """Runs files one after another in a thread of its own, and keeps each in the store.

    One after another, because one run uses every core. All methods may be called from any thread.

    Args:
        store: where runs are kept; stays open when the queue closes.
        workers: threads that compute; default: the cores this process may use.
        settings: how to carry runs out; `workers` goes before what it says.
        on_change: called with no argument whenever a snapshot has changed, about ten times a
            second, by a thread of the engine.
        prepared: seconds that kernels took before there was a queue; told of with its first run.
    """

    def __init__(
        self,
        store: Store,
        *,
        workers: int | None = None,
        settings: RunSettings | None = None,
        on_change: Callable[[], None] | None = None,
        prepared: float = 0.0,
    ) -> None:
        settings = settings or RunSettings()
        self._settings = settings if workers is None else settings.model_copy(update={"workers": workers})
        self._store = store
        self._pipelines = RunPipelines(store)
        self._on_change = on_change or (lambda: None)
        self._changed = threading.Condition()
        self._snapshots: dict[int, RunSnapshot] = {}
        self._waiting: deque[int] = deque()
        self._work_of: dict[int, Work] = {}
        self._finish_early: set[int] = set()
        self._current: Run | None = None
        self._closing: RunEvent | None = None
        self._saved_at = 0.0
        self._prepared = prepared
        self._thread: threading.Thread | None = None

    def submit(
        self, path: Path, *, pipeline: PipelineDefinition | None = None, output: OutputPlan | None = None
    ) -> RunSnapshot:
        """Queues a file.

        Args:
            path: what to read.
            pipeline: what its reads go through. Pipelines and plugins that it names are looked up when the run begins;
                if one cannot be used then, the run fails.
            output: where the reads go to.

        Raises:
            InputError: it is not worth starting on; see `check`.
            OutputTakenError: a run that has not ended, of whatever process, is going to write one of its files.
            StoreError: the run could not be entered in the database.
        """
        name = "standard input" if path == STANDARD_INPUT else path.name
        return self._submit(name, ((path,),), Work(pipeline, output))

    def submit_dataset(
        self,
        dataset: Dataset,
        *,
        interleaved: bool = False,
        pipeline: PipelineDefinition | None = None,
        output: OutputPlan | None = None,
        judged_by: JudgedBy | None = None,
    ) -> RunSnapshot:
        """Queues the files of a sample as one run: lanes one after another, mates side by side.

        Args:
            dataset: what to read.
            interleaved: mates take turns in its files, which then hold both.
            pipeline: see `submit`.
            output: see `submit`.
            judged_by: the profile to judge it by; ``None``: the usual one.

        Raises:
            InputError: a file is not worth starting on; see `check`.
            OutputTakenError: see `submit`.
            StoreError: the run could not be entered in the database.
        """
        files = tuple(zip(*dataset.files, strict=True))
        work = Work(pipeline, output, judged_by=judged_by)
        return self._submit(dataset.name, files * 2 if interleaved else files, work)

    def submit_following(
        self,
        path: Path,
        *,
        following: Following | None = None,
        pipeline: PipelineDefinition | None = None,
        output: OutputPlan | None = None,
        judged_by: JudgedBy | None = None,
    ) -> RunSnapshot:
        """Queues a file that grows, or a folder that fills, to be read as it does until it is silent; see `finish`.

        Args:
            path: the file or folder; it has to be there, and may be empty.
            following: how long to wait.
            pipeline: see `submit`.
            output: see `submit`.
            judged_by: the profile to judge it by; ``None``: the usual one.

        Raises:
            InputError: there is no such file or folder, or it is a pipe.
            OutputTakenError: see `submit`.
            StoreError: the run could not be entered in the database.
        """
        check_growing(path)
        work = Work(pipeline, output, following or Following(), judged_by=judged_by)
        return self._submit(path.name or str(path), ((path,),), work)

    def _submit(self, name: str, files: tuple[tuple[Path, ...], ...], work: Work) -> RunSnapshot:
        created = enter(self._store, self._settings, name, files, work, self._over())
        self._enqueue(created, work)
        return created

    def continue_run(self, run_id: int, recovery: Recovery | None = None) -> RunSnapshot:
        """Queues a run that was interrupted, to go on from its last checkpoint, or to begin, anew or at last.

        Args:
            run_id: the run.
            recovery: see `RunSettings`; ``None``: as was said when it was begun.

        Raises:
            CheckpointError: it has none that is whole, or its input, pipeline, plugins or output have changed since.
            RunNotFoundError: there is no such run.
            RunNotLostError: it was not interrupted, or somebody goes on with it already.
            OutputTakenError: see `submit`.
            StoreError: the database cannot be read or written.
        """
        work = work_left(self._store, self._pipelines, run_id, recovery)
        self._enqueue(reopened := self._store.reopen_run(run_id, self._over()), work)
        return reopened

    def _over(self) -> frozenset[int]:
        """Runs of this session that have ended, which the store may not have heard of yet."""
        with self._changed:
            return frozenset(run_id for run_id, run in self._snapshots.items() if run.state.is_final)

    def _enqueue(self, run: RunSnapshot, work: Work) -> None:
        with self._changed:
            self._snapshots[run.run_id] = run
            self._work_of[run.run_id] = work
            self._waiting.append(run.run_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lanescope runs")
                self._thread.start()
            self._changed.notify_all()
        self._tell()

    def snapshots(self) -> tuple[RunSnapshot, ...]:
        """The newest snapshot of each run of this session, in order of submission."""
        with self._changed:
            return tuple(self._snapshots.values())

    def snapshot(self, run_id: int) -> RunSnapshot | None:
        """The newest snapshot of a run, ``None`` if it is not one of this session."""
        with self._changed:
            return self._snapshots.get(run_id)

    @property
    def busy(self) -> bool:
        """Whether a run is going or waiting."""
        with self._changed:
            return self._is_busy()

    def renew(self, settings: RunSettings) -> bool:
        """Carries runs out so from now on; false where nothing changes, since one goes or waits."""
        with self._changed:
            if self._is_busy():
                return False
            self._settings = settings
            return True

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until nothing goes or waits; false if that takes longer than `timeout` seconds."""
        with self._changed:
            if timeout is not None:
                return self._changed.wait_for(lambda: not self._is_busy(), timeout)
            while not self._changed.wait_for(lambda: not self._is_busy(), _PATIENCE):
                pass  # On Windows Ctrl+C waits for the end of a wait.
            return True

    def pause(self, run_id: int) -> None:
        """Holds a run; harmless where that is impossible, as are `resume` and `cancel`."""
        if run := self._going(run_id):
            run.pause()

    def resume(self, run_id: int) -> None:
        """Lets a paused run go on."""
        if run := self._going(run_id):
            run.resume()

    def freeze_tuning(self, run_id: int, *, frozen: bool) -> None:
        """Holds what tuning moves in a run that goes, or lets it be moved again."""
        if run := self._going(run_id):
            run.freeze_tuning(frozen=frozen)

    def finish(self, run_id: int) -> None:
        """Lets a run that follows its input end with what has come; it is completed then."""
        with self._changed:
            run = self._going(run_id)
            if run_id in self._waiting:
                self._finish_early.add(run_id)
        if run is not None:
            run.finish()

    def cancel(self, run_id: int) -> None:
        """Ends a run, or takes it out of the queue."""
        self._end(run_id, RunEvent.CANCEL)

    def close(self) -> None:
        """Cancels what goes and what waits, and returns when all has ended and is handed to the store."""
        self._shut(RunEvent.CANCEL)

    def leave(self) -> None:
        """Likewise, but all is interrupted, after a last checkpoint of what goes: another process may go on with it."""
        self._shut(RunEvent.LOSE)

    def _shut(self, event: RunEvent) -> None:
        with self._changed:
            self._closing = event
            left = list(self._waiting)
            self._changed.notify_all()
        for run_id in left:
            self._end(run_id, event)
        if run := self._current:
            _end_going(run, event)
        if self._thread is not None:
            self._thread.join()

    def _end(self, run_id: int, event: RunEvent) -> None:
        with self._changed:
            run = self._going(run_id)
            if is_waiting := run_id in self._waiting:
                self._waiting.remove(run_id)
                self._work_of.pop(run_id, None)
                self._changed.notify_all()
            waiting = self._snapshots.get(run_id)
        if run is not None:
            _end_going(run, event)
        elif is_waiting and waiting is not None:
            is_left = event is RunEvent.LOSE
            ended = datetime.now().astimezone()
            state, failure = next_state(waiting.state, event), UNBEGUN if is_left else None
            self._take(replace(waiting, state=state, finished=ended, failure=failure))
            if not is_left:
                checkpoints_of(self._store.path, run_id).prune()

    def _is_busy(self) -> bool:
        return bool(self._waiting) or self._current is not None

    def _going(self, run_id: int) -> Run | None:
        run = self._current
        return run if run is not None and run.snapshot.run_id == run_id else None

    def _work(self) -> None:
        """The life of the thread."""
        self._prepare()
        while (run := self._next()) is not None:
            try:
                run.execute()
            except Exception as error:
                _log.exception("run %d could not be carried out", run.snapshot.run_id)
                self._take(replace(run.snapshot, state=RunState.FAILED, failure=describe(error)))
            self._pipelines.count(run)
            with self._changed:
                self._current = None
                self._changed.notify_all()
            self._tell()

    def _prepare(self) -> None:
        """Has kernels ready, which the first run waits for."""
        began = time.perf_counter()
        try:
            warm_up(is_wanted=lambda: not self._closing)
        except WarmUpUnwanted:
            return
        except Exception:
            # Each run that needs what could not be prepared fails by itself, and says why.
            _log.exception("kernels could not be prepared")
        self._prepared += time.perf_counter() - began

    def _next(self) -> Run | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._closing and not self._waiting:
                return None
            run_id = self._waiting.popleft()
            work = self._work_of.pop(run_id)
            run = Run(
                self._snapshots[run_id],
                work.settings(self._settings),
                self._take,
                pipeline=self._pipelines.of(work, self._is_current_wanted),
                output=work.output,
                following=work.following,
                checkpoints=checkpoints_of(self._store.path, run_id),
                beginning=work.beginning,
                prepared=self._prepared,
            )
            self._prepared = 0.0
            self._current = run
            if run_id in self._finish_early:
                run.finish()
            if self._closing is not None:
                _end_going(run, self._closing)
            return run

    def _is_current_wanted(self) -> bool:
        run = self._current
        return run is None or not run.is_being_cancelled

    def _take(self, snapshot: RunSnapshot) -> None:
        """Makes a snapshot the newest of its run, and sees to it that it is kept."""
        with self._changed:
            before = self._snapshots[snapshot.run_id]
            self._snapshots[snapshot.run_id] = snapshot
        now = time.monotonic()
        if snapshot.state is not before.state or now - self._saved_at >= _SAVE_INTERVAL:
            self._saved_at = now
            self._store.save_soon(snapshot)
        self._tell()

    def _tell(self) -> None:
        """A listener that fails, as one that draws on a terminal that is gone, must not take the runs with it."""
        try:
            self._on_change()
        except Exception:
            _log.exception("who listens to the runs failed, and hears no more of them")
            self._on_change = lambda: None


def _end_going(run: Run, event: RunEvent) -> None:
    if event is RunEvent.LOSE:
        run.leave()
    else:
        run.cancel()
