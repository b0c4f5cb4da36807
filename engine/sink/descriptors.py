"""Room for many open files."""

from __future__ import annotations

import contextlib
import sys

_OTHERS = 200
"""Files that the program has open besides: inputs, the database, pipes."""


def make_room(files: int) -> None:
    """Lets this process have so many more files open, as far as the system allows.

    Args:
        files: how many will be opened.
    """
    if sys.platform == "win32":  # has no such limit on what is opened by `os.open`, but for 8,192 in all
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = files + _OTHERS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # What then is too much shows when it is opened.
        with contextlib.suppress(OSError, ValueError):
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
