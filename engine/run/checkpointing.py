"""Checkpoints of a run: taken while it goes, and gone on from after its process was lost."""

from __future__ import annotations

import logging
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.identity import InputIdentity
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.run.crew import Crew
from engine.run.reading_place import ReadingPlace
from engine.run.snapshot import RunSnapshot

_log = logging.getLogger(__name__)

_COST = 1 / 50
"""Share of the time that taking checkpoints may cost."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a run goes on.

    Attributes:
        place: in its input.
        state: what had been counted before it.
        elapsed: seconds of work until then.
    """

    place: ReadingPlace
    state: State
    elapsed: float


class Checkpointer:
    """Takes checkpoints of one run, without stopping it.

    Only runs that count can go on so far: what a pipeline remembers and what an output holds are not kept.

    Args:
        folder: where they are kept.
        interval: seconds between two.
    """

    def __init__(self, folder: CheckpointFolder, interval: float) -> None:
        self._folder = folder
        self._interval = interval
        self._identities: list[InputIdentity] | None = None
        self._due = time.monotonic() + interval
        self._is_waiting = False
        self._is_given_up = False

    def look_at(self, run: RunSnapshot) -> None:
        """Notes what the input is like; a run from pipes cannot go on, and gets no checkpoints."""
        try:
            self._identities = [InputIdentity.of(path) for path in _files(run)] if _is_of_files(run) else None
        except CheckpointError:  # reading it will say why
            self._identities = None

    def tend(self, crew: Crew, elapsed: float) -> None:
        """Does what is due; called a few times a second by whoever watches the run.

        Args:
            crew: at work.
            elapsed: seconds of work so far.
        """
        if self._identities is None or self._is_given_up:
            return
        now = time.monotonic()
        if not self._is_waiting:
            if now < self._due:
                return
            crew.want_mark()
            self._is_waiting = True
        state = crew.state_at_mark()
        if state is None:
            return
        self._is_waiting = False
        self._write({**state, "elapsed": elapsed, "inputs": [each.text() for each in self._identities]})
        self._due = time.monotonic() + max(self._interval, (time.monotonic() - now) / _COST)

    def _write(self, state: State) -> None:
        try:
            self._folder.write(state)
        except CheckpointError as error:
            # The run matters more than what it could go on from.
            _log.warning("no more checkpoints: %s", error)
            self._is_given_up = True

    def forget(self) -> None:
        """Removes what was kept, once the run has come to its end."""
        self._folder.prune()


def start_of(folder: CheckpointFolder, run: RunSnapshot) -> Start:
    """Where a run that was lost can go on.

    Raises:
        CheckpointError: there is no whole checkpoint, or the input has changed since; says which.
    """
    newest = folder.newest()
    if newest is None:
        raise CheckpointError(f"There is no checkpoint of {run.name}.", hint="Start the run anew.")
    state = newest[1]
    inputs = state.get("inputs")
    try:
        texts = [text for text in inputs if isinstance(text, str)] if isinstance(inputs, list) else []
        identities = [InputIdentity.of_text(text) for text in texts]
    except ValueError as error:
        raise CheckpointError("It does not tell what was read.") from error
    if [each.path for each in identities] != [path.absolute() for path in _files(run)]:
        raise CheckpointError("The checkpoint is of other files.", hint="Start the run anew.")
    for identity in identities:
        if (difference := identity.difference()) is not None:
            raise CheckpointError(difference, hint="What was counted is of no use any more. Start the run anew.")
    elapsed = state.get("elapsed")
    return Start(ReadingPlace.of(state.get("place")), state, float(elapsed) if isinstance(elapsed, float) else 0.0)


def _files(run: RunSnapshot) -> Iterable[Path]:
    return dict.fromkeys(path for group in run.inputs for path in group) if run.inputs else (run.path,)


def _is_of_files(run: RunSnapshot) -> bool:
    try:
        return all(stat.S_ISREG(path.stat().st_mode) for path in _files(run))
    except OSError:
        return False
