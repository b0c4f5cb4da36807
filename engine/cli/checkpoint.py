"""Runs whose process was lost, and from where they go on: ``lanescope checkpoint``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.console import database_path, printable
from engine.errors import CheckpointError, LanescopeError
from engine.home import find_home

if TYPE_CHECKING:
    from engine.checkpoint.folder import CheckpointFolder
    from engine.run.settings import Recovery
    from engine.store.store import Store

# What looks into checkpoints is imported when it is wanted: --help should not wait for it.


def main(argv: Sequence[str]) -> int:
    """Lists, shows or removes checkpoints, or goes on from one, as the command line says.

    Returns:
        0 if it is done; 1 if a run that went on did not complete.

    Raises:
        LanescopeError: there is no such run or checkpoint, or it is of no use.
    """
    arguments = _parser().parse_args(argv)
    database: Path = arguments.database or find_home().database
    if not database.exists():
        raise LanescopeError(
            f"There is no database {database}.", hint="Run files first, or name the database with --database."
        )
    from engine.store.store import Store

    with Store.open(database) as store:
        if arguments.action == "list":
            return _list(store)
        if arguments.action == "prune":
            return _prune(store, arguments.runs)
        if arguments.action == "show":
            return _show(store, arguments.run)
        return _resume(store, arguments.run, arguments.recovery)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope checkpoint",
        description="Runs keep checkpoints while they go. After a crash or a power cut they go on from the last one.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the runs that were interrupted and can go on")
    show = actions.add_parser("show", help="what a checkpoint holds")
    resume = actions.add_parser("resume", help="go on with a run, to its end")
    for one in (show, resume):
        one.add_argument("run", type=int, metavar="RUN", help="number of the run")
    resume.add_argument(
        "--recovery",
        choices=("resume", "restart", "skip"),
        help="resume: go on from the last checkpoint; restart: begin anew; skip: as resume, and pass over damaged "
        "regions of files of single reads (default: as was said when the run was begun)",
    )
    prune = actions.add_parser("prune", help="remove checkpoints; their runs have to be started anew then")
    prune.add_argument("runs", type=int, nargs="*", metavar="RUN", help="numbers of runs (default: all)")
    for action in actions.choices.values():
        action.add_argument(
            "--database", type=database_path, metavar="FILE", help="look in this database, not in Lanescope's"
        )
    return parser


def _list(store: Store) -> int:
    from engine.run.state import RunState

    rows = [row for row in store.list_runs() if row.state is RunState.INTERRUPTED]
    shown = 0
    for row in rows:
        found = _folder(store, row.run_id).checkpoints()
        if found:
            shown += 1
            print(f"{row.run_id:>5}  {found[0].written:%Y-%m-%d %H:%M:%S}  {printable(row.name)}")
    if not shown:
        print("There is no interrupted run with a checkpoint.")
    return 0


def _show(store: Store, run_id: int) -> int:
    from engine.checkpoint.beside import reads_counted
    from engine.run.reading_place import ReadingPlace
    from engine.sink.state import SinkState

    run = store.load(run_id)
    folder = _folder(store, run_id)
    newest = folder.newest()
    if newest is None:
        raise CheckpointError(f"There is no checkpoint of {run.name}.", hint="Start the run anew.")
    state = newest[1]
    print(f"run {run_id}, {printable(run.name)}")
    print(f"  reads counted  {reads_counted(state):,}")
    print(f"  after          {state.get('elapsed'):.1f} s of work")
    for number, place in enumerate(ReadingPlace.of(state.get("place")).reader.texts, start=1):
        where = f"record {place.records:,}, line {place.lines:,}, byte {place.offset:,} of its text"
        print(f"  file {number}         {where}")
    for file in SinkState.of(state["sink"]).files() if state.get("sink") else ():
        name = printable(Path(file.path).name)
        print(f"  output         {name}: {file.reads:,} reads, {file.file_bytes:,} bytes")
    for checkpoint in folder.checkpoints():
        print(f"  {checkpoint.path.name}  {checkpoint.written:%Y-%m-%d %H:%M:%S}  {checkpoint.size:,} bytes")
    return 0


def _prune(store: Store, run_ids: Sequence[int]) -> int:
    from engine.checkpoint.beside import checkpoints_beside

    going = {row.run_id for row in store.list_runs() if not row.state.is_final}
    root = checkpoints_beside(store.path)
    found = [int(path.name) for path in root.iterdir() if path.name.isdecimal()] if root.is_dir() else []
    freed = 0
    for run_id in run_ids or sorted(found):
        if run_id in going:
            print(f"Run {run_id} is going; its checkpoints are left alone.")
        else:
            freed += _folder(store, run_id).prune()
    print(f"{freed:,} bytes are free again.")
    return 0


def _resume(store: Store, run_id: int, recovery: Recovery | None) -> int:
    from engine.cli.progress import TerminalProgress
    from engine.report.text import summary
    from engine.run.queue import RunQueue
    from engine.run.state import RunState

    with TerminalProgress(sys.stderr) as progress:
        queue = RunQueue(store, on_change=lambda: progress.show(queue.snapshots()))
        try:
            queue.continue_run(run_id, recovery)
            queue.wait()
        finally:
            queue.close()
    [end] = queue.snapshots()
    print("\n".join(printable(line) for line in summary(end, end.name).splitlines()))
    return 0 if end.state is RunState.COMPLETED else 1


def _folder(store: Store, run_id: int) -> CheckpointFolder:
    from engine.checkpoint.beside import checkpoints_beside
    from engine.checkpoint.folder import CheckpointFolder

    return CheckpointFolder(checkpoints_beside(store.path) / str(run_id))
