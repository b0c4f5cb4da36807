"""Profiles as they are edited: every change is kept and holds at once, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.collectors.profile_shelf import ProfileShelf, checked, write_profile
from engine.collectors.profiles import DEFAULT, Profile, ProfileError


class _Step(NamedTuple):
    """A change of one profile; ``None`` where it was, or is, not there."""

    text: str
    name: str
    before: Profile | None
    after: Profile | None


class ProfileBench(QObject):
    """All profiles, and what can be done with those of the user.

    Attributes:
        shelf: where they are.
        current: name of the profile that is looked at.

    Signals:
        listed: there are others, or they have other titles.
        changed: name of a profile that is another now, or gone.
        moved: another profile is looked at.
    """

    listed = Signal()
    changed = Signal(str)
    moved = Signal()

    def __init__(self, shelf: ProfileShelf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shelf = shelf
        self.current = DEFAULT
        self._done: list[_Step] = []

    @property
    def profile(self) -> Profile:
        """The profile that is looked at."""
        return self.shelf.get(self.current)

    @property
    def is_own(self) -> bool:
        """Whether it can be changed."""
        return self.shelf.is_own(self.current)

    @property
    def is_original(self) -> bool:
        """Whether its limits are those of the profile that it was copied from."""
        return not self.is_own or self.profile == self.shelf.original(self.current)

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty where there is nothing."""
        return self._done[-1].text if self._done else ""

    def look_at(self, name: str) -> None:
        """Look at a profile; the default one where there is none of that name."""
        wanted = name if name in self.shelf.names() else DEFAULT
        if wanted != self.current:
            self.current = wanted
            self.moved.emit()

    def look(self) -> None:
        """Read the profiles anew: others may have changed them."""
        self.shelf.look()
        if self.current not in self.shelf.names():
            self.current = DEFAULT
        self.listed.emit()
        self.moved.emit()

    def copy(self) -> None:
        """Copy the profile that is looked at, and look at the copy.

        Raises:
            ProfileError: it cannot be kept.
        """
        self._come_in(self.shelf.copy(self.current), "Copied")

    def take_in(self, path: Path) -> None:
        """Copy a file of limits, and look at it.

        Raises:
            ProfileError: it cannot be used or kept.
        """
        self._come_in(self.shelf.take_in(path), "Imported")

    def write_to(self, path: Path) -> None:
        """Write the profile that is looked at to a file.

        Raises:
            ProfileError: it cannot be written.
        """
        write_profile(self.profile, path)

    def set_value(self, place: tuple[str, ...], value: object) -> None:
        """Change one value.

        Args:
            place: keys from the profile down to the value: ``("n_content", "percent", "warn")``.
            value: what shall stand there.

        Raises:
            ProfileError: that makes no sense, or cannot be kept. Nothing has changed.
        """
        self.set_values({place: value})

    def set_values(self, wanted: dict[tuple[str, ...], object]) -> None:
        """Change values together; see `set_value`."""
        if not self.is_own:
            raise ProfileError(f"'{self.profile.title}' comes with Lanescope.", hint="Make a copy, and change that.")
        before = self.profile
        values: dict[str, Any] = before.model_dump()
        for place, value in wanted.items():
            inner = values
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = value
        after = checked(values, before.title)
        if after != before:
            self._do(_Step(f"Changed {before.title}", self.current, before, after))

    def reset(self) -> None:
        """Give the profile that is looked at the limits of the one that it was copied from.

        Raises:
            ProfileError: it cannot be kept.
        """
        before, after = self.profile, self.shelf.original(self.current)
        if self.is_own and after != before:
            self._do(_Step(f"Reset {before.title}", self.current, before, after))

    def remove(self) -> None:
        """Remove the profile that is looked at.

        Raises:
            ProfileError: it is not the user's, or cannot be removed.
        """
        name = self.current
        gone = self.shelf.remove(name)
        self._done.append(_Step(f"Deleted {gone.title}", name, gone, None))
        self._tell(name, DEFAULT)

    def undo(self) -> None:
        """Take back what was done last.

        Raises:
            ProfileError: that cannot be kept.
        """
        if not self._done:
            return
        step = self._done[-1]
        if step.before is not None:
            self.shelf.keep(step.name, step.before)
        elif self.shelf.is_own(step.name):
            self.shelf.remove(step.name)
        self._done.pop()
        self._tell(step.name, step.name if step.before is not None else DEFAULT)

    def _come_in(self, name: str, word: str) -> None:
        new = self.shelf.get(name)
        self._done.append(_Step(f"{word} {new.title}", name, None, new))
        self._tell(name, name)

    def _do(self, step: _Step) -> None:
        if step.after is not None:
            self.shelf.keep(step.name, step.after)
        self._done.append(step)
        self._tell(step.name, step.name)

    def _tell(self, name: str, current: str) -> None:
        self.current = current
        self.listed.emit()
        self.moved.emit()
        self.changed.emit(name)
