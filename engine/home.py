"""Where Lanescope keeps everything of one user: one folder."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from engine.errors import LanescopeError

HOME_VARIABLE = "LANESCOPE_HOME"
"""Environment variable that names the folder."""


class HomeError(LanescopeError):
    """The folder cannot be used.

    Attributes:
        root: the folder.
    """

    title = "Lanescope has no place for its files"

    def __init__(self, message: str, *, root: Path) -> None:
        hint = (
            "Make the folder writable, free some space, or set the environment variable "
            f"{HOME_VARIABLE} to a folder of yours, then start Lanescope again."
        )
        super().__init__(message, hint=hint)
        self.root = root


@dataclass(frozen=True)
class Home:
    """The folder and what lies in it.

    Attributes:
        root: the folder itself, absolute.
    """

    root: Path

    @property
    def database(self) -> Path:
        """The runs, their numbers and their load over time."""
        return self.root / "lanescope.sqlite"

    @property
    def settings(self) -> Path:
        """How the window was left."""
        return self.root / "window.ini"

    @property
    def profiles(self) -> Path:
        """The user's own limits for verdicts, a TOML file each. Not made until needed."""
        return self.root / "profiles"

    @property
    def results(self) -> Path:
        """Where files made by runs go unless the user says otherwise. Not made until needed."""
        return self.root / "results"


def find_home() -> Home:
    """The folder named by ``LANESCOPE_HOME``, else the platform's place for Lanescope; made if it is missing.

    Raises:
        HomeError: it cannot be made, or nothing can be written in it.
    """
    root = _wanted_root()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(f"The folder {root} cannot be made: {_reason(error)}.", root=root) from error
    try:
        # Permission bits alone do not tell: file systems can be read-only, and root may do anything.
        with tempfile.TemporaryFile(dir=root):
            pass
    except OSError as error:
        raise HomeError(f"Nothing can be written in the folder {root}: {_reason(error)}.", root=root) from error
    return Home(root)


def _wanted_root() -> Path:
    named = os.environ.get(HOME_VARIABLE, "")
    if not named:
        # Without an author, Windows would nest Lanescope in Lanescope.
        return platformdirs.user_data_path("Lanescope", appauthor=False)
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError:  # "~somebody" that is nobody
        return Path(named).absolute()


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
