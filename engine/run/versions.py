"""What took part in a run."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

LANESCOPE = "0.1.0"
"""The version of this source tree."""

_COMPONENTS = ("numpy", "numba", "isal", "sqlite-utils")


@cache
def component_versions() -> dict[str, str]:
    """Component to version, for the record of a run."""
    found = {"lanescope": LANESCOPE, "python": platform.python_version()}
    for name in _COMPONENTS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a bundle without package metadata
            found[name] = "unknown"
    return found
