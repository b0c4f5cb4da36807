"""Files for the reads that are dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.reasons import Reason

REASONS = {reason.word: reason for reason in Reason}
"""Why reads are dropped, by the words that commands have for it."""


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """Where reads go that are dropped. They stand there as the last stage has left them.

    Attributes:
        path: single reads, or the first reads of pairs; both, in turn, where `second` is not given.
        second: the second reads of pairs.
        reason: which ones, a key of `REASONS`; empty: those for which there is no other file, but for mates that live
            on in the read that they were merged into.
    """

    path: Path
    second: Path | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.reason and self.reason not in REASONS:
            raise ValueError(f"reads are dropped for {', '.join(REASONS)}")

    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return (self.path,) if self.second is None else (self.path, self.second)

    def renamed(self, rename: Callable[[Path], Path]) -> DroppedFile:
        """The same with other names."""
        return replace(self, path=rename(self.path), second=None if self.second is None else rename(self.second))
