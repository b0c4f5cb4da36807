"""Checkpoints of a run: taken while it goes."""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import TYPE_CHECKING

import psutil

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.journal import Journal
from engine.errors import CheckpointError
from engine.run.beginning import AtMark, Beginning
from engine.run.crew import Crew
from engine.run.input_identities import Inputs, PipedInputs, inputs_of
from engine.run.processing import Processing
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot

if TYPE_CHECKING:
    from engine.checkpoint.state import State, Value
    from engine.pipeline.plan import ResolvedPipeline

_log = logging.getLogger(__name__)

_COST = 1 / 50
"""Share of the time that taking checkpoints may cost."""


_MOST_FROM_PIPES = 750_000_000
"""Bytes of memory of the process above which what comes through a pipe gets no checkpoints: it may come for days, and
memory is promised to stay below a gigabyte."""

_IN_USE = "Another Lanescope is at work on this run."
_IN_USE_HINT = "Wait until it has ended."


class Checkpointer:
    """Takes checkpoints of one run, without stopping it.

    Args:
        folder: where they are kept.
        settings: of the run; they say how often.
        beginning: what had been done before this process.

    Attributes:
        warnings: a sentence about what went wrong first, if anything did.
    """

    def __init__(self, folder: CheckpointFolder, settings: RunSettings, beginning: Beginning) -> None:
        self._folder = folder
        self._interval = settings.checkpoint_seconds or math.inf
        self._batches = settings.checkpoint_batches or math.inf
        self._journals = list(beginning.journals)
        self._inputs: Inputs | None = None
        self._pipeline: State | None = None
        self._due = time.monotonic() + self._interval
        self._due_batches = self._batches
        self._not_before = 0.0
        self._is_waiting = False
        self._writing = threading.Thread()
        self._is_hurried = False
        self._first = beginning.number
        self._done = 0
        self.warnings: tuple[str, ...] = ()

    def look_at(self, run: RunSnapshot, *, is_followed: bool) -> None:
        """Notes what the input is like; see `inputs_of`."""
        try:
            self._inputs = inputs_of(run, is_followed=is_followed)
        except CheckpointError:  # reading it will say why
            self._inputs = None

    def begin(self, processing: Processing, pipeline: ResolvedPipeline | None) -> None:
        """Notes what reads go through; what is written to a pipe cannot go on, and gets no checkpoints."""
        if not processing.can_be_left:
            self._inputs = None
        if self._inputs is not None:
            processing.keep_new()
        if pipeline is not None:
            from engine.pipeline.fingerprint import fingerprint

            self._pipeline = fingerprint(pipeline)

    def tend(self, crew: Crew, elapsed: float) -> None:
        """Does what is due; called a few times a second by whoever watches the run.

        Args:
            crew: at work.
            elapsed: seconds of work so far.
        """
        if self._inputs is None or self._writing.is_alive():
            return
        now = time.monotonic()
        if not self._is_waiting:
            batches = crew.batches_done
            is_due = (now >= self._due or batches >= self._due_batches) and now >= self._not_before
            if not (is_due or self._is_hurried):
                return
            self._due_batches = batches + self._batches
            if isinstance(self._inputs, PipedInputs) and psutil.Process().memory_info().rss > _MOST_FROM_PIPES:
                # Copies of what is counted of reads of a million bases take hundreds of megabytes.
                self._inputs = None
                self.warnings += ("The run takes too much memory for more checkpoints of what comes through a pipe.",)
                return
            crew.want_mark()
            self._is_waiting = True
        done = crew.at_mark()
        if done is None:
            return
        self._is_waiting = False
        about: dict[str, Value] = {"elapsed": elapsed, "pipeline": self._pipeline}
        self._is_hurried = False
        self._done = int(str(done.state["number"])) - self._first
        # A slow disk must not keep anybody from seeing how the run goes.
        work = (done, about, self._inputs, now)
        self._writing = threading.Thread(target=self._live, args=work, name="lanescope checkpoint")
        self._writing.start()

    def hurry(self) -> None:
        """Takes one more as soon as it can, whatever is due: the process is to end."""
        self._is_hurried = True

    def has_all(self, crew: Crew) -> bool:
        """Whether nothing is gained by waiting for one more, after `hurry`."""
        is_settled = not (self._is_waiting or self._writing.is_alive())
        has_all = not self._is_hurried or crew.batches_done <= self._done
        return self._inputs is None or (is_settled and has_all)

    def wait(self) -> None:
        """Returns when nothing is being written any more."""
        if self._writing.ident is not None:
            self._writing.join()

    def _live(self, done: AtMark, about: dict[str, Value], inputs: Inputs, began: float) -> None:
        try:
            self._write(done, about, inputs)
        except Exception:
            # A defect of checkpoints must not cost the run.
            _log.exception("a checkpoint could not be taken")
            self._tell("No checkpoint can be taken: Lanescope has a defect, which the log tells.")
        now = time.monotonic()
        self._not_before = now + (now - began) / _COST
        self._due = now + self._interval

    def _write(self, done: AtMark, about: dict[str, Value], inputs: Inputs) -> None:
        # Kept here until it is on the disk: it is told only once what is new.
        if not self._journals:
            self._journals = [Journal(self._folder.journal(number)) for number in range(len(done.memories))]
        for journal, words in zip(self._journals, done.memories, strict=True):
            journal.add(words)
        try:
            self._folder.make()
            # What a checkpoint counts on has to be on the disk before it is.
            sink = None if done.sink is None else done.sink.settled().state()
            memories = [journal.write() for journal in self._journals]
            kept = [each.text() for each in inputs.identities(done.state["place"])]
            self._folder.write({**done.state, **about, "inputs": kept, "sink": sink, "memories": memories})
        except (CheckpointError, OSError) as error:
            # The run matters more than what it could go on from. It is tried again, and told once.
            reason = (error.strerror or type(error).__name__).lower() if isinstance(error, OSError) else ""
            self._tell(f"No checkpoint can be written: {reason}." if reason else str(error))

    def _tell(self, reason: str) -> None:
        if not self.warnings:
            self.warnings = (f"{reason} The run went on, and tried again from time to time.",)
            _log.warning(self.warnings[0])


def take_lock(folder: CheckpointFolder) -> None:
    """Makes a run this process's, for as long as it works on it.

    Raises:
        CheckpointError: somebody else works on it.
    """
    try:
        folder.make()
        is_free = folder.lock.take()
    except OSError as error:
        _log.warning("others cannot be told that the run is going: %s", error)
        return
    if not is_free:
        raise CheckpointError(_IN_USE, hint=_IN_USE_HINT)


def check_free(folder: CheckpointFolder) -> None:
    """Makes sure that nobody works on a run.

    Raises:
        CheckpointError: somebody does.
    """
    if folder.lock.is_taken:
        raise CheckpointError(_IN_USE, hint=_IN_USE_HINT)
