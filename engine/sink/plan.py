"""Where the reads of a run go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.sink.codecs import Packing
from engine.sink.errors import OutputError

_ENDINGS = re.compile(r"(\.(fastq|fq))?(\.(gz|bgz|bgzf|zst|zstd))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """Files that a run writes.

    Attributes:
        first: single reads, or the first reads of pairs; both, in turn, where `second` is not given.
        second: the second reads of pairs.
        singletons: reads whose mate was dropped; without it they are not written.
        with_singletons: where pairs take turns in one file, reads whose mate was dropped, or merged into them, stand
            there too.
        packing: how; ``None``: as each name asks for.
        replace: older files of these names may be replaced.
        split_reads: a file takes so many single reads or pairs, then the next one begins; the files get numbers in
            their names. Singletons are never split.
        split_bytes: a file takes so many bytes of text, before compression, in whole records; at least one.
            Of pairs, the longer of the two records counts, so that the files of both go on side by side.
    """

    first: Path
    second: Path | None = None
    singletons: Path | None = None
    with_singletons: bool = False
    packing: Packing | None = None
    replace: bool = False
    split_reads: int | None = None
    split_bytes: int | None = None

    def __post_init__(self) -> None:
        if self.split_reads is not None and self.split_bytes is not None:
            raise ValueError("split by reads or by size, not both")
        if (self.split_reads is not None and self.split_reads < 1) or (
            self.split_bytes is not None and self.split_bytes < 1
        ):
            raise ValueError("a file takes at least one read")
        if self.with_singletons and (self.second is not None or self.singletons is not None or self.is_split):
            raise ValueError("singletons stand among pairs only in one file that is not split")

    @property
    def is_split(self) -> bool:
        """Whether there may be more than one file of each kind."""
        return self.split_reads is not None or self.split_bytes is not None

    def paths(self) -> tuple[Path, ...]:
        """The files of each stream, as named by the user."""
        return tuple(path for path in (self.first, self.second, self.singletons) if path is not None)

    def check(self) -> None:
        """Raises an `OutputError` where two streams go to the same file."""
        seen: dict[Path, Path] = {}
        for path in self.paths():
            other = seen.setdefault(path.resolve(), path)
            if other is not path:
                raise OutputError(f"{path} and {other} are the same file.", path=path)

    def packing_of(self, path: Path) -> Packing:
        """How a file is compressed."""
        return Packing.of(path) if self.packing is None else self.packing


def numbered(path: Path, number: int) -> Path:
    """The name of a part, from 1: ``reads.0001.fastq.gz`` of ``reads.fastq.gz``."""
    endings = _ENDINGS.search(path.name)
    at = endings.start() if endings else len(path.name)
    return path.with_name(f"{path.name[:at]}.{number:04}{path.name[at:]}")
