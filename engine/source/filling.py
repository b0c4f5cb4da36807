"""A folder that a sequencer is still filling."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from engine.errors import InputError
from engine.source.file_names import is_named_fastq, natural_key
from engine.source.inputs import check
from engine.source.trouble import input_error

_LISTING_AGE = 0.2  # seconds for which a listing is good enough


class FillingFolder:
    """The files of a folder, at any depth, in the order of their names, numbers in them counted.

    Hidden files are passed over, and so are files that do not hold reads (yet).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken: set[Path] = set()
        self._judged: dict[Path, tuple[int, InputError | None]] = {}
        self._listing: list[Path] = []
        self._listed_at = -1.0

    def next(self) -> Path | None:
        """The first file that holds reads and has not been taken."""
        return next((path for path in self._waiting() if self._judge(path) is None), None)

    def take(self, path: Path) -> None:
        """Leaves a file out from now on."""
        self._taken.add(path)

    def refused(self) -> InputError | None:
        """What is wrong with the first file that is named as FASTQ but holds none."""
        errors = (self._judge(path) for path in self._waiting() if is_named_fastq(path))
        return next((error for error in errors if error is not None), None)

    def _waiting(self) -> Iterator[Path]:
        now = time.monotonic()
        if self._listed_at < 0 or now - self._listed_at > _LISTING_AGE:
            self._listing = [path for path in self._list() if path not in self._taken]
            self._listed_at = now
        return (path for path in self._listing if path not in self._taken)

    def _list(self) -> Iterator[Path]:
        for parent, folders, names in os.walk(self._path):
            folders[:] = sorted((name for name in folders if not name.startswith(".")), key=natural_key)
            for name in sorted(names, key=natural_key):
                if not name.startswith("."):
                    yield Path(parent) / name

    def _judge(self, path: Path) -> InputError | None:
        """Why a file is none to read, as long as it does not grow; ``None`` if it is one."""
        try:
            size = path.stat().st_size
        except OSError as error:
            return input_error(error, path)
        if path not in self._judged or self._judged[path][0] != size:
            self._judged[path] = size, self._trouble(path)
        return self._judged[path][1]

    def _trouble(self, path: Path) -> InputError | None:
        if not path.is_file():
            return InputError(f"{path.name} is no file.", path=path)
        try:
            check(path)
        except InputError as error:
            return error
        return None
