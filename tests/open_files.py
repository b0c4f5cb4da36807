"""Whether whoever has written or read files has closed them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_file_left_open(tmp_path: Path) -> Generator[None]:
    """Fail the test that leaves a file of its own open: a run of hundreds of files would have no room for more."""
    yield
    if sys.platform != "linux":  # only there can it be seen
        return
    if _open_in(tmp_path):
        gc.collect()
    assert _open_in(tmp_path) == []


def _open_in(folder: Path) -> list[str]:
    names = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            names.append(str(descriptor.readlink()))
        except FileNotFoundError:  # that of the folder itself, which is closed by now
            continue
    return [name for name in names if f"{name}/".startswith(f"{folder}/")]
