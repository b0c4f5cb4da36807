"""Why a run that is queued does not begin."""

from __future__ import annotations

from collections.abc import Sequence

from engine.run.snapshot import RunSnapshot
from gui.models.format import one_line, plural
from gui.models.run_page import is_followed

_NEXT = "The engine is being made ready. This run comes next and begins by itself."


def ahead(going: Sequence[RunSnapshot], run_id: int, *, is_late: bool = False) -> str:
    """What comes before a run, in a sentence or two; empty where nothing does.

    Args:
        going: runs that are not over, in the order they were added.
        run_id: the run that waits.
        is_late: whether it should have begun by now.
    """
    ids = [run.run_id for run in going]
    before = going[: ids.index(run_id)] if run_id in ids else ()
    followed = next((run for run in before if is_followed(run)), None)
    if followed is not None:
        return (
            f"Runs go one after another, and {one_line(followed.name)} is followed until nothing more comes. "
            "Stop following it on its page, and the next run begins."
        )
    if not before:
        return _NEXT if is_late and run_id in ids else ""
    return f"Runs go one after another: {plural(len(before), 'run')} before this one."
