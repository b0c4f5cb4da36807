"""The user's own profiles, TOML files in a folder, beside those that Lanescope comes with."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from engine.collectors.judged_by import JudgedBy
from engine.collectors.profiles import (
    DEFAULT,
    Profile,
    ProfileError,
    parse_profile,
    problems,
    profile,
    profile_names,
    read_profile,
)
from engine.whole_file import PUBLIC, reason_of, write_whole

_SUFFIX = ".toml"
_MOST_TITLE = 60
_MOST_NAME = 40
_OWN_PREFIX = "my_"
_WHO_MAY_WRITE = "Check how much room there is, and who may write there."


class ProfileShelf:
    """Profiles by name. A name never changes: whoever chose a profile finds it again when it has another title.

    Args:
        folder: where the user's own lie; made when the first is kept. ``None``: there are none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._own: dict[str, Profile] = {}
        self._troubles: list[ProfileError] = []
        self.look()

    @property
    def troubles(self) -> tuple[ProfileError, ...]:
        """Files in the folder that cannot be used."""
        return tuple(self._troubles)

    def look(self) -> None:
        """Read the folder anew."""
        self._own, self._troubles = {}, []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")) if self._folder is not None else ():
            try:
                if path.stem not in profile_names():
                    self._own[path.stem] = read_profile(path)
            except ProfileError as error:
                self._troubles.append(error)

    def names(self) -> tuple[str, ...]:
        """All of them: Lanescope's first, then the user's by title."""
        own = sorted(self._own, key=lambda name: (self._own[name].title.casefold(), name))
        return (*profile_names(), *own)

    def is_own(self, name: str) -> bool:
        """Whether a profile is the user's, and so can be changed."""
        return name in self._own

    def get(self, name: str) -> Profile:
        """A profile.

        Raises:
            ProfileError: there is none of that name.
        """
        return self._own[name] if name in self._own else profile(name)

    def find(self, text: str) -> str:
        """The name of the profile of that name or title, in any case.

        Raises:
            ProfileError: there is none.
        """
        wanted = text.casefold()
        for name in self.names():
            if wanted in (name.casefold(), self.get(name).title.casefold()):
                return name
        raise ProfileError(f"There is no profile '{text}'.", hint=f"The profiles are {', '.join(self.names())}.")

    def judged_by(self, name: str) -> JudgedBy:
        """A profile, to be kept with a run.

        Raises:
            ProfileError: there is none of that name.
        """
        return JudgedBy(name, self.get(name))

    def copy(self, name: str) -> str:
        """Keep a copy of a profile under a title of its own, and return the copy's name.

        Raises:
            ProfileError: there is none of that name, or the copy cannot be written.
        """
        source = self.get(name)
        based_on = source.based_on or DEFAULT if self.is_own(name) else name
        return self._add(source.model_copy(update={"title": self._free_title(source.title), "based_on": based_on}))

    def take_in(self, path: Path) -> str:
        """Keep a copy of a file of limits, and return its name.

        Raises:
            ProfileError: the file cannot be used, or the copy cannot be written.
        """
        found = read_profile(path)
        titles = {self.get(name).title.casefold() for name in self.names()}
        title = found.title if found.title.casefold() not in titles else self._free_title(found.title)
        return self._add(checked(found.model_dump() | {"title": title[:_MOST_TITLE]}, path.name))

    def keep(self, name: str, changed: Profile) -> None:
        """Keep a profile of the user's as it is now, also one that was removed.

        Raises:
            ProfileError: it is Lanescope's, has no title or that of another, or cannot be written.
        """
        if name in profile_names():
            raise ProfileError(f"'{changed.title}' comes with Lanescope.", hint="Make a copy, and change that.")
        if not changed.title.strip():
            raise ProfileError("A profile needs a name.", hint="Type a name.")
        taken = {self.get(other).title.strip().casefold() for other in self.names() if other != name}
        if changed.title.strip().casefold() in taken:
            raise ProfileError(f"There is a profile '{changed.title}' already.", hint="Choose another name.")
        if self._folder is None:
            raise ProfileError("There is no folder for profiles.")
        write_profile(changed, self._folder / f"{name}{_SUFFIX}")
        self._own[name] = changed

    def remove(self, name: str) -> Profile:
        """Remove a profile of the user's, and return it.

        Raises:
            ProfileError: there is none, it is not the user's, or its file cannot be removed.
        """
        if self._folder is None or name not in self._own:
            raise ProfileError(
                f"{self.get(name).title} came with Lanescope and stays.", hint="Profiles of your own can be removed."
            )
        path = self._folder / f"{name}{_SUFFIX}"
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ProfileError(f"{path} cannot be removed: {reason_of(error)}.", hint=_WHO_MAY_WRITE) from error
        return self._own.pop(name)

    def original(self, name: str) -> Profile:
        """A profile with the limits of the one that it was copied from, and its own title and description."""
        mine = self.get(name)
        source = profile(mine.based_on if mine.based_on in profile_names() else DEFAULT)
        kept = {"title": mine.title, "description": mine.description, "based_on": mine.based_on}
        return source.model_copy(update=kept)

    def _add(self, new: Profile) -> str:
        name = self._free_name(new.title)
        self.keep(name, new)
        return name

    def _free_title(self, title: str) -> str:
        titles = {self.get(name).title.casefold() for name in self.names()}
        stem = re.sub(r" \(copy(?: \d+)?\)$", "", title)[: _MOST_TITLE - 10].strip()
        number = 1
        while (wanted := f"{stem} (copy)" if number == 1 else f"{stem} (copy {number})").casefold() in titles:
            number += 1
        return wanted

    def _free_name(self, title: str) -> str:
        # A prefix keeps names apart from Lanescope's, now and later, and from names that systems reserve.
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        stem = _OWN_PREFIX + (re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_MOST_NAME] or "profile")
        taken = {path.stem for path in self._folder.glob(f"*{_SUFFIX}")} if self._folder is not None else set()
        taken |= set(self._own)
        number = 1
        while (wanted := stem if number == 1 else f"{stem}_{number}") in taken:
            number += 1
        return wanted


def checked(values: dict[str, Any], name: str) -> Profile:
    """A profile from its values.

    Args:
        values: as `Profile.model_dump` gives them.
        name: what to call them in errors.

    Raises:
        ProfileError: they make no sense; the message says where and why.
    """
    try:
        return Profile.model_validate(values)
    except ValidationError as error:
        raise ProfileError(f"{name}: {'; '.join(problems(error))}.") from error


def profile_text(kept: Profile) -> str:
    """A profile as the text of a TOML file."""
    return tomli_w.dumps(kept.model_dump(exclude_defaults=True))


def write_profile(kept: Profile, path: Path) -> None:
    """Write a profile to a file that `read_profile` reads, whole or not at all.

    Raises:
        ProfileError: it cannot be written.
    """
    text = profile_text(kept)
    parse_profile(text, path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text, rights=PUBLIC)
    except OSError as error:
        raise ProfileError(f"{path} cannot be written: {reason_of(error)}.", hint=_WHO_MAY_WRITE) from error
