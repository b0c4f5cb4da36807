"""When a process ends, nothing of a device is freed any more."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
import weakref
from contextlib import contextmanager

class Pending:
    is_disabled = False

    @contextmanager
    def disable(self):
        self.is_disabled = True
        yield

    def add(self):
        if not self.is_disabled:
            raise RuntimeError("[719] Call to cuLibraryUnload results in CUDA_ERROR_LAUNCH_FAILED")
        print("held back")

from engine.devices.ending import free_nothing_at_the_end

memory, code = Pending(), Pending()
made = [set(), set()]
weakref.finalize(made[0], memory.add)
weakref.finalize(made[1], code.add)
free_nothing_at_the_end((memory, code))
free_nothing_at_the_end((memory, code))
"""


def test_what_is_left_is_held_back() -> None:
    child = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, timeout=100, check=False)
    assert (child.returncode, child.stdout.split("\n"), child.stderr) == (0, ["held back", "held back", ""], "")
