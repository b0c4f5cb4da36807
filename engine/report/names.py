"""Names for the files of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """A name for each path, its file's own where no other has the same, else with its folder's before it.

    Where that is not enough, and for a file given twice, a number follows.
    """
    plain = Counter(path.name for path in paths)
    names = [path.name if plain[path.name] == 1 else f"{path.parent.name}_{path.name}".lstrip("_") for path in paths]
    taken: set[str] = set()
    distinct = []
    for name in names:
        number, candidate = 1, name
        while candidate in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate)
        distinct.append(candidate)
    return distinct
