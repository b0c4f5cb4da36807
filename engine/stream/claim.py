"""One process, and one stream of it, at a time for the checkpoints of an identity."""

from __future__ import annotations

from pathlib import Path

from engine.errors import CheckpointError
from engine.file_lock import FileLock
from engine.whole_file import reason_of

_HINT = "Wait until that has ended, or give this stream another identity."


class Claim:
    """A file that is locked by who works with some checkpoints.

    Args:
        path: the file.
        identity: of the stream, to name in errors.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self._path = path.absolute()
        self._identity = identity
        self._lock = FileLock(self._path)
        self._is_mine = False

    def take(self) -> None:
        """Makes the checkpoints this stream's; what a process that has ended left is taken over.

        Raises:
            CheckpointError: another stream works with them, or the file cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_mine = self._lock.take()
        except OSError as error:
            raise CheckpointError(f"No checkpoint can be kept in {self._path.parent}: {reason_of(error)}.") from error
        if not is_mine:
            raise CheckpointError(f"{self._identity} is being worked on already.", hint=_HINT)
        self._is_mine = True

    def release(self) -> None:
        """Lets others have them."""
        if self._is_mine:
            self._is_mine = False
            self._lock.remove()
