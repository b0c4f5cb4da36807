"""Semantic versions of pipelines."""

from __future__ import annotations

import re
from typing import Literal

PATTERN = (
    r"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})"
    r"(-(0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]{0,8}|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?$"
)
"""A version as https://semver.org has it, without build metadata: two builds of the same version are the same."""

LONGEST = 64
"""Characters of the longest version."""

Part = Literal["major", "minor", "patch"]
"""Which number of a version goes up."""

Order = tuple[int, int, int, bool, tuple[tuple[bool, int, str], ...]]
"""Sorts versions by precedence."""

_VERSION = re.compile(PATTERN, re.ASCII)


def is_version(text: str) -> bool:
    """Whether a text is a version such as ``1.4.0`` or ``2.0.0-beta.1``."""
    return len(text) <= LONGEST and _VERSION.fullmatch(text) is not None


def version_order(version: str) -> Order:
    """The key to sort a version by.

    Source: https://semver.org, "Precedence": numbers before texts, fewer parts before more, and every
    pre-release before its release.

    Raises:
        ValueError: it is no version.
    """
    if not is_version(version):
        raise ValueError(f"{version!r} is not a version")
    numbers, _, label = version.partition("-")
    major, minor, patch = map(int, numbers.split("."))
    labels = tuple(
        (not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in label.split(".") if part
    )
    return major, minor, patch, not label, labels


def next_version(version: str, part: Part = "patch") -> str:
    """The version after this one; a pre-release is followed by its release.

    Raises:
        ValueError: it is no version.
    """
    major, minor, patch, is_release, _ = version_order(version)
    if not is_release:
        return f"{major}.{minor}.{patch}"
    if part == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if part == "minor" else f"{major}.{minor}.{patch + 1}"
