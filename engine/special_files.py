"""What is there by a name and is no file: pipes, devices, sockets."""

from __future__ import annotations

import stat
from pathlib import Path


def is_special(path: Path) -> bool:
    """Whether it is there, and neither a file nor a folder.

    Reading it uses it up, writing into it makes nothing that could be found later, and to open it may take for ever.
    A name that cannot be is not: whoever opens it tells so.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # the second: a zero byte in the path
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
