"""Reads on standard output, for the next program of a pipe: ``lanescope run … -o - | aligner``."""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import stat
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path

from engine.cli.console import STANDARD_OUTPUT, WrongUse, output_path

_PIECE = 1 << 18
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

    A pipe is written to itself, where the system lets it be opened once more: who is cancelled need not wait for its
    reader then. Else what is written is passed on, to a file that is appended to or not, or a terminal.

    Yields:
        Whether whoever read the reads has gone, for a run that has failed.

    Raises:
        WrongUse: several outputs are to go there.
        OSError: not all of it could be passed on, which whoever wrote the last reads cannot have found out.
    """
    streamed = [name for name in _OUTPUTS if getattr(arguments, name) == _STREAM]
    if not streamed:
        yield lambda: False
        return
    if len(streamed) > 1:
        raise WrongUse("Only one output can go to standard output.", hint="--interleaved writes both mates in turn.")
    sys.stdout.flush()
    target = sys.stdout.fileno()
    if sys.platform == "linux" and stat.S_ISFIFO(os.fstat(target).st_mode):
        setattr(arguments, streamed[0], Path(f"/dev/fd/{target}"))
        with contextlib.redirect_stdout(sys.stderr):
            yield lambda: _is_alone(target)
        return
    reading, writing = os.pipe()
    troubles: list[OSError] = []
    relay = threading.Thread(target=_pass_on, args=(reading, target, troubles), name="lanescope standard output")
    relay.start()
    setattr(arguments, streamed[0], Path(f"/dev/fd/{writing}"))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield lambda: False
    finally:
        os.close(writing)
        relay.join()
    if troubles:
        raise troubles[0]


def _is_alone(descriptor: int) -> bool:
    """Whether nobody has the other end of a pipe."""
    if sys.platform == "win32":
        return False
    asked = select.poll()
    asked.register(descriptor, 0)  # of an end that is gone is told in any case
    return bool(asked.poll(0))


def _pass_on(reading: int, target: int, troubles: list[OSError]) -> None:
    """The life of the thread; if nobody takes the reads any more, who writes them finds that out, if there are more."""
    try:
        while piece := os.read(reading, _PIECE):
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(target, rest) :]
    except OSError as trouble:
        troubles.append(trouble)
    finally:
        os.close(reading)
