"""What is remembered of how programs are let in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSettings

USUAL_PORT = 8686
LEAST_PORT, GREATEST_PORT = 1024, 65535


class ServerSettings:
    """A section of the window's INI file. Values that make no sense read as the default.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def is_on(self) -> bool:
        """Whether programs are let in."""
        return str(self._file.value("programs/on", "")) == "yes"

    @is_on.setter
    def is_on(self, on: bool) -> None:
        self._write("on", "yes" if on else "no")

    @property
    def port(self) -> int:
        """Where programs knock, `LEAST_PORT` to `GREATEST_PORT`."""
        text = str(self._file.value("programs/port", ""))
        is_port = text.isdecimal() and len(text) <= len(str(GREATEST_PORT)) and LEAST_PORT <= int(text) <= GREATEST_PORT
        return int(text) if is_port else USUAL_PORT

    @port.setter
    def port(self, port: int) -> None:
        self._write("port", str(port))

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that programs may name files in, absolute."""
        try:
            names = json.loads(str(self._file.value("programs/folders", "[]")))
        except ValueError:
            return ()
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return ()
        return tuple(path for path in map(Path, names) if path.is_absolute())

    @folders.setter
    def folders(self, folders: Iterable[Path]) -> None:
        # JSON escapes what of a path is no valid text.
        self._write("folders", json.dumps([str(folder) for folder in folders]))

    def _write(self, key: str, text: str) -> None:
        self._file.setValue(f"programs/{key}", text)
        self._file.sync()
