"""A screen that nobody looks at, of a real window's size."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager

SIZE = (1440, 900)


class NoScreen(Exception):
    """There is no Xvfb here (Debian's package ``xvfb``)."""


@contextmanager
def screen() -> Generator[dict[str, str]]:
    """The environment of a process on a fresh X server that ends with the block.

    Raises:
        NoScreen: Xvfb is not installed.
    """
    if shutil.which("Xvfb") is None:
        raise NoScreen
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as numbers:
                number = numbers.readline().strip()
            yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
