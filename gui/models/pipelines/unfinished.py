"""The draft as it was left, kept from one day to the next."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QSettings

from gui.models.pipelines.builder import Builder
from gui.models.pipelines.draft import Draft, DraftStage

_KEY = "pipelines/draft"


class Unfinished:
    """Keeps what is on the table whenever it changes, and brings it back. A draft that is saved needs no keeping.

    Args:
        path: the window's settings.
        builder: the table.
    """

    def __init__(self, path: Path, builder: Builder) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)
        self._builder = builder

    def recall(self) -> None:
        """Put on the table what was left there, and keep what is on it from now on."""
        try:
            kept = json.loads(str(self._file.value(_KEY, "") or "{}"))
            stages = tuple(DraftStage.make(dict(stage)) for stage in kept["draft"].pop("stages"))
            self._builder.take_up(Draft(dict(kept["draft"]), stages), str(kept["version"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # nothing was left, or nothing that can be read
        self._builder.changed.connect(self._keep)

    def _keep(self) -> None:
        builder = self._builder
        kept = {"draft": builder.draft.as_data(), "version": builder.saved_version}
        self._file.setValue(_KEY, json.dumps(kept) if builder.is_dirty else "")
