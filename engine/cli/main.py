"""The commands that need no window."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence

from engine.cli.commands import COMMANDS
from engine.cli.console import complain
from engine.errors import LanescopeError

FAILED = 1
INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Carries out a command.

    Args:
        argv: the name of a command, one of `COMMANDS`, and its arguments.

    Returns:
        The exit status: 0 if all went well, 1 if not, 2 for a wrong command line, 130 if interrupted.
    """
    command, *arguments = argv
    try:
        carry_out: Callable[[Sequence[str]], int] = importlib.import_module(COMMANDS[command]).main
        return carry_out(arguments)
    except LanescopeError as error:
        complain(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
