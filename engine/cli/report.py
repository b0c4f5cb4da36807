"""Runs in the database, and reports about them: ``lanescope report [RUN...]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.console import database_path, named_path, printable
from engine.cli.formats import add_format_options, told_as_wrong_use
from engine.cli.limits import add_profile_option, limits_wanted
from engine.errors import LanescopeError
from engine.home import find_home

if TYPE_CHECKING:
    from engine.store.store import Store

# What writes reports is imported when it is wanted: --help should not wait for it.


def main(argv: Sequence[str]) -> int:
    """Writes reports as the command line says.

    Returns:
        0 if everything that was asked for is written or listed; 1 if FastQC's files had to be left out for a run that
        did not read its whole file.

    Raises:
        LanescopeError: a run is not there, or a report cannot be written.
        WrongUse: reports cannot be written where they are to go; none has been.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.schema:
        from engine.report.json_report import document_schema

        print(json.dumps(document_schema(), indent=2))
        return 0
    if not arguments.runs and arguments.out is None:
        return _list(_database(arguments))
    if not arguments.runs:
        parser.error("give one RUN or more; without RUN and --out, those there are are listed")
    if arguments.out is None:
        parser.error("say with --out DIR where to write")
    return _write(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope report",
        description="Write reports about runs that the database has. Without RUN, list them, the newest first.",
        epilog="HTML needs no network. Of several runs there is also a page that compares them, index.html.",
    )
    parser.add_argument(
        "runs", nargs="*", metavar="RUN", help="number or name of a run; of runs with one name, the newest"
    )
    add_format_options(parser)
    parser.add_argument("-o", "--out", type=named_path, metavar="DIR", help="the folder to write into")
    add_profile_option(parser)
    parser.add_argument(
        "--database", type=database_path, metavar="FILE", help="look in this database, not in Lanescope's"
    )
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON schema of --format json, and nothing else"
    )
    return parser


def _write(arguments: argparse.Namespace) -> int:
    from engine.report.bundle import USUAL, Format, write_reports
    from engine.run.state import RunState
    from engine.store.store import Store

    limits = limits_wanted(arguments.profile)
    with Store.open(_database(arguments)) as store:
        runs = [store.load(_find(store, wanted)) for wanted in dict.fromkeys(arguments.runs)]
    formats = {Format(name) for name in arguments.formats or USUAL}
    with told_as_wrong_use():
        written = write_reports(
            runs, arguments.out, formats, limits, scale=arguments.scale, guess_encoding=arguments.guess_encoding
        )
    count = "1 file is" if len(written) == 1 else f"{len(written):,} files are"
    print(f"{count} in {printable(str(arguments.out.absolute()))}")
    partial = [run for run in runs if run.state is not RunState.COMPLETED] if Format.FASTQC in formats else []
    for run in partial:
        print(
            printable(
                f"{run.name}: no FastQC files were written, for the run did not read the whole file ({run.state})."
            ),
            file=sys.stderr,
        )
    return 1 if partial else 0


def _database(arguments: argparse.Namespace) -> Path:
    database: Path = arguments.database or find_home().database
    if not database.exists():
        raise LanescopeError(
            f"There is no database {database}.", hint="Run files first, or name the database with --database."
        )
    return database


def _list(database: Path) -> int:
    from engine.store.store import Store

    with Store.open(database) as store:
        rows = store.list_runs()
    for row in rows:
        began = f"{row.created:%Y-%m-%d %H:%M}"
        print(printable(f"{row.run_id:>5}  {began}  {row.state:<11}  {row.reads:>13,} reads  {row.name}"))
    if not rows:
        print("There are no runs yet.")
    return 0


def _find(store: Store, wanted: str) -> int:
    """The number of the run that is meant by a number or a name."""
    listed = store.list_runs()
    found = next((row.run_id for row in listed if str(row.run_id) == wanted), None)
    if found is None:
        found = next((row.run_id for row in listed if row.name == wanted), None)
    if found is None:
        raise LanescopeError(
            f"There is no run '{wanted}' in {store.path}.",
            hint=f"The newest runs are {', '.join(f'{row.run_id} ({row.name})' for row in listed[:5])}."
            if listed
            else "The database is empty: run files first.",
        )
    return found
