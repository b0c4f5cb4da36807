"""Runs that are left before their end, because the system wants the process to end, for another one to go on with."""

from __future__ import annotations

import time
from typing import Final

from engine.checkpoint.folder import CheckpointFolder
from engine.run.checkpointing import Checkpointer
from engine.run.crew import Crew
from engine.run.snapshot import RunFailure

_PATIENCE: Final = 3.0
"""Seconds to wait for a last checkpoint: containers are killed ten seconds after they are told to end."""

_TITLE: Final = "The run was interrupted"
_MESSAGE: Final = "Lanescope was told to end before this run was done."

SAFE: Final = RunFailure(_TITLE, _MESSAGE, "Go on with it from where it was, or run the file again.")
"""What is told of a run that has a checkpoint."""

COUNTED: Final = RunFailure(_TITLE, f"{_MESSAGE} What had been counted by then was kept.", "Run the file again.")
"""What is told of one that has none."""

UNBEGUN: Final = RunFailure(
    _TITLE, "Lanescope was told to end before this run began.", "Go on with it, or run it again."
)
"""What is told of one that had waited."""


class Leaving:
    """How a run is left, if it is.

    Args:
        checkpointer: takes its checkpoints; ``None``: nobody does.
        folder: where checkpoints of it are; ``None``: nowhere.
    """

    def __init__(self, checkpointer: Checkpointer | None, folder: CheckpointFolder | None) -> None:
        self._checkpointer = checkpointer
        self._folder = folder
        self._until: float | None = None

    def begin(self) -> None:
        """It is to be left."""
        self._until = time.monotonic() + _PATIENCE
        if self._checkpointer is not None:
            self._checkpointer.hurry()

    @property
    def is_wanted(self) -> bool:
        """Whether it is to be left."""
        return self._until is not None

    def is_due(self, crew: Crew, *, is_paused: bool) -> bool:
        """Whether it is to end now: nothing is gained by waiting for a last checkpoint, or it takes too long.

        Args:
            crew: at work.
            is_paused: no batch comes, and no checkpoint after it.
        """
        if self._until is None:
            return False
        is_safe = is_paused or self._checkpointer is None or self._checkpointer.has_all(crew)
        return is_safe or time.monotonic() > self._until

    @property
    def can_go_on(self) -> bool:
        """Whether there is a checkpoint."""
        return self._folder is not None and bool(self._folder.checkpoints())

    @property
    def failure_of_unbegun(self) -> RunFailure | None:
        """What is told of the run if it had not begun; ``None``: it is not left."""
        return UNBEGUN if self.is_wanted else None

    @property
    def failure(self) -> RunFailure:
        """What is told of the run."""
        return SAFE if self.can_go_on else COUNTED
