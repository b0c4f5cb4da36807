"""Runs whose process is asked to end, by a workload manager above all: how they are left, and who goes on with them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from engine.checkpoint.beside import checkpoints_of
from engine.cli.console import database_option, printable, quoted
from engine.cli.interrupts import Terminated
from engine.errors import LanescopeError
from engine.run.state import RunState
from engine.source.pipe import STANDARD_INPUT

if TYPE_CHECKING:
    from pathlib import Path

    from engine.cli.progress import TerminalProgress
    from engine.run.queue import RunQueue
    from engine.run.snapshot import RunSnapshot
    from engine.store.store import Store


_WHY = "no checkpoint could be taken, since it had just begun, or comes or goes through a pipe."


@contextlib.contextmanager
def ending_in_order(
    queue: RunQueue, store: Store, progress: TerminalProgress, *, is_kept: bool = True, out: Path | None = None
) -> Generator[None]:
    """Ends the runs of a queue whatever happens: where it is asked for by the system, so that they can be gone on with.

    Args:
        queue: is closed at the end.
        store: where its runs are kept.
        progress: what draws on the same terminal.
        is_kept: somebody can go on with them; else they are cancelled.
        out: the folder for reports, which are not written then.
    """
    try:
        yield
    except Terminated:
        if is_kept:
            queue.leave()
            with contextlib.suppress(OSError):  # the terminal may be gone
                progress.clear()
                _tell(queue.snapshots(), store, out)
        raise
    finally:
        queue.close()


def _tell(runs: Sequence[RunSnapshot], store: Store, out: Path | None) -> None:
    """How to go on, in commands that can be copied."""
    left = [run for run in runs if run.state is RunState.INTERRUPTED]
    can_go_on = [run for run in left if run.started is None or checkpoints_of(store.path, run.run_id).checkpoints()]
    others = [run for run in left if run not in can_go_on]
    option = database_option(store.path)
    if can_go_on:
        _say(f"What was done is kept. Go on with: lanescope checkpoint resume {_numbers(can_go_on)}{option}")
    for run in others:
        way = f"with lanescope again {run.run_id}{option}" if _can_be_begun_again(store, run) else "as it was begun"
        _say(f"{run.name} has to be run again {way}: {_WHY}")
    if runs and not left:
        _say("Every run had ended already, and is kept.")
    if runs and out is not None:
        begin = "Then write" if left else "Write"
        _say(f"{begin} the reports with: lanescope report {_numbers(runs)} -o {quoted(str(out))}{option}")


def _can_be_begun_again(store: Store, run: RunSnapshot) -> bool:
    """Not what came or went through what only this process had open."""
    from engine.run.work import Work

    try:
        Work.of(store.parameters(run.run_id))
    except LanescopeError:
        return False
    return run.path != STANDARD_INPUT


def _numbers(runs: Sequence[RunSnapshot]) -> str:
    return " ".join(str(run.run_id) for run in runs)


def _say(words: str) -> None:
    print(printable(words), file=sys.stderr, flush=True)
