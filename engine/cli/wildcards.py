"""``*.fastq.gz``, which shells put the names for, but for those of Windows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

_SIGNS = frozenset("*?[")


def expanded(paths: Iterable[Path], platform: str = sys.platform) -> list[Path]:
    """The paths with all that is there in the place of patterns, by name; what fits nothing stays as it is.

    Args:
        paths: as somebody gave them.
        platform: as `sys.platform` has it; patterns are names like any other but on Windows.
    """
    if platform != "win32":
        return list(paths)
    return [path for given in paths for path in (_fitting(given) or [given])]


def _fitting(pattern: Path) -> list[Path]:
    """What is there of a pattern; as in a shell, hidden files have to be asked for."""
    parts = pattern.parts
    first = next((at for at, part in enumerate(parts) if _SIGNS & set(part)), None)
    if first is None or pattern.exists():
        return []
    is_hidden_wanted = parts[-1].startswith(".")
    found = sorted(Path(*parts[:first]).glob(str(Path(*parts[first:]))))
    return [path for path in found if is_hidden_wanted or not path.name.startswith(".")]


class PutNames(argparse.Action):
    """Takes names of files, and patterns for them on Windows."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: object, _option: object = None) -> None:
        """Keeps them."""
        assert isinstance(values, list)  # noqa: S101 - of an argument that takes several
        setattr(namespace, self.dest, expanded(values))
