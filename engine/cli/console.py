"""What is said to a person at a terminal."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

from engine.errors import LanescopeError
from engine.home import HomeError, find_home

FAILED = 1
"""The exit status where something that was begun did not go well."""

WRONG_COMMAND_LINE = 2
"""The exit status where nothing was begun, because what was asked for cannot be."""

STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""What people call it where a file is asked for."""


class WrongUse(LanescopeError):
    """Options that do not go together, or one that is missing."""

    title = "This cannot be asked for"
    is_refusal = True


def whole_number(text: str, least: int, most: int) -> int:
    """The number that an argument tells.

    Raises:
        ArgumentTypeError: it is none, or not from least to most.
    """
    try:
        number = int(text)
    except ValueError:
        raise ArgumentTypeError("must be a whole number") from None
    if not least <= number <= most:
        raise ArgumentTypeError(f"must be from {least} to {most}")
    return number


def thread_count(text: str) -> int:
    """How many threads an argument asks for; raises as `whole_number` does."""
    return whole_number(text, 1, 256)


def not_empty(text: str) -> str:
    """What an argument says.

    Raises:
        ArgumentTypeError: nothing, as an unset variable of a script does, which would mean anything.
    """
    if not text:
        raise ArgumentTypeError("there is nothing in it")
    return text


def named_path(text: str) -> Path:
    """The path that an argument names.

    Raises:
        ArgumentTypeError: it is empty, as an unset variable of a script is, and would mean the current folder.
    """
    if not text:
        raise ArgumentTypeError("the name is empty")
    return Path(text)


def database_path(text: str) -> Path:
    """The path of a database, made if missing in a folder that is there.

    Raises:
        ArgumentTypeError: it is empty, or its folder is missing: it is probably mistyped.
    """
    path = named_path(text)
    if not path.parent.is_dir():
        raise ArgumentTypeError(f"there is no folder {printable(str(path.parent))}: make it, or choose another")
    return path


def database_option(path: Path) -> str:
    """What a command has to have after it to look in this database; empty for Lanescope's own."""
    try:
        is_usual = path.absolute() == find_home().database
    except HomeError:
        is_usual = False
    return "" if is_usual else f" --database {quoted(str(path.absolute()))}"


def quoted(word: str, platform: str = sys.platform) -> str:
    """A word as the shells of this system take it for one."""
    return subprocess.list2cmdline([word]) if platform == "win32" else shlex.quote(word)


def output_path(text: str) -> Path:
    """The path of a file for reads.

    Raises:
        ArgumentTypeError: it is empty, standard output, where the summary goes, or a folder that is not there.
    """
    if text in STANDARD_OUTPUT:
        raise ArgumentTypeError("reads cannot go to standard output, where the results are told: name a file")
    if text.endswith(("/", os.sep)) and not Path(text).is_dir():
        raise ArgumentTypeError(f"there is no folder {printable(text)}: make it, or choose another")
    return named_path(text)


def settle_output() -> None:
    """Has letters that the output's encoding lacks written by their numbers, rather than end in an error.

    Where output goes to a file or a pipe, Windows takes the encoding of its older programs, with 256 letters.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def blank_line(platform: str = sys.platform) -> str:
    """What empties the line of a terminal that the cursor is on; terminals of Windows may know no codes for that."""
    if platform == "win32":
        return f"\r{' ' * (shutil.get_terminal_size().columns - 1)}\r"
    return "\r\x1b[2K"


def printable(text: str) -> str:
    """The text without control characters: a file's name is data and must not steer the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def complain(error: LanescopeError) -> None:
    """Says on the error stream what went wrong and what to do; to nobody, if nobody reads that any more."""
    with contextlib.suppress(OSError):
        print(printable(f"{error.title}: {error} {error.hint}".rstrip()), file=sys.stderr)
