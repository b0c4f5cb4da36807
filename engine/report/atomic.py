"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.errors import LanescopeError


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes a file under a temporary name, and renames it when it is on disk.

    Raises:
        LanescopeError: it cannot be written; an older file of that name is untouched.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary: str | None = None
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _give_usual_rights(temporary)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise LanescopeError(
            f"{path} cannot be written: {error.strerror or error}.", hint="Choose another folder, or make room there."
        ) from error


def _give_usual_rights(path: str) -> None:
    """What any new file would get, instead of the private rights of a temporary one."""
    mask = os.umask(0)
    os.umask(mask)
    Path(path).chmod(0o666 & ~mask)
