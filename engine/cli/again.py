"""Runs that are over once more, as they were: ``lanescope again --failed``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.cli.choosing import add_choice_options, chosen, database_of
from engine.cli.console import WRONG_COMMAND_LINE, WrongUse, complain, printable, quoted, thread_count
from engine.cli.formats import add_telling_options, ready_for_reports
from engine.cli.interrupts import INTERRUPTS
from engine.cli.leaving import ending_in_order
from engine.cli.limits import judged_by_wanted
from engine.cli.processing import refuse_impossible
from engine.cli.unbegun import NOT_ALONE
from engine.errors import InputError
from engine.flow.interrupts import held_interrupts
from engine.run.state import RunState
from engine.sink.errors import OutputError
from engine.sink.names import is_open_stream
from engine.source.naming import Dataset
from engine.source.pipe import STANDARD_INPUT

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from engine.run.queue import RunQueue
    from engine.run.snapshot import RunSnapshot
    from engine.run.work import Work
    from engine.store.listing import RunRow
    from engine.store.store import Store


def main(argv: Sequence[str]) -> int:
    """Runs what the command line names once more.

    Returns:
        0 if every input was read whole, also if there was nothing to do; 2 if an output cannot be, and none was begun;
        else 1.

    Raises:
        LanescopeError: a run is not there, or cannot be carried out any more; none was begun, then.
        KeyboardInterrupt: it was interrupted; what had been counted is kept, and `Terminated` leaves what can go on.
    """
    arguments = _parser().parse_args(argv)
    INTERRUPTS.heed_ends()
    if not (arguments.runs or arguments.failed or arguments.find):
        raise WrongUse("Name runs, or say --failed or --find WORDS; lanescope report lists those there are.")
    if arguments.formats and arguments.out is None:
        raise WrongUse("--format needs --out.")
    try:
        with ExitStack() as stack:
            return _run(arguments, stack)
    except OutputError as error:  # seen before any run was begun: those of runs are told with them
        complain(error)
        return WRONG_COMMAND_LINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope again",
        description="Run the inputs of runs that are over once more: the same files together, the same pipeline, "
        "the same outputs. Each is a new run.",
    )
    add_choice_options(parser)
    parser.add_argument(
        "--failed",
        action="store_true",
        help="of the runs, or of all files, those that failed, were cancelled or interrupted, unless a newer run of "
        "the same was completed; what came through a pipe cannot come again",
    )
    parser.add_argument("--dry-run", action="store_true", help="list what would be run, and run nothing")
    parser.add_argument("--force", action="store_true", help="replace what the runs wrote when they went well")
    parser.add_argument("--threads", type=thread_count, metavar="N", help="threads that compute (default: every core)")
    add_telling_options(parser, "that of each run")
    parser.set_defaults(verbose=False)
    return parser


def _run(arguments: argparse.Namespace, stack: ExitStack) -> int:
    with held_interrupts():
        from engine.cli.progress import TerminalProgress
        from engine.cli.telling import Troubles, told_at_the_end
        from engine.run.queue import RunQueue
        from engine.run.work import Work
        from engine.store.store import Store

    judged_by = judged_by_wanted(arguments.profile)
    store = stack.enter_context(Store.open(database_of(arguments)))
    wanted = _wanted(store, arguments)
    if arguments.dry_run or not wanted:
        _list(wanted)
        return 0
    if arguments.out is not None:
        ready_for_reports(arguments.out)
    orders = [
        (run, replace(_order(Work.of(store.parameters(run.run_id)), arguments), judged_by=judged_by or run.judged_by))
        for run in wanted
    ]
    for run, work in orders:
        inputs, is_interleaved = _inputs(run)
        refuse_impossible([work.output], [inputs], work.pipeline, store, are_interleaved=is_interleaved)
    progress = stack.enter_context(TerminalProgress(sys.stderr))
    troubles = Troubles(progress)
    queue = RunQueue(store, workers=arguments.threads, on_change=lambda: troubles.watch(queue.snapshots()))
    stack.enter_context(ending_in_order(queue, store, progress, out=arguments.out))
    for run, work in orders:
        try:
            _submit(queue, run, work)
        except InputError as error:
            troubles.refuse([error])
    return told_at_the_end(queue, store, troubles, arguments)


def _wanted(store: Store, arguments: argparse.Namespace) -> list[RunSnapshot]:
    """The runs that are over, oldest first; what came through a stream comes again only if it is named."""
    rows = [row for row in chosen(store, arguments) if row.state.is_final]
    if not arguments.runs:
        rows = [row for row in rows if row.path != STANDARD_INPUT and not is_open_stream(row.path)]
    if arguments.failed:
        rows = _not_superseded(store, [row for row in rows if row.state is not RunState.COMPLETED])
    rows = _alone(store, rows)
    return [store.load(row.run_id) for row in sorted(rows, key=lambda row: row.run_id)]


def _alone(store: Store, rows: Sequence[RunRow]) -> list[RunRow]:
    """Those that can be run as they are kept; the others are told of, unless they have gone well with others since."""
    left_out = {row.run_id: row.path for row in rows if store.parameters(row.run_id).get(NOT_ALONE)}
    done = [row for row in store.list_runs() if left_out and row.state is RunState.COMPLETED]
    waiting = [path for run_id, path in left_out.items() if not any(_holds(row, run_id, path) for row in done)]
    if waiting:
        files = " ".join(quoted(str(path)) for path in dict.fromkeys(waiting))
        words = "Folders and files of samples that were not whole have to be named to lanescope run again"
        print(printable(f"{words}, with all that belongs to them: {files}"), file=sys.stderr)
    return [row for row in rows if row.run_id not in left_out]


def _holds(row: RunRow, run_id: int, path: Path) -> bool:
    """Whether a run is newer than another, and has a file, or one of a folder, in it."""
    return row.run_id > run_id and any(path in (file, *file.parents) for file in row.files or (row.path,))


def _not_superseded(store: Store, failed: Sequence[RunRow]) -> list[RunRow]:
    """Those without a newer run that does the same to the same input: it went well or goes, or is to be run again."""
    places = {(row.name, row.path) for row in failed}
    numbers = {row.run_id for row in failed}
    done: set[str] = set()
    left = []
    for row in sorted(store.list_runs(), key=lambda row: -row.run_id):
        if (row.name, row.path) in places:
            does = json.dumps([row.name, str(row.path), *_work_kept(store, row.run_id)])
            if row.run_id in numbers and does not in done:
                left.append(row)
            if row.run_id in numbers or row.state is RunState.COMPLETED or not row.state.is_final:
                done.add(does)
    return left


def _work_kept(store: Store, run_id: int) -> tuple[JsonValue, JsonValue]:
    parameters = store.parameters(run_id)
    return parameters.get("pipeline"), parameters.get("output")


def _order(work: Work, arguments: argparse.Namespace) -> Work:
    """What a run was told to do; what it wrote is replaced only if that is wanted."""
    if work.output is None:
        return work
    return replace(work, output=replace(work.output, replace=arguments.force))


def _inputs(run: RunSnapshot) -> tuple[Dataset, bool]:
    """The files of a run, and whether mates take turns in them."""
    if not run.inputs:
        return Dataset(run.name, ((run.path,),)), False
    is_interleaved = len(run.inputs) == 2 and run.inputs[0] == run.inputs[1]
    sides = run.inputs[:1] if is_interleaved else run.inputs
    return Dataset(run.name, tuple(zip(*sides, strict=True))), is_interleaved


def _submit(queue: RunQueue, run: RunSnapshot, work: Work) -> None:
    if work.following is not None:
        queue.submit_following(
            run.path,
            following=work.following,
            pipeline=work.pipeline,
            output=work.output,
            judged_by=work.judged_by,
        )
        return
    inputs, is_interleaved = _inputs(run)
    queue.submit_dataset(
        inputs, interleaved=is_interleaved, pipeline=work.pipeline, output=work.output, judged_by=work.judged_by
    )


def _list(wanted: Sequence[RunSnapshot]) -> None:
    for run in wanted:
        through = f", through {run.pipeline.name}" if run.pipeline is not None else ""
        began = f"{run.created:%Y-%m-%d %H:%M}"
        print(printable(f"{run.run_id:>5}  {began}  {run.state:<11}  {run.name}{through}"))
    if not wanted:
        print("There is nothing to run again.")
