"""Runs in the database, and reports about them: ``lanescope report [RUN...]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.cli.choosing import add_choice_options, chosen, database_of
from engine.cli.console import WrongUse, named_path, printable
from engine.cli.formats import add_format_options, told_as_wrong_use
from engine.cli.limits import add_profile_option, judged_by_wanted

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.store.listing import RunRow

# What writes reports is imported when it is wanted: --help should not wait for it.


def main(argv: Sequence[str]) -> int:
    """Writes reports as the command line says.

    Returns:
        0 if everything that was asked for is written or listed; 1 if FastQC's files had to be left out for a run that
        did not read its whole file.

    Raises:
        LanescopeError: a report cannot be written.
        WrongUse: a run is not there, or reports cannot be written where they are to go; none has been.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.schema:
        from engine.report.json_report import document_schema

        print(json.dumps(document_schema(), indent=2))
        return 0
    if arguments.out is None and arguments.runs:
        parser.error("say with --out DIR where to write")
    if arguments.out is None:
        return _list(arguments)
    if not (arguments.runs or arguments.find or arguments.latest):
        parser.error("give one RUN or more, or --find WORDS; without RUN and --out, those there are are listed")
    return _write(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope report",
        description="Write reports about runs that the database has. Without RUN, list them, the newest first.",
        epilog="HTML needs no network. Of several runs there is also a page that compares them, index.html.",
    )
    add_choice_options(parser)
    parser.add_argument("--json", action="store_true", help="list the runs as JSON, a line for each")
    add_format_options(parser)
    parser.add_argument("-o", "--out", type=named_path, metavar="DIR", help="the folder to write into")
    add_profile_option(parser, "that of each run")
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON schema of --format json, and nothing else"
    )
    return parser


def _write(arguments: argparse.Namespace) -> int:
    from engine.report.bundle import USUAL, Format, write_reports
    from engine.run.state import RunState
    from engine.store.store import Store

    judged_by = judged_by_wanted(arguments.profile)
    with Store.open(database_of(arguments)) as store:
        rows = chosen(store, arguments)
        if not arguments.runs:
            rows.reverse()  # as they were run
        runs = [store.load(row.run_id) for row in rows if row.state.is_final or arguments.runs]
    if judged_by is not None:
        runs = [replace(run, judged_by=judged_by) for run in runs]
    if not runs:
        raise WrongUse("There is no such run.", hint="lanescope report lists those there are.")
    formats = {Format(name) for name in arguments.formats or USUAL}
    with told_as_wrong_use():
        written = write_reports(
            runs, arguments.out, formats, scale=arguments.scale, guess_encoding=arguments.guess_encoding
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


def _list(arguments: argparse.Namespace) -> int:
    from engine.store.store import Store

    with Store.open(database_of(arguments)) as store:
        rows = chosen(store, arguments)
    for row in rows:
        if arguments.json:
            print(json.dumps(_facts(row)))
        else:
            began = f"{row.created:%Y-%m-%d %H:%M}"
            print(printable(f"{row.run_id:>5}  {began}  {row.state:<11}  {row.reads:>13,} reads  {row.name}"))
    if not rows and not arguments.json:
        print("There is no such run." if arguments.find else "There are no runs yet.")
    return 0


def _facts(row: RunRow) -> dict[str, JsonValue]:
    """A run of the list as JSON; numbers that were not measured are null."""
    from engine.collectors.profiles import profile

    return {
        "id": row.run_id,
        "name": row.name,
        "path": str(row.path),
        "state": str(row.state),
        "created": row.created.isoformat(),
        "elapsed_seconds": row.elapsed,
        "reads": row.reads,
        "bases": row.bases,
        "mean_quality": row.mean_quality if row.bases else None,
        "gc_percent": row.gc_percent if row.bases else None,
        "profile": row.profile or profile().title,
        "failure": row.failure_message,
    }
