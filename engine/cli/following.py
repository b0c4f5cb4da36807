"""What ``lanescope run --follow`` does besides: it waits, and Ctrl+C ends the waiting and not the run."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from engine.cli.console import WrongUse, printable
from engine.cli.interrupts import INTERRUPTS
from engine.run.following import SILENCE

if TYPE_CHECKING:
    from engine.run.queue import RunQueue


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options for inputs that grow."""
    group = parser.add_argument_group("files that grow")
    group.add_argument(
        "--follow",
        action="store_true",
        help="read a file while it grows, or the files of a folder as a sequencer writes them, until it is silent. "
        "Ctrl+C once: end with what has come; twice: cancel",
    )
    group.add_argument(
        "--silent",
        type=_seconds,
        metavar="SECONDS",
        help=f"silence after which it is complete (default: {SILENCE:.0f})",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number of seconds") from None
    if not 0 < seconds < 1e8:
        raise argparse.ArgumentTypeError("must be more than 0")
    return seconds


def silence_wanted(arguments: argparse.Namespace) -> float:
    """Seconds of silence that end a followed input.

    Raises:
        WrongUse: what is to be followed cannot be.
    """
    if len(arguments.files) != 1 or arguments.files[0] == Path("-"):
        raise WrongUse("--follow takes one file or folder.", hint="Start one command for each.")
    if arguments.pairs != "never":
        raise WrongUse("--follow reads single reads; mates cannot be told apart while they come.")
    silence: float | None = arguments.silent
    return SILENCE if silence is None else silence


@contextmanager
def finishing_on_interrupt(queue: RunQueue, run_id: int, name: str) -> Generator[None]:
    """While it lasts, the first Ctrl+C ends following; a second one raises `KeyboardInterrupt`."""
    asked = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            INTERRUPTS.heed(number, frame)
        asked = True
        queue.finish(run_id)

    before = signal.signal(signal.SIGINT, interrupt)
    print(f"Following {printable(name)}. Ctrl+C once ends with what has come, twice cancels.", file=sys.stderr)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
