"""Uncompressed files."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path

from engine.errors import InputError
from engine.source.trouble import input_error


class PlainSource:
    """A file of plain text, read without a buffer in between."""

    kind = "plain"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = FileIO(path)
            self.size: int | None = os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise input_error(error, path) from error
        self.position = 0

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        try:
            count = self._file.readinto(target) or 0
        except OSError as error:
            raise input_error(error, self._path) from error
        self.position += count
        if count == 0 and self.size is not None and self.position < self.size:
            raise InputError(
                f"{self._path.name} ended after {self.position:,} of {self.size:,} bytes: it shrank while it was read.",
                path=self._path,
                hint="Wait until whatever writes the file has finished, then run it again.",
            )
        return count

    def close(self) -> None:
        """See `ByteSource.close`."""
        self._file.close()
