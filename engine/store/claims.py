"""Files that runs are going to write which have not ended, in whatever process."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import LanescopeError
from engine.sink.errors import OutputTakenError
from engine.sink.names import are_one_file, folded, is_open_stream
from engine.special_files import is_special
from engine.store.going import GOING
from engine.store.kinds import NOT_UNDERSTOOD
from engine.store.owner import Owner
from engine.store.rows import parameters_from, text_from, time_from

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.sink.plan import OutputPlan


HEARD_OF = timedelta(hours=1)
"""Time for which what another machine claims is taken to be wanted there: one that goes writes every few seconds."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that a run is going to write.

    Attributes:
        path: the file, links followed.
        run_id: the run.
        name: what the run is called.
    """

    path: Path
    run_id: int
    name: str


def claims(connection: sqlite3.Connection) -> list[Claim]:
    """What runs are going to write that go or wait in a process that lives, as far as can be known.

    Of a process of another machine nobody knows, and machines, containers above all, do not come back under their old
    names: what it claims is its own for as long as it was heard of in the last hour.
    """
    wanted = "run_id, name, owner, parameters, max(saved) OVER (PARTITION BY owner)"
    query = f"SELECT {wanted} FROM runs WHERE {GOING}"  # noqa: S608 - both texts are ours
    found = []
    for run_id, name, owner, parameters, saved in connection.execute(query):
        # What cannot be understood keeps nobody from writing.
        with suppress(*NOT_UNDERSTOOD, LanescopeError):
            files = files_of(parameters_from(parameters))
            if files and _may_live(Owner.from_json(owner), time_from(saved)):
                found += [Claim(path, int(run_id), text_from(name)) for path in files]
    return found


def _may_live(owner: Owner, heard_of: datetime) -> bool:
    if owner.is_of_this_machine():
        return not owner.has_ended()
    return abs(datetime.now(UTC) - heard_of) < HEARD_OF  # either way: its clock may be ahead


def files_of(parameters: Mapping[str, JsonValue]) -> list[Path]:
    """The files that a run writes, links followed; pipes and devices, which take the reads of many, are left out.

    Args:
        parameters: of the run, as the store keeps them.

    Raises:
        ValueError: its output is none that Lanescope has.
    """
    output = parameters.get("output")
    if not isinstance(output, dict):
        return []
    from engine.sink.kept_plan import plan_from

    return files_in(plan_from(output))


def files_in(plan: OutputPlan) -> list[Path]:
    """The files of a plan, links followed, those included that only lend others their names; see `files_of`."""
    streams = plan.paths()
    named = dict.fromkeys([*streams, *(file for stream in streams for file in plan.files(stream))])
    return [path.resolve() for path in named if not is_open_stream(path) and not is_special(path)]


def refuse_taken(wanted: Iterable[Path], taken: Iterable[Claim], over: Collection[int] = ()) -> None:
    """Refuses files that another run is going to write.

    Args:
        wanted: the files, links followed.
        taken: what others are going to write.
        over: runs that have ended, whatever the database knows yet, or that ask.

    Raises:
        OutputTakenError: which file, and which run has it.
    """
    claimed: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in taken:
        if claim.run_id not in over:
            claimed[folded(claim.path.name)].append(claim)
    for path in wanted:
        for claim in claimed.get(folded(path.name), ()):
            if are_one_file(claim.path, path):
                raise OutputTakenError(path, claim.run_id, claim.name)
