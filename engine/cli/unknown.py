"""A first word that is neither a command nor anything that is there; quick to import."""

from __future__ import annotations

import difflib
import errno
import sys
from pathlib import Path

from engine.cli.commands import COMMANDS
from engine.cli.console import printable


def is_missing(word: str) -> bool:
    """Whether there is nothing of this name; what cannot be looked at is taken to be there."""
    try:
        Path(word).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return not word  # which would mean the current folder


def refuse(word: str) -> int:
    """Says on the error stream that there is no such thing, and which commands are spelled alike.

    Returns:
        The exit status.
    """
    close = difflib.get_close_matches(word.lower(), COMMANDS, n=3)
    close += [name for name in COMMANDS if name not in close and len(word) > 1 and name.startswith(word.lower())]
    meant = f" Did you mean {' or '.join(f'lanescope {name}' for name in close)}?" if close else ""
    commands = ", ".join(COMMANDS)
    print(
        f"There is neither a command nor a file {printable(word) or '(an empty name)'}.{meant}\n"
        f"The commands are {commands}; a file or folder of reads opens in a window. See lanescope --help",
        file=sys.stderr,
    )
    return 2
