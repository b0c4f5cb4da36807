"""Which of the runs in a database a command is about: numbers, names, words to find, the newest of each input."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.console import WrongUse, database_path
from engine.home import find_home

if TYPE_CHECKING:
    from engine.store.listing import RunRow
    from engine.store.store import Store


def add_choice_options(parser: argparse.ArgumentParser) -> None:
    """Adds ``RUN``, ``--find``, ``--latest`` and ``--database``."""
    parser.add_argument(
        "runs", nargs="*", metavar="RUN", help="number or name of a run; of runs with one name, the newest"
    )
    parser.add_argument(
        "--find",
        metavar="WORDS",
        help="the runs that have all these words in name, path, state or date, such as 'failed 2025-11'",
    )
    parser.add_argument("--latest", action="store_true", help="of runs of the same input and name, the newest alone")
    parser.add_argument(
        "--database", type=database_path, metavar="FILE", help="look in this database, not in Lanescope's"
    )


def database_of(arguments: argparse.Namespace) -> Path:
    """The database to look in.

    Raises:
        WrongUse: there is none.
    """
    database: Path = arguments.database or find_home().database
    if not database.exists():
        raise WrongUse(
            f"There is no database {database}.", hint="Run files first, or name the database with --database."
        )
    return database


def chosen(store: Store, arguments: argparse.Namespace) -> list[RunRow]:
    """The runs that are meant, those named in the order in which they are, those found with the newest first.

    Raises:
        WrongUse: there is no run of a name or number; or runs are named, and words given to find some as well.
    """
    if arguments.runs and arguments.find is not None:
        raise WrongUse("Name runs, or look for them with --find: not both.")
    if arguments.runs:
        listed = store.list_runs()
        named = [_find(listed, wanted, store.path) for wanted in arguments.runs]
        rows = list({row.run_id: row for row in named}.values())
    else:
        rows = store.list_runs(arguments.find or "")
    return newest_of_each(rows) if arguments.latest else rows


def newest_of_each(rows: Iterable[RunRow]) -> list[RunRow]:
    """The rows without those of inputs and names that one before them has; in their order."""
    found: dict[tuple[str, Path], RunRow] = {}
    for row in rows:
        kept = found.setdefault((row.name, row.path), row)
        if kept.run_id < row.run_id:
            found[row.name, row.path] = row
    return list(found.values())


def _find(listed: Sequence[RunRow], wanted: str, database: Path) -> RunRow:
    """The run that is meant by a number or a name."""
    found = next((row for row in listed if str(row.run_id) == wanted), None)
    if found is None:
        found = next((row for row in listed if row.name == wanted), None)
    if found is None:
        raise WrongUse(
            f"There is no run '{wanted}' in {database}.",
            hint=f"The newest runs are {', '.join(f'{row.run_id} ({row.name})' for row in listed[:5])}."
            if listed
            else "The database is empty: run files first.",
        )
    return found
