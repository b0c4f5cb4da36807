"""Runs whose process was lost, and from where they go on: ``lanescope checkpoint``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checkpoint.beside import checkpoints_beside, checkpoints_of, runs_with_checkpoints
from engine.cli.actions import add_action
from engine.cli.console import database_option, database_path, named_path, printable, whole_number
from engine.errors import CheckpointError, LanescopeError
from engine.home import find_home

if TYPE_CHECKING:
    from engine.store.listing import RunRow
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
        from engine.cli.resume import resume

        return resume(store, arguments.runs, arguments.recovery, arguments.out)


def tell_interrupted(store: Store, files: Iterable[Path]) -> None:
    """Says on the error stream which runs of these files were interrupted and can go on, and how."""
    can_go_on = runs_with_checkpoints(store.path)
    if not can_go_on:  # as mostly: runs need not be listed
        return
    wanted = {path.absolute() for path in files}
    for row in _interrupted(store):
        if row.path in wanted and row.run_id in can_go_on:
            option = database_option(store.path)
            words = f"An earlier run of {row.name} was interrupted and can go on from where it was: "
            print(printable(f"{words}lanescope checkpoint resume {row.run_id}{option}"), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope checkpoint",
        description="Runs keep checkpoints while they go. After a crash, a power cut or `kill` they go on from the "
        "last one.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_action(actions, "list", "the runs that were interrupted and can go on")
    show = add_action(actions, "show", "what a checkpoint holds")
    show.add_argument("run", type=_run_number, metavar="RUN", help="number of the run")
    resume = add_action(actions, "resume", "go on with runs, to their ends; those that had not begun begin")
    resume.add_argument("runs", type=_run_number, nargs="+", metavar="RUN", help="numbers of the runs")
    resume.add_argument(
        "--recovery",
        choices=("resume", "restart", "skip"),
        help="resume: go on from the last checkpoint; restart: begin anew; skip: as resume, and pass over damaged "
        "regions of files of single reads (default: as was said when the run was begun)",
    )
    resume.add_argument("--out", type=named_path, metavar="DIR", help="write all reports into this folder")
    prune = add_action(actions, "prune", "remove checkpoints; their runs have to be started anew then")
    prune.add_argument("runs", type=_run_number, nargs="*", metavar="RUN", help="numbers of runs (default: all)")
    for action in actions.choices.values():
        action.add_argument(
            "--database", type=database_path, metavar="FILE", help="look in this database, not in Lanescope's"
        )
    return parser


def _run_number(text: str) -> int:
    return whole_number(text, 1, 2**63 - 1)


def _list(store: Store) -> int:
    rows = _interrupted(store)
    last = {row.run_id: checkpoints_of(store.path, row.run_id).checkpoints()[:1] for row in rows}
    can_go_on = [row for row in rows if last[row.run_id]]
    waited = [row for row in rows if not (last[row.run_id] or row.has_begun)]
    for row in can_go_on:
        print(f"{row.run_id:>5}  {last[row.run_id][0].written:%Y-%m-%d %H:%M:%S}  {printable(row.name)}")
    for row in waited:
        print(f"{row.run_id:>5}  {'had not begun':<19}  {printable(row.name)}")
    if not (can_go_on or waited):
        print("There is no interrupted run with a checkpoint.")
    return 0


def _interrupted(store: Store) -> list[RunRow]:
    from engine.run.state import RunState

    return [row for row in store.list_runs() if row.state is RunState.INTERRUPTED]


def _show(store: Store, run_id: int) -> int:
    from engine.run.looking_into import safe_in
    from engine.run.state import RunState

    run = store.load(run_id)
    safe = safe_in(checkpoints_of(store.path, run_id), run)
    if safe is None:
        begins = run.state is RunState.INTERRUPTED and run.started is None
        hint = f"It had not begun: lanescope checkpoint resume {run_id} begins it." if begins else "Start the run anew."
        raise CheckpointError(f"There is no checkpoint of {run.name}.", hint=hint)
    print(f"run {run_id}, {printable(run.name)}")
    print(f"  reads counted  {safe.reads:,}")
    if safe.left_out is not None:
        print(f"  left out       {safe.left_out.reads:,} reads")
    print(f"  after          {safe.elapsed:.1f} s of work")
    for number, file in enumerate(safe.files, start=1):
        place = file.place
        where = f"record {place.records:,}, line {place.lines:,}, byte {place.offset:,} of its text"
        stored = "" if file.file_bytes is None else f", byte {file.file_bytes:,} of the file"
        print(f"  file {number}         {printable(file.name)}: {where}{stored}")
    for output in safe.outputs:
        name = printable(Path(output.path).name)
        print(f"  output         {name}: {output.reads:,} reads, {output.file_bytes:,} bytes")
    for checkpoint in safe.kept:
        print(f"  {checkpoint.path.name}  {checkpoint.written:%Y-%m-%d %H:%M:%S}  {checkpoint.size:,} bytes")
    return 0


def _prune(store: Store, run_ids: Sequence[int]) -> int:
    going = {row.run_id for row in store.list_runs() if not row.state.is_final}
    root = checkpoints_beside(store.path)
    found = [int(path.name) for path in root.iterdir() if path.name.isdecimal()] if root.is_dir() else []
    freed = 0
    for run_id in run_ids:
        if run_id not in found:
            store.load(run_id)  # or there is no such run, which is said
    for run_id in run_ids or sorted(found):
        if run_id in going:
            print(f"Run {run_id} is going; its checkpoints are left alone.")
        else:
            freed += checkpoints_of(store.path, run_id).prune()
    print(f"{freed:,} bytes are free again.")
    return 0
