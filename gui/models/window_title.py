"""What the title of the window says: how far the work is, for the taskbar and the list of windows."""

from __future__ import annotations

from collections.abc import Sequence

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.format import one_line
from gui.models.run_page import STATE_WORDS, progress

_NAME = "Lanescope"


def window_title(going: Sequence[RunSnapshot]) -> str:
    """Share, name of the first run, how many more, and the application; its name alone where nothing is ``going``.

    Args:
        going: runs that are not over, in the order they were added.
    """
    if not going:
        return _NAME
    first = next((run for run in going if run.state is not RunState.CREATED), going[0])
    share = progress(first) if first.state is RunState.RUNNING else None
    stands = STATE_WORDS[first.state] if share is None else f"{int(100 * share)} %"
    others = f" and {len(going) - 1:,} more" if len(going) > 1 else ""
    return f"{stands} · {one_line(first.name)}{others} \N{EN DASH} {_NAME}"
