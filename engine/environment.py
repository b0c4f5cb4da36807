"""What a process may find about it when it starts that would break it later, and far from where it shows."""

from __future__ import annotations

import os
import sys
import time

from engine.errors import ShortageError

LEAST_MEMORY = {"RLIMIT_AS": (768 << 20, "ulimit -v"), "RLIMIT_DATA": (512 << 20, "ulimit -d")}
"""Bytes below which compiling kernels may end the process, and who limits them: LLVM raises no error to be told."""

_DAY = 24 * 60 * 60
_OF_NUMBA = "NUMBA_"
_HEEDED = ("NUMBA_CACHE_DIR", "NUMBA_CUDA_", "NUMBA_DISABLE_CUDA", "NUMBA_DISABLE_JIT", "NUMBA_ENABLE_CUDASIM")
"""Settings of Numba that Lanescope works with, or how their names begin."""


def settle_environment() -> str | None:
    """Takes out of the process's environment what it could not work with; imports nothing that is slow to load.

    Settings of Numba are made for programs that are written for them: among them are some that end in an error as soon
    as it is imported, or in LLVM.

    Returns:
        What a person should know of it, if there is anything.
    """
    for name in [name for name in os.environ if name.startswith(_OF_NUMBA) and not name.startswith(_HEEDED)]:
        del os.environ[name]
    if max(abs(time.timezone), abs(time.altzone)) < _DAY:
        return None
    # Which Python's times do not allow.
    zone = os.environ.get("TZ", "")
    os.environ["TZ"] = "UTC"
    if sys.platform != "win32":
        time.tzset()
    return f"The time zone {zone} is a day or more from UTC: times are told in UTC. Set TZ to another."


def refuse_scant_memory() -> None:
    """Looks at the limits of the process before kernels are loaded or compiled.

    Raises:
        ShortageError: the process may have too little memory to begin.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, (least, command) in LEAST_MEMORY.items():
        most, _ = resource.getrlimit(getattr(resource, kind))
        if most != resource.RLIM_INFINITY and most < least:
            error = ShortageError(
                f"This process may have {most >> 20:,} MiB of memory and needs {least >> 20:,} MiB to begin.",
                hint=f"Raise the limit ({command}), or ask whoever starts it for more memory.",
            )
            error.title = "There is not enough memory"
            raise error
