"""One run: a file, and what becomes of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import psutil

from engine.checkpoint.folder import CheckpointFolder
from engine.collectors.results import QcResults
from engine.errors import LanescopeError, shortage_of
from engine.run.beginning import Beginning
from engine.run.checkpointing import Checkpointer, take_lock
from engine.run.clock import RunClock
from engine.run.crew import AllCounted, Crew
from engine.run.failure import describe
from engine.run.following import Following
from engine.run.input_kernels import input_modules
from engine.run.leaving import Leaving
from engine.run.loads import sample_of, skipped_of, with_loads
from engine.run.outputs import ReadsIn, expected_bytes, note_end, note_outputs
from engine.run.processing import Processing
from engine.run.reading import Reading
from engine.run.refreshing import Refreshing
from engine.run.samples import SampleSeries
from engine.run.settings import RunSettings
from engine.run.snapshot import RunFailure, RunSnapshot
from engine.run.staff import staff_of
from engine.run.state import RunEvent, RunState, can, next_state
from engine.run.tuning import Tuner, may_resize
from engine.run.warmup import warm_up_modules
from engine.sink.plan import OutputPlan

if TYPE_CHECKING:
    from engine.pipeline.plan import ResolvedPipeline
    from engine.pipeline.steps.statistics import StepStatistics

_log = logging.getLogger(__name__)

_INTERVAL = 0.1
"""Seconds between two looks at the threads, and so between two snapshots."""


class Run:
    """Reads one file from start to end.

    `execute` is called once, by any thread, and returns when the run has ended. `pause`, `resume` and `cancel` may be
    called by any other thread at any time; they act at the next batch boundary, some milliseconds away, or do nothing.

    Args:
        created: the run as the store made it.
        settings: how to carry it out.
        on_change: called with a new snapshot about ten times a second and at every change of
            state, by the thread that executes.
        pipeline: gives what reads go through, when the run begins; its errors fail the run.
        following: how to follow an input that grows; `finish` ends that.
        output: where they go to. The files get their names when all has gone well, and are removed otherwise.
        checkpoints: where checkpoints are kept while the run goes; ``None``: nowhere.
        beginning: where to go on, for a run that was lost.
        prepared: seconds that it had to wait for kernels.

    Attributes:
        steps: what the stages of its pipeline have done, once it has ended; ``None`` without a pipeline.
    """

    def __init__(
        self,
        created: RunSnapshot,
        settings: RunSettings,
        on_change: Callable[[RunSnapshot], None] | None = None,
        *,
        pipeline: Callable[[], ResolvedPipeline] | None = None,
        output: OutputPlan | None = None,
        following: Following | None = None,
        checkpoints: CheckpointFolder | None = None,
        beginning: Beginning | None = None,
        prepared: float = 0.0,
    ) -> None:
        self._latest = created
        self._following = following
        self._finish_wanted = False
        self._state = created.state
        self._pipeline = pipeline
        self._output = output
        self._checkpoints = checkpoints
        self._beginning = beginning or Beginning()
        self._settings = settings = self._beginning.settings(settings)
        self._tuner: Tuner | None = None
        self._may_resize = False
        self._is_frozen = False
        self._checkpointer: Checkpointer | None = None
        if checkpoints is not None and settings.takes_checkpoints:
            self._checkpointer = Checkpointer(checkpoints, settings, self._beginning)
        self._is_finishing = False
        self._leaving = Leaving(self._checkpointer, checkpoints)
        self._on_change = on_change or (lambda _snapshot: None)
        self._guard = threading.RLock()
        self._wake = threading.Event()
        self._clock = RunClock(self._beginning.elapsed, prepared)
        self._crew: Crew | None = None
        self._reading: Reading | None = None
        before = [sample for sample in created.samples if beginning and sample.time <= beginning.elapsed]
        self._samples = SampleSeries(before)
        self._process = psutil.Process()
        self._results = QcResults()
        self._refreshing = Refreshing()
        self._warnings: tuple[str, ...] = ()
        self.steps: StepStatistics | None = None

    @property
    def snapshot(self) -> RunSnapshot:
        """The newest snapshot."""
        return self._latest

    @property
    def is_being_cancelled(self) -> bool:
        """Whether it has been cancelled and has not ended yet."""
        return self._state is RunState.CANCELLING

    def pause(self) -> None:
        """Holds the run; its threads finish the batch in hand."""
        self._apply(RunEvent.PAUSE)

    def resume(self) -> None:
        """Lets a paused run go on."""
        self._apply(RunEvent.RESUME)

    def cancel(self) -> None:
        """Ends the run; what has been counted stays."""
        self._apply(RunEvent.CANCEL)

    def leave(self) -> None:
        """Ends the run at the next checkpoint, which is taken at once, or the last one: another process may go on then.

        It is interrupted then, whether it has a checkpoint or not; one that has not begun is so at once.
        """
        with self._guard:
            self._leaving.begin()
            if self._state is RunState.CREATED:
                self._apply(RunEvent.LOSE)
            elif self._crew is None:
                self._apply(RunEvent.CANCEL)
        self._wake.set()

    def freeze_tuning(self, *, frozen: bool) -> None:
        """Holds what tuning moves where it is best so far, or lets it be moved again; see `Tuner`."""
        with self._guard:
            self._is_frozen = frozen
            tuner = self._tuner
        if tuner is not None:
            tuner.freeze(frozen=frozen)

    def finish(self) -> None:
        """Ends following: what has come until now is all; harmless for a run whose input does not grow."""
        with self._guard:
            self._finish_wanted = True
            reading = self._reading
        if reading is not None:
            reading.finish()
        self.resume()

    def execute(self) -> RunSnapshot:
        """Carries the run out.

        Returns:
            The last snapshot, in a final state; trouble with the input is in its ``failure``.
        """
        if not self._apply(RunEvent.START):  # cancelled while it waited
            return self._publish(finished=datetime.now().astimezone(), failure=self._leaving.failure_of_unbegun)
        self._latest = replace(self._latest, started=datetime.now().astimezone())
        try:
            if self._checkpoints is not None:
                take_lock(self._checkpoints)
                if self._beginning.state is None:
                    self._checkpoints.begin_anew()
            beginning = self._beginning
            # Counted as FastQC counts; whoever goes on with the reads wants each of them once.
            repeats = self._pipeline is None and self._output is None
            how = {"skips": self._settings.recovery == "skip", "repeats": repeats}
            reading = Reading.of(self._latest, self._following, beginning.place, beginning.seen, **how)
            if self._checkpointer is not None:
                self._checkpointer.look_at(self._latest, is_followed=self._following is not None)
            with self._guard:
                self._reading = reading
                is_finished = self._finish_wanted
                self._act(self._state)
            if is_finished:
                reading.finish()
            try:
                reading.open()
            except LanescopeError as trouble:
                reading.close()
                if beginning.number and not self.is_being_cancelled:
                    return self._stay_interrupted(describe(trouble))
                raise
            self._latest = replace(
                self._latest, kind=reading.kind, bytes_total=reading.size, workers=self._settings.workers
            )
            self._clock.prepare()
            try:
                error = self._carry_out(reading)
            finally:
                reading.close()
        except Exception as trouble:
            error = trouble
        return self._end(error)

    def _carry_out(self, reading: Reading) -> Exception | None:
        """Reads, counts, processes and writes; gives what went wrong with the input or in a worker."""
        # Compiled by the first batch, they would hold everything up, and pass for work.
        modules = input_modules(reading.kind, self._settings.backpressure)
        warm_up_modules(modules, is_wanted=lambda: not self.is_being_cancelled)
        staff = staff_of(self._settings.device, reading.size, is_compressed=reading.kind != "plain")
        processing = self._processing(reading, self._settings.workers + len(staff.devices))
        self._latest = replace(self._latest, reads_total=processing.most_reads)
        try:
            crew = Crew(reading, self._settings, processing, self._wake.set, self._beginning, staff)
            self._beginning = Beginning()  # may be large
            try:
                self._start(crew)
                self._supervise(crew, processing)
            except BaseException:
                crew.stop()  # or its threads would go on without anybody to end them
                raise
            finally:
                crew.join()
                if self._checkpointer is not None:
                    self._checkpointer.wait()
            self._samples.end(sample_of(crew, self._clock.worked, self._process))
            self._take_results(crew.counted(final=True), processing, final=True)
            if crew.error is None and self._may_finish():
                if crew.has_lost_batches and not processing.is_empty:
                    raise RuntimeError("a worker ended before its time")
                outputs = processing.finish(lambda files: note_end(self._checkpoints, files))
                self._latest = replace(self._latest, outputs=outputs)
            return crew.error
        finally:
            processing.abandon(keeps=self._is_left and self._leaving.can_go_on)

    def _processing(self, reading: Reading, workers: int) -> Processing:
        run = self._latest
        paths = tuple(path for group in run.inputs or ((run.path,),) for path in group)
        expected = expected_bytes(reading.size, is_compressed=reading.kind != "plain", plan=self._output)
        reads = ReadsIn(paths, reading.is_paired, expected)
        pipeline = given = None if self._pipeline is None else self._pipeline()
        if given is not None:
            from engine.run.detection import with_detected

            grows, skips = self._following is not None, self._settings.recovery == "skip"
            pipeline, self._warnings = with_detected(
                given, run, grows=grows, skips=skips, is_wanted=lambda: not self.is_being_cancelled
            )
        self._may_resize = may_resize(self._output, pipeline)
        token = "" if self._output is None else note_outputs(self._output, self._checkpoints, self._beginning)
        processing = Processing(pipeline, self._output, reads, workers, self._beginning, token)
        if self._checkpointer is not None:
            self._checkpointer.begin(processing, given)
        return processing

    def _may_finish(self) -> bool:
        """Whether the output gets its name; from then on the run cannot be cancelled."""
        with self._guard:
            self._is_finishing = self._state is not RunState.CANCELLING
            return self._is_finishing

    def _start(self, crew: Crew) -> None:
        with self._guard:
            self._crew = crew
            if self._settings.tuning and not len(crew.devices):
                self._tuner = Tuner(crew, self._settings, may_resize=self._may_resize)
                self._tuner.freeze(frozen=self._is_frozen)
            self._act(self._state)  # it may have been paused or cancelled by now
        self._clock.work()
        self._refreshing.begin()
        crew.start()

    def _supervise(self, crew: Crew, processing: Processing) -> None:
        """Samples and publishes until every thread has ended."""
        while crew.is_working:
            self._wake.wait(_INTERVAL)
            self._wake.clear()
            if crew.has_defect:
                crew.stop()
            if self._state is not RunState.PAUSED:
                crew.sample_loads()
                self._samples.add(sample := sample_of(crew, self._clock.worked, self._process))
                if self._tuner is not None:
                    self._tuner.tend(sample)
            self._refreshing.tend(
                crew,
                lambda counted: self._take_results(counted, processing, final=False),
                is_paused=self._state is RunState.PAUSED,
                time_left=self._samples.time_left(self._latest.bytes_total, self._latest.reads_total),
            )
            self._latest = replace(self._latest, pipeline=processing.live_summary())
            if self._checkpointer is not None:
                self._checkpointer.tend(crew, self._clock.worked)
            if self._leaving.is_due(crew, is_paused=self._state is RunState.PAUSED):
                self._apply(RunEvent.CANCEL)
            self._publish()

    @property
    def _is_left(self) -> bool:
        """Whether it ends, or has ended, for another process to go on with."""
        return self._leaving.is_wanted and self._state is RunState.CANCELLING

    def _take_results(self, counted: AllCounted | None, processing: Processing, *, final: bool) -> None:
        if counted is None:
            return
        self._results = counted.tally.results(final=final)
        if final:
            self.steps = processing.statistics(counted.processed)
        self._latest = replace(
            self._latest,
            pipeline=processing.summary(counted.processed),
            results_after=processing.results(counted.processed, final=final),
        )

    def _end(self, error: Exception | None) -> RunSnapshot:
        self._clock.end()
        if self._is_left:
            return self._stay_interrupted(self._leaving.failure)
        failure: RunFailure | None = None
        if error is not None and self._state is not RunState.CANCELLING:
            failure = describe(error)
            if not isinstance(error, LanescopeError):  # a defect, unless the system has run short
                level = logging.ERROR if shortage_of(error) is None else logging.INFO
                _log.log(level, "run %d failed", self._latest.run_id, exc_info=error)
        self._apply(RunEvent.FAIL if failure else RunEvent.FINISH)
        if self._checkpoints is not None:
            self._checkpoints.lock.release()
            self._checkpoints.prune()
        return self._publish(finished=datetime.now().astimezone(), failure=failure)

    def _stay_interrupted(self, failure: RunFailure) -> RunSnapshot:
        """Leaves everything as it is, for another attempt to go on."""
        self._apply(RunEvent.LOSE)
        if self._checkpoints is not None:
            self._checkpoints.lock.release()
            if not self._leaving.can_go_on:
                self._checkpoints.prune()
        now = datetime.now().astimezone()
        if self._crew is not None:
            return self._publish(finished=now, failure=failure)
        self._latest = replace(self._latest, state=self._state, finished=now, failure=failure)
        self._on_change(self._latest)
        return self._latest

    def _apply(self, event: RunEvent) -> bool:
        """Moves on to the next state and does what it asks for; false if `event` cannot happen now."""
        with self._guard:
            if not can(self._state, event) or (event is RunEvent.CANCEL and self._is_finishing):
                return False
            self._state = next_state(self._state, event)
            self._act(self._state)
        self._wake.set()
        return True

    def _act(self, state: RunState) -> None:
        if state is RunState.RUNNING:
            self._clock.go_on()
        else:
            self._clock.hold()
        if self._crew is None:
            if state is RunState.CANCELLING and self._reading is not None:
                self._reading.close()  # a pipe's first byte may be waited for
            return
        if state is RunState.RUNNING:
            self._crew.resume()
        elif state is RunState.PAUSED:
            self._crew.pause()
        elif state is RunState.CANCELLING:
            self._crew.stop()

    def _publish(self, *, finished: datetime | None = None, failure: RunFailure | None = None) -> RunSnapshot:
        going = self._state is RunState.RUNNING
        snapshot = replace(
            self._latest,
            state=self._state,
            finished=finished,
            elapsed=self._clock.worked,
            prepared=self._clock.prepared,
            time_left=self._samples.time_left(self._latest.bytes_total, self._latest.reads_total) if going else None,
            samples=self._samples.all(),
            results=self._results,
            failure=failure,
            skipped=skipped_of(self._reading),
        )
        if self._crew is not None:
            snapshot = with_loads(snapshot, self._crew, self._tuner, self._checkpointer, self._warnings)
        self._latest = snapshot
        self._on_change(snapshot)
        return snapshot
