"""The list of runs and the search in it."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.run.snapshot import RunFailure
from engine.run.state import RunState
from engine.store.kinds import NOT_UNDERSTOOD, refuse_other_kinds
from engine.store.rows import failure_from, text_from, time_from

_DAMAGE = RunFailure(
    title="The record of this run is damaged",
    message="What the database of runs has of this run cannot be understood. Other runs are not affected.",
    hint="Delete it, and run its input again.",
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list.

    Attributes:
        run_id: key in the store.
        name: what it is called.
        path: the input.
        kind: how the input is stored; see `RunSnapshot.kind`.
        state: where it stands.
        created: when it was made, local time with zone.
        elapsed: seconds of work, pauses excluded.
        reads: reads processed.
        bases: bases processed.
        mean_quality: arithmetic mean over bases, Phred.
        gc_percent: over A, C, G and T, 0..100.
        bytes_total: size of the input file, or ``None`` where it has none.
        failure_title: one line on why it failed, or ``None``.
        failure_message: the same in full, or ``None``.
        files: where there are several, as of mates and lanes, all of them.
        has_begun: whether it has begun to read.
        profile: title of the profile that it is judged by; empty: the usual one.
    """

    run_id: int
    name: str
    path: Path
    kind: str
    state: RunState
    created: datetime
    elapsed: float
    reads: int
    bases: int
    mean_quality: float
    gc_percent: float
    bytes_total: int | None
    failure_title: str | None
    failure_message: str | None
    files: tuple[Path, ...] = ()
    has_begun: bool = False
    profile: str = ""


_LISTED = """
    SELECT run_id, name, path, kind, state, created, elapsed, bytes_total,
        reads, bases, mean_quality, gc_percent, failure, inputs, started IS NOT NULL AS has_begun,
        CASE WHEN json_valid(judged_by) THEN json_extract(judged_by, '$.limits.title') END AS profile
    FROM runs WHERE deleted_at IS NULL
"""
_QUERY = _LISTED + "ORDER BY run_id DESC"  # which no clock that is set can bring out of order
_THESE = _LISTED + "AND run_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - both texts are ours


def list_rows(connection: sqlite3.Connection, search: str) -> list[RunRow]:
    """The runs that hold every word of ``search`` somewhere in name, path, state or date; newest first.

    A run whose record cannot be understood is listed as failed.
    """
    words = _folded(search).split()
    rows = (_understood(row) for row in connection.execute(_QUERY))
    return [row for row in rows if _matches(row, words)]


def rows_of(connection: sqlite3.Connection, run_ids: Iterable[int]) -> list[RunRow]:
    """Those of ``run_ids`` that are there, in no order, and as `list_rows` gives them."""
    return [_understood(row) for row in connection.execute(_THESE, (json.dumps(list(run_ids)),))]


def _understood(row: sqlite3.Row) -> RunRow:
    try:
        listed = _run_row(row)
        refuse_other_kinds(listed)
    except NOT_UNDERSTOOD:
        return _damaged(row)
    return listed


def _damaged(row: sqlite3.Row) -> RunRow:
    """What can be said of a run whose record is not what Lanescope writes: one must not hide the others."""
    name, path = (_text_or(row[column], "?") for column in ("name", "path"))
    return RunRow(
        run_id=row["run_id"],
        name=name,
        path=Path(path.replace("\0", "?")),
        kind="",
        state=RunState.FAILED,
        created=datetime.fromtimestamp(0, UTC).astimezone(),
        elapsed=0.0,
        reads=0,
        bases=0,
        mean_quality=float("nan"),
        gc_percent=float("nan"),
        bytes_total=None,
        failure_title=_DAMAGE.title,
        failure_message=_DAMAGE.message,
    )


def _text_or(value: object, other: str) -> str:
    return text_from(value) if isinstance(value, str | bytes) else other


def _run_row(row: sqlite3.Row) -> RunRow:
    failure = failure_from(row["failure"])
    return RunRow(
        run_id=row["run_id"],
        name=text_from(row["name"]),
        path=Path(text_from(row["path"])),
        kind=row["kind"],
        state=RunState(row["state"]),
        created=time_from(row["created"]),
        elapsed=row["elapsed"],
        reads=row["reads"],
        bases=row["bases"],
        mean_quality=_number(row["mean_quality"]),
        gc_percent=_number(row["gc_percent"]),
        bytes_total=row["bytes_total"],
        failure_title=failure.title if failure else None,
        failure_message=failure.message if failure else None,
        files=tuple(Path(path) for files in json.loads(row["inputs"]) for path in files),
        has_begun=bool(row["has_begun"]),
        profile=row["profile"] or "",
    )


def _matches(row: RunRow, words: Iterable[str]) -> bool:
    # Here and not in SQL: LIKE folds the case of ASCII alone, and dates are local to whoever looks.
    if not words:
        return True
    text = _folded(f"{row.name}\n{row.path}\n{row.state}\n{row.created:%Y-%m-%d %H:%M %d %B %Y}")
    return all(word in text for word in words)


def _folded(text: str) -> str:
    """Without case, and with each accented letter written one way: file systems differ in that."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _number(value: float | None) -> float:
    """SQLite keeps what is not a number as NULL."""
    return float("nan") if value is None else value
