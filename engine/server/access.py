"""Who may ask, and for which files."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from engine.errors import InputError, LanescopeError
from engine.home import Home
from engine.source.inputs import Inputs, find_inputs
from engine.source.trouble import input_error
from engine.special_files import is_special

_TOKEN_FILE = "api-token"  # noqa: S105 - where it is, not what
_SHORTEST = 32


class TokenError(LanescopeError):
    """The token cannot be kept or read."""

    title = "There is no token for programs"
    hint = "Remove that file, or make Lanescope's folder writable, then try again."


class PathNotAllowedError(LanescopeError):
    """A program asked for a place that the user has not allowed."""

    title = "This place is not allowed"
    hint = "Allow the folder in Lanescope's settings, or when you start the server: lanescope serve --allow FOLDER"


def token_file(home: Home) -> Path:
    """Where the token is kept."""
    return home.root / _TOKEN_FILE


def kept_token(home: Home) -> str:
    """The token that programs have to bring, made at the first time; nobody but the user can read its file.

    Raises:
        TokenError: it cannot be kept or read.
    """
    path = token_file(home)
    try:
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{secrets.token_urlsafe(32)}\n")
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, encoding="utf-8") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) != 0o600:
                path.chmod(0o600)
            token = file.read(1000).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TokenError(f"{path}: {getattr(error, 'strerror', None) or 'this is no text'}.") from error
    if len(token) < _SHORTEST or not token.isascii():
        raise TokenError(f"{path} holds no token of {_SHORTEST} characters or more.")
    return token


def renew_token(home: Home) -> None:
    """Forget the token; the next `kept_token` makes another.

    Raises:
        TokenError: its file cannot be removed.
    """
    path = token_file(home)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TokenError(f"{path}: {error.strerror}.") from error


class AllowedFolders:
    """The folders that programs may name files in.

    Args:
        folders: with all that is in them, at any depth.
    """

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = tuple(folder.resolve() for folder in folders)

    def place(self, text: str) -> Path:
        """A path as it is once links and ``..`` are followed.

        Raises:
            PathNotAllowedError: it is not absolute, or not in one of the folders.
        """
        try:
            named = Path(text)
            path = named.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise PathNotAllowedError("This is not a path that can be followed.") from error
        if not named.is_absolute() or not any(path.is_relative_to(folder) for folder in self.folders):
            raise PathNotAllowedError(f"{text} is not in a folder that the user has allowed.")
        return path

    def file(self, text: str) -> Path:
        """A file that can be read.

        Raises:
            PathNotAllowedError: see `place`.
            InputError: it is not there, or no regular file.
        """
        path = self.place(text)
        try:
            is_there, is_file = path.exists(), path.is_file()
        except OSError as error:  # a name that cannot be
            raise input_error(error, path) from error
        if not is_file:
            what = "is not a file" if is_there else "does not exist"
            raise InputError(f"{path.name} {what}.", path=path, hint="Name a file that is there.")
        return path

    def inputs(self, texts: Iterable[str]) -> Inputs:
        """The files of reads among files and folders; links in those folders that lead elsewhere are refused.

        Raises:
            PathNotAllowedError: see `place`.
        """
        paths = [self.place(text) for text in texts]
        odd = [path for path in paths if is_special(path)]
        refused = [InputError(f"{path.name} is not a file.", path=path) for path in odd]
        found = find_inputs(path for path in paths if path not in odd)
        files = []
        for path in found.files:
            try:
                files.append(self.place(str(path)))
            except PathNotAllowedError:
                refused.append(InputError(f"{path.name} leads out of the allowed folders.", path=path))
        return Inputs(tuple(dict.fromkeys(files)), (*found.refused, *refused))
