"""The commands that need no window."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from engine.cli.commands import COMMANDS, WITHOUT_KERNELS
from engine.cli.console import FAILED, WRONG_COMMAND_LINE, complain, printable, settle_output
from engine.cli.interrupts import INTERRUPTED, INTERRUPTS, OUTPUT_CLOSED, Terminated
from engine.environment import refuse_scant_memory
from engine.errors import LanescopeError, shortage_of
from engine.flow.interrupts import held_interrupts
from engine.whole_file import reason_of


def main(argv: Sequence[str]) -> int:
    """Carries out a command.

    Args:
        argv: the name of a command, one of `COMMANDS`, and its arguments.

    Returns:
        The exit status: 0 if all went well, 1 if not, 2 if nothing can be begun, 130 if interrupted, 143 or 129 if the
        system asked it to end, and 141 if nobody reads what it says any more.
    """
    command, *arguments = argv
    settle_output()
    try:
        with INTERRUPTS.heeded():
            if command not in WITHOUT_KERNELS and not {"-h", "--help"} & set(arguments):
                refuse_scant_memory()
            with held_interrupts():
                carry_out: Callable[[Sequence[str]], int] = importlib.import_module(COMMANDS[command]).main
            status = _status(carry_out, arguments)
            sys.stdout.flush()  # or what cannot be written would be found out when nobody can tell it any more
            return status
    except LanescopeError as error:
        complain(error)
        return WRONG_COMMAND_LINE if error.is_refusal else FAILED
    except KeyboardInterrupt as end:
        try:
            print("Interrupted, and ended in order.", file=sys.stderr, flush=True)
        except OSError:  # the terminal is gone
            _drop(sys.stdout, sys.stderr)
        return end.status if isinstance(end, Terminated) else INTERRUPTED
    except BrokenPipeError:  # whoever read the output has had enough
        _drop(sys.stdout)
        return OUTPUT_CLOSED
    except (MemoryError, RuntimeError, OSError) as error:
        return _tell_of_trouble(error)


def _tell_of_trouble(error: MemoryError | RuntimeError | OSError) -> int:
    """Says what the system refused; what it did not refuse is raised again."""
    if (short := shortage_of(error)) is not None:
        complain(short)
        return FAILED
    if not isinstance(error, OSError):
        raise error
    if error.filename is not None:
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else error.filename
        words = f"{where} cannot be used: {reason_of(error)}."
        complain(LanescopeError(words, hint="Check the name, and who may read and write it."))
    elif error.errno is None:  # a library that cannot be loaded
        complain(LanescopeError(f"{error}", hint="Close other programs, or install Lanescope anew."))
    else:
        _drop(sys.stdout)
        complain(LanescopeError(f"The output cannot be written: {error.strerror or error}."))
    return FAILED


def _status(carry_out: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    try:
        return carry_out(arguments)
    except SystemExit as end:  # after --help, of which the same holds
        sys.stdout.flush()
        if end.code == WRONG_COMMAND_LINE:
            _tell_of_dashes(arguments)
        raise


def _tell_of_dashes(arguments: Sequence[str]) -> None:
    """Files whose names begin with a dash are taken for options, and what is said about those helps nobody."""
    for name in arguments:
        if name.startswith("-") and len(name) > 1 and os.path.lexists(name):
            print(printable(f"{name} is a file here: name it as ./{name}"), file=sys.stderr)


def _drop(*streams: TextIO) -> None:
    """What is left in buffers goes nowhere, or Python would try to write it once more at its end."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
