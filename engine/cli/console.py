"""What is said to a person at a terminal."""

from __future__ import annotations

import sys

from engine.errors import LanescopeError


def printable(text: str) -> str:
    """The text without control characters: a file's name is data and must not steer the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def complain(error: LanescopeError) -> None:
    """Says on the error stream what went wrong and what to do."""
    print(printable(f"{error.title}: {error} {error.hint}".rstrip()), file=sys.stderr)
