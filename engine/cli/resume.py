"""Going on with runs that were interrupted: ``lanescope checkpoint resume``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import TYPE_CHECKING

from engine.cli.console import FAILED, WrongUse, complain, database_option, printable
from engine.cli.formats import ready_for_reports
from engine.cli.interrupts import INTERRUPTS
from engine.cli.leaving import ending_in_order
from engine.errors import CheckpointError, LanescopeError
from engine.flow.interrupts import held_interrupts
from engine.run.state import RunState

if TYPE_CHECKING:
    from pathlib import Path

    from engine.run.queue import RunQueue
    from engine.run.settings import Recovery
    from engine.run.snapshot import RunSnapshot
    from engine.store.store import Store


def resume(store: Store, run_ids: Sequence[int], recovery: Recovery | None, out: Path | None) -> int:
    """Goes on with runs, one after another, to their ends.

    Args:
        store: where they are kept.
        run_ids: which.
        recovery: see `RunQueue.continue_run`.
        out: the folder for reports, if any are wanted.

    Returns:
        The exit status: 0 if all are complete, else 1.

    Raises:
        LanescopeError: there is no such run, or the only one cannot go on.
        KeyboardInterrupt: it was interrupted; `Terminated` leaves what can go on.
    """
    INTERRUPTS.heed_ends()
    named = [store.load(run_id) for run_id in dict.fromkeys(run_ids)]
    runs = [run for run in named if run.state is not RunState.COMPLETED]
    for run in named:
        if run.state is RunState.COMPLETED:
            hint = f"Write its reports with: {_report_command(store, [run])}"
            trouble = CheckpointError(f"Run {run.run_id}, {run.name}, is complete already.", hint=hint)
            if not runs:
                raise trouble
            complain(trouble)
    if out is not None:
        ready_for_reports(out)
    with ExitStack() as stack:
        ends = _gone_on(store, runs, recovery, out, stack)
    if not ends:
        return FAILED
    if out is not None:
        from engine.report.bundle import write_reports

        write_reports(ends, out)
    _tell(ends)
    if out is None:
        print(f"\nWrite {'its' if len(ends) == 1 else 'their'} reports with: {_report_command(store, ends)}")
    else:
        print(f"\nResults are in {printable(str(out.absolute()))}")
    is_done = len(ends) == len(runs) and all(end.state is RunState.COMPLETED for end in ends)
    return 0 if is_done else FAILED


def _gone_on(
    store: Store, runs: Sequence[RunSnapshot], recovery: Recovery | None, out: Path | None, stack: ExitStack
) -> tuple[RunSnapshot, ...]:
    with held_interrupts():
        from engine.cli.progress import TerminalProgress
        from engine.run.queue import RunQueue

    progress = stack.enter_context(TerminalProgress(sys.stderr))
    queue = RunQueue(store, on_change=lambda: progress.show(queue.snapshots()))
    stack.enter_context(ending_in_order(queue, store, progress, out=out))
    for run in runs:
        try:
            waiting = _waiting(store, queue, run, is_alone=len(runs) == 1)
            queue.continue_run(run.run_id, recovery)
        except LanescopeError as error:
            if len(runs) == 1:
                raise
            complain(error)  # the others can go on
        else:
            stack.enter_context(waiting)
    queue.wait()
    return queue.snapshots()


def _tell(ends: Sequence[RunSnapshot]) -> None:
    from engine.report.text import summary

    for end in ends:
        for warning in end.warnings:
            print(printable(f"{end.name}: {warning}"), file=sys.stderr)
        if end.failure is not None:
            print(printable(f"{end.failure.title}: {end.failure.message} {end.failure.hint}"), file=sys.stderr)
    told = ["\n".join(printable(line) for line in summary(end, end.name).splitlines()) for end in ends]
    print("\n\n".join(told))


def _report_command(store: Store, runs: Sequence[RunSnapshot]) -> str:
    numbers = " ".join(str(run.run_id) for run in runs)
    return printable(f"lanescope report {numbers} -o DIR{database_option(store.path)}")


def _waiting(store: Store, queue: RunQueue, run: RunSnapshot, *, is_alone: bool) -> AbstractContextManager[None]:
    """Says what is waited for, where that is somebody else.

    Raises:
        WrongUse: the run follows its input, and others are to go on too.
    """
    from engine.cli.following import finishing_on_interrupt
    from engine.run.input_identities import files_of
    from engine.run.work import Work
    from engine.source.pipe import is_pipe, name_of

    if Work.of(store.parameters(run.run_id)).following is not None:
        if not is_alone:
            raise WrongUse(f"Run {run.run_id} follows its input.", hint="Go on with it in a command of its own.")
        return finishing_on_interrupt(queue, run.run_id, run.name)
    if pipes := [printable(name_of(path)) for path in files_of(run) if is_pipe(path)]:
        print(
            f"From {' and '.join(pipes)} the same reads have to come again from their beginning. What was worked on "
            "is gone over and compared first.",
            file=sys.stderr,
        )
    return nullcontext()
