"""The operating system's refusals in words for a person."""

from __future__ import annotations

import errno
from pathlib import Path

from engine.errors import InputError

_SENTENCES = {
    errno.ENOENT: ("{name} does not exist (any more).", "Check the path, and that the drive is connected."),
    errno.EACCES: ("You are not allowed to read {name}.", "Ask its owner for read permission."),
    errno.EPERM: ("You are not allowed to read {name}.", "Ask its owner for read permission."),
    errno.EISDIR: ("{name} is a folder, not a file.", "Give its files, or drop the folder on the window."),
    errno.ESTALE: (
        "{name} vanished from the network drive while it was read.",
        "Reconnect the drive and run it again.",
    ),
    errno.EIO: ("The drive could not read {name}.", "Copy the file from another place, and check the drive."),
}


_IN_USE = frozenset({32, 33})
"""What Windows answers for a file, or part of it, that another program keeps to itself."""


def input_error(error: OSError, path: Path) -> InputError:
    """An `InputError` that says what `error` means for `path`."""
    if getattr(error, "winerror", None) in _IN_USE:
        return InputError(
            f"Another program keeps {path.name} to itself.", path=path, hint="Close it there, and try it again."
        )
    sentence, hint = _SENTENCES.get(
        error.errno or 0, ("{name} cannot be read: {reason}.", "Check the file and the drive it is on.")
    )
    return InputError(sentence.format(name=path.name, reason=error.strerror or error), path=path, hint=hint)
