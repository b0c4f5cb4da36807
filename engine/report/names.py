"""Names for the files of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.report.fastqc import report_name
from engine.report.html.elements import legible

RESERVED = frozenset({"index", "lanescope", "lanescope_modules", "lanescope_mqc"})
"""What files about all runs are called."""

_LONGEST = 200
"""Bytes of UTF-8 that files begin with: with what is added, such as ``_2_compared_plots``, a name can have 255."""


def stem(filename: str) -> str:
    """What the files of a report begin with: ``reads`` for ``reads.fastq.gz``, as FastQC derives it."""
    return report_name(filename).removesuffix("_fastqc") or filename


def distinct_filenames(paths: Sequence[Path]) -> list[str]:
    """A file's name for each path, with stems that differ, also where capitals count for nothing.

    It is the file's own where no other gives the same stem, else with its folder's before it. Where that is not
    enough, and for a file given twice, a number stands before the ending. Of names so long that no file of a report
    could have them, the beginning is left.
    """
    own = [_short(legible(path.name)) for path in paths]
    count = Counter(_key(name) for name in own)
    taken = set(RESERVED)
    distinct = []
    for path, name in zip(paths, own, strict=True):
        wanted = name if count[_key(name)] == 1 else _short(f"{legible(path.parent.name)}_{name}".lstrip("_"))
        number, candidate = 1, wanted
        while _key(candidate) in taken:
            number += 1
            candidate = f"{stem(wanted)}_{number}{wanted[len(stem(wanted)) :]}"
        taken.add(_key(candidate))
        distinct.append(candidate)
    return distinct


def _short(filename: str) -> str:
    beginning = stem(filename)
    left = beginning.encode()[:_LONGEST].decode(errors="ignore")  # without half a letter at its end
    return left + filename[len(beginning) :]


def _key(filename: str) -> str:
    return stem(filename).casefold()
