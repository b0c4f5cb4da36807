"""Reads on standard output, for the next program of a pipe: ``lanescope run … -o - | aligner``."""

from __future__ import annotations

import argparse
import contextlib
import select
import sys
from collections.abc import Callable, Generator
from pathlib import Path

from engine.cli.console import STANDARD_OUTPUT, WrongUse, output_path

_OUTPUTS = ("output", "out2", "singletons")
_STREAM = Path("-")


def reads_path(text: str) -> Path:
    """The path of a file for reads, ``-`` for standard output.

    Raises:
        ArgumentTypeError: as `output_path` does.
    """
    return _STREAM if text in STANDARD_OUTPUT and sys.platform != "win32" else output_path(text)


@contextlib.contextmanager
def reads_on_standard_output(arguments: argparse.Namespace) -> Generator[Callable[[], bool]]:
    """Puts a name that can be opened in the place of ``-``, and sends all words to the error stream meanwhile.

    Yields:
        Whether whoever read the reads has gone, for a run that has failed.

    Raises:
        WrongUse: several outputs are to go there, or it is closed.
    """
    streamed = [name for name in _OUTPUTS if getattr(arguments, name) == _STREAM]
    if not streamed:
        yield lambda: False
        return
    if len(streamed) > 1:
        raise WrongUse("Only one output can go to standard output.", hint="--interleaved writes both mates in turn.")
    if sys.__stdout__ is None:
        raise WrongUse("Standard output is closed: the reads would go nowhere.", hint="Name a file with -o.")
    sys.stdout.flush()
    target = sys.stdout.fileno()
    setattr(arguments, streamed[0], Path(f"/dev/fd/{target}"))
    with contextlib.redirect_stdout(sys.stderr):
        yield lambda: _is_alone(target)


def _is_alone(descriptor: int) -> bool:
    """Whether nobody has the other end of a pipe."""
    if sys.platform == "win32":
        return False
    asked = select.poll()
    asked.register(descriptor, 0)  # of an end that is gone is told in any case
    return bool(asked.poll(0))
