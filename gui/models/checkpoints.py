"""What is safe of a run that was interrupted, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checkpoint.beside import checkpoints_of
from engine.errors import CheckpointError
from engine.run.snapshot import RunSnapshot
from gui.models.format import byte_size, duration, moment, plural

if TYPE_CHECKING:
    from engine.run.looking_into import FilePlace

# What looks into checkpoints loads NumPy, which a window that opens does not wait for: it is imported when wanted.


@dataclass(frozen=True, slots=True)
class CheckpointsPage:
    """What the window tells of the checkpoints of a run.

    Attributes:
        note: what is safe, in short.
        lines: how far each file was read and written, and the checkpoints, the newest first.
    """

    note: str
    lines: tuple[str, ...]


def present_checkpoints(database: Path, run: RunSnapshot, now: datetime) -> CheckpointsPage | None:
    """The page of a run; ``None``: it has no checkpoint that is whole. Reads files.

    Args:
        database: where the run is kept.
        run: as the database has it.
        now: see `gui.models.format.moment`.
    """
    from engine.run.looking_into import safe_in

    try:
        safe = safe_in(checkpoints_of(database, run.run_id), run)
    except (CheckpointError, OSError):  # whoever goes on with it is told why that cannot be
        return None
    if safe is None:
        return None
    lines = [f"Read {_read(file)}" for file in safe.files]
    if safe.left_out is not None:
        lines.append(f"Left out {plural(safe.left_out.reads, 'read')}")
    lines += [
        f"Written {Path(each.path).name}: {plural(each.reads, 'read')}, {byte_size(each.file_bytes)}"
        for each in safe.outputs
    ]
    lines += [
        f"Checkpoint {each.number:,} of {moment(each.written, now)}, {byte_size(each.size)}" for each in safe.kept
    ]
    return CheckpointsPage(f"{plural(safe.reads, 'read')}, {duration(safe.elapsed)} of work", tuple(lines))


def _read(file: FilePlace) -> str:
    place = file.place
    stored = "" if file.file_bytes is None else f", byte {file.file_bytes:,} of the file"
    where = f"record {place.records:,}, line {place.lines:,}, byte {place.offset:,} of its text"
    return f"{file.name}: up to {where}{stored}"


def remove_checkpoints(database: Path, run_id: int) -> int | None:
    """Removes those of a run, and its unfinished outputs; gives the bytes that became free.

    Returns:
        ``None`` where nothing was removed, since another process is at work on the run.
    """
    folder = checkpoints_of(database, run_id)
    return None if folder.lock.is_taken else folder.prune()
