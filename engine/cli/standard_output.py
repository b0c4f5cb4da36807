"""Reads on standard output, for the next program of a pipe: ``lanescope run … -o - | aligner``."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
from collections.abc import Generator
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
def reads_on_standard_output(arguments: argparse.Namespace) -> Generator[None]:
    """Puts a name that can be opened in the place of ``-``, and sends all words to the error stream meanwhile.

    What is written there is passed on to standard output, whatever that is: a pipe, or a file, appended to or not.

    Raises:
        WrongUse: several outputs are to go there.
        OSError: not all of it could be passed on, which whoever wrote the last reads cannot have found out.
    """
    streamed = [name for name in _OUTPUTS if getattr(arguments, name) == _STREAM]
    if not streamed:
        yield
        return
    if len(streamed) > 1:
        raise WrongUse("Only one output can go to standard output.", hint="--interleaved writes both mates in turn.")
    sys.stdout.flush()
    target = sys.stdout.fileno()
    reading, writing = os.pipe()
    troubles: list[OSError] = []
    relay = threading.Thread(target=_pass_on, args=(reading, target, troubles), name="lanescope standard output")
    relay.start()
    setattr(arguments, streamed[0], Path(f"/dev/fd/{writing}"))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        os.close(writing)
        relay.join()
    if troubles:
        raise troubles[0]


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
