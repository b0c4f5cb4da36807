"""Runs that a plugin took part in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.run.state import RunState
from engine.store.kinds import NOT_UNDERSTOOD, refuse_other_kinds
from engine.store.rows import text_from, time_from


@dataclass(frozen=True, slots=True)
class PluginRun:
    """What a plugin did in one run; both reads of a pair count.

    Attributes:
        run_id: key in the store.
        name: what the run is called.
        state: where it stands.
        created: when it was made, local time with zone.
        reads_in: reads that came to the plugin.
        reads_out: reads that it kept.
        failures: batches that it failed on.
        errors: the first errors, in words.
    """

    run_id: int
    name: str
    state: RunState
    created: datetime
    reads_in: int
    reads_out: int
    failures: int
    errors: tuple[str, ...]


_QUERY = """
    SELECT run_id, name, state, created, pipeline FROM runs
    WHERE deleted_at IS NULL AND instr(pipeline, ?) ORDER BY run_id DESC
"""


def plugin_rows(connection: sqlite3.Connection, plugin: str, most: int) -> list[PluginRun]:
    """The newest runs with a stage of this kind, at most ``most``."""
    found: list[PluginRun] = []
    for row in connection.execute(_QUERY, (json.dumps(plugin),)):
        with suppress(*NOT_UNDERSTOOD):  # one damaged record must not hide the others
            stages = [stage for stage in _stages(json.loads(row["pipeline"])["stages"]) if stage["kind"] == plugin]
            if stages:
                run = _run(row, stages)
                refuse_other_kinds(run)
                found.append(run)
        if len(found) == most:
            break
    return found


def _stages(stages: list[Any]) -> Iterator[Any]:
    for stage in stages:
        yield stage
        yield from _stages(stage["stages"])


def _run(row: sqlite3.Row, stages: list[Any]) -> PluginRun:
    return PluginRun(
        run_id=row["run_id"],
        name=text_from(row["name"]),
        state=RunState(row["state"]),
        created=time_from(row["created"]),
        reads_in=stages[0]["reads_in"],
        reads_out=stages[-1]["reads_out"],
        failures=sum(stage["failures"] for stage in stages),
        errors=tuple(error for stage in stages for error in stage["errors"]),
    )
