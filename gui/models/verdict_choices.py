"""Which profile each run is judged by."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from engine.collectors.profile_shelf import ProfileShelf
from engine.collectors.profiles import DEFAULT, Profile


class ProfileChoices(QObject):
    """The profile of each run, remembered from one day to the next once it knows where.

    Attributes:
        shelf: all profiles.

    Signals:
        changed: key of a run that is judged by another profile now.
        shelved: there are other profiles, or one is another now: its name.
    """

    changed = Signal(int)
    shelved = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shelf = ProfileShelf()
        self._chosen: dict[int, str] = {}
        self._file: QSettings | None = None

    def keep_in(self, path: Path) -> None:
        """Remember choices in the INI file ``path``, and take up those that are there."""
        self._file = QSettings(str(path), QSettings.Format.IniFormat, self)
        self._file.beginGroup("profiles")

    def use(self, shelf: ProfileShelf) -> None:
        """Choose from the profiles of ``shelf`` from now on."""
        self.shelf = shelf
        self.shelved.emit("")

    def name_of(self, run_id: int) -> str:
        """Name of the profile of a run; the default one where none was chosen, or it is gone."""
        name = self._chosen.get(run_id)
        if name is None and self._file is not None:
            name = str(self._file.value(str(run_id), DEFAULT))
        return name if name in self.shelf.names() else DEFAULT

    def profile_of(self, run_id: int) -> Profile:
        """The profile of a run."""
        return self.shelf.get(self.name_of(run_id))

    def choose(self, run_id: int, name: str) -> None:
        """Judge a run by the profile ``name`` from now on."""
        if name == self.name_of(run_id):
            return
        self._chosen[run_id] = name
        if self._file is not None:
            self._file.setValue(str(run_id), name)
        self.changed.emit(run_id)

    def titles(self) -> dict[str, str]:
        """Title of each profile by its name: Lanescope's, then the user's."""
        return {name: self.shelf.get(name).title for name in self.shelf.names()}
