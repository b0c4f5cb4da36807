"""One process, and one stream of it, at a time for the checkpoints of an identity."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from engine.errors import CheckpointError
from engine.store.owner import Owner

_HINT = "Wait until that has ended, or give this stream another identity."

_guard = threading.Lock()
_held: set[Path] = set()


class Claim:
    """A file that says who works with some checkpoints.

    Args:
        path: the file.
        identity: of the stream, to name in errors.
    """

    def __init__(self, path: Path, identity: str) -> None:
        self._path = path.absolute()
        self._identity = identity

    def take(self) -> None:
        """Makes the checkpoints this stream's; what a process that has ended left is taken over.

        Raises:
            CheckpointError: another stream works with them, or the file cannot be written.
        """
        with _guard:
            if self._path in _held or self._is_of_another_process():
                raise CheckpointError(f"{self._identity} is being worked on already.", hint=_HINT)
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_text(Owner.this_process().to_json(), encoding="utf-8")
            except OSError as error:
                reason = (error.strerror or type(error).__name__).lower()
                raise CheckpointError(f"No checkpoint can be kept in {self._path.parent}: {reason}.") from error
            _held.add(self._path)

    def _is_of_another_process(self) -> bool:
        try:
            owner = Owner.from_json(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return not owner.is_this_process() and not owner.has_ended()

    def release(self) -> None:
        """Lets others have them."""
        with _guard:
            if self._path in _held:
                _held.discard(self._path)
                with contextlib.suppress(OSError):
                    self._path.unlink()
