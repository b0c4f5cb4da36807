"""The checkpoints of one run: the last few, each there whole or not at all."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.checkpoint.leftovers import Leftovers
from engine.checkpoint.state import State, decode, encode
from engine.errors import CheckpointError
from engine.file_lock import FileLock
from engine.whole_file import PRIVATE, reason_of, write_whole

KEPT = 3
"""Checkpoints of a run that are kept."""

_NAME = re.compile(r"checkpoint-(\d{1,18})\.lsc")
_LOCK = "run.lock"
_LARGEST = 1 << 32
"""Bytes of a file that is taken for a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint on disk.

    Attributes:
        path: the file.
        number: counts up within the run, from 1; the newest has the highest, whatever the clock said.
        size: bytes.
        written: when, by the clock of then.
    """

    path: Path
    number: int
    size: int
    written: datetime

    def load(self) -> State:
        """What it holds.

        Raises:
            CheckpointError: it cannot be read, or is damaged.
        """
        try:
            if self.path.stat().st_size > _LARGEST:
                raise CheckpointError(f"{self.path.name} is too large for a checkpoint.")
            return decode(self.path.read_bytes())
        except OSError as error:
            raise CheckpointError(f"{self.path} cannot be read: {reason_of(error)}.") from error
        except CheckpointError as error:
            raise CheckpointError(f"{self.path.name} cannot be used: {error}") from error


class CheckpointFolder:
    """Where the checkpoints of one run lie.

    Args:
        path: the folder; made with the first checkpoint.
        kept: checkpoints that are kept, at least 1.

    Attributes:
        leftovers: what the run has under temporary names elsewhere.
        lock: whoever carries the run out has it.
    """

    def __init__(self, path: Path, kept: int = KEPT) -> None:
        self._path = path
        self._kept = kept
        self.leftovers = Leftovers(path)
        self.lock = FileLock(path / _LOCK)

    def journal(self, number: int) -> Path:
        """The file for what a stage remembers; see `Journal`.

        Args:
            number: of the stage among those that remember something, from 0.
        """
        return self._path / f"journal-{number}.lsj"

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """All that are there, the newest first; whether they are whole is told by loading them."""
        return tuple(sorted(self._found(), key=lambda found: found.number, reverse=True))

    def newest(self) -> tuple[Checkpoint, State] | None:
        """The newest that is whole, with what it holds; ``None``: there is none."""
        for checkpoint in self.checkpoints():
            with contextlib.suppress(CheckpointError):
                return checkpoint, checkpoint.load()
        return None

    def make(self) -> None:
        """Makes the folder if it is not there.

        Raises:
            OSError: that cannot be done.
        """
        self._path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, state: State) -> Checkpoint:
        """Puts a checkpoint on disk for good, then removes the oldest beyond those that are kept.

        Raises:
            CheckpointError: it cannot be written; those of before are untouched.
        """
        data = encode(state)
        try:
            number = max((found.number for found in self._found()), default=0) + 1
            path = self._path / f"checkpoint-{number:06d}.lsc"
            self.make()
            write_whole(path, data, rights=PRIVATE, settled=True)
        except OSError as error:
            raise CheckpointError(
                f"No checkpoint can be written in {self._path}: {reason_of(error)}.",
                hint="Make room there. The run goes on without.",
            ) from error
        self.prune(self._kept)
        return Checkpoint(path, number, sum(map(len, data)), datetime.now().astimezone())

    def prune(self, kept: int = 0) -> int:
        """Removes all but the newest, with what broken attempts left; returns the bytes that became free.

        With the last one goes all that the run could have gone on with: what stages remember, and unfinished outputs.
        While somebody has the lock, nothing is removed but what is too old.

        Args:
            kept: checkpoints to keep.
        """
        if not kept and self.lock.is_taken:
            return 0
        freed = 0
        old: tuple[Checkpoint, ...] = ()
        with contextlib.suppress(OSError):
            old = self.checkpoints()[kept:]
        for checkpoint in old:
            with contextlib.suppress(OSError):
                checkpoint.path.unlink()
                freed += checkpoint.size
        with contextlib.suppress(OSError):
            for part in self._path.glob(".checkpoint-*.part"):
                part.unlink()
        return freed if kept else freed + self._prune_rest()

    def begin_anew(self) -> None:
        """Removes all checkpoints, for who has the lock: the run is about to replace what they count on."""
        with contextlib.suppress(OSError):  # a folder that nobody may read does not keep a run from going
            for checkpoint in self.checkpoints():
                checkpoint.path.unlink(missing_ok=True)

    def _prune_rest(self) -> int:
        freed = self.leftovers.remove()
        self.leftovers.forget()
        with contextlib.suppress(OSError):
            for journal in self._path.glob("journal-*.lsj"):
                freed += journal.stat().st_size
                journal.unlink()
            (self._path / _LOCK).unlink(missing_ok=True)
            self._path.rmdir()
        return freed

    def _found(self) -> Iterator[Checkpoint]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for path in self._path.iterdir():
                match = _NAME.fullmatch(path.name)
                if match and path.is_file():
                    status = path.stat()
                    written = datetime.fromtimestamp(status.st_mtime).astimezone()
                    yield Checkpoint(path, int(match[1]), status.st_size, written)
