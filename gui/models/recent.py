"""Files and folders that were opened lately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gui.models.format import one_line
from gui.models.run_page import short_path
from gui.models.settings import Settings

MOST = 10


class Recent:
    """Keeps them in the settings, the newest first. Whether they are still there is found out when they are opened."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def paths(self) -> tuple[Path, ...]:
        """What was opened, the newest first, ten at most."""
        return tuple(Path(text) for text in self._settings.recent)

    def add(self, paths: Sequence[Path]) -> None:
        """Note what was opened together: one file or folder, or the folders that several files are in."""
        entries = list(paths) if len(paths) == 1 else list(dict.fromkeys(path.parent for path in paths))
        whole = [Path(entry).absolute() for entry in entries]
        kept = [path for path in self.paths if path not in whole]
        self._settings.recent = [str(path) for path in (*whole, *kept)][:MOST]

    def forget(self, paths: Iterable[Path]) -> None:
        """Take out what could not be opened."""
        gone = set(paths)
        kept = [str(path) for path in self.paths if path not in gone]
        if len(kept) < len(self.paths):
            self._settings.recent = kept

    def clear(self) -> None:
        """Forget all."""
        self._settings.recent = []


def label(path: Path) -> str:
    """What a menu calls it: its name and its folder."""
    return one_line(f"{path.name or path}  \N{EN DASH}  {short_path(path.parent)}")
