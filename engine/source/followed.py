"""How far a growing input has been read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Finished:
    """A file that has been read to its end.

    Attributes:
        path: the file.
        size: bytes of it as stored.
        text_end: bytes of text up to its end, those of the files before it included.
    """

    path: Path
    size: int
    text_end: int


@dataclass(frozen=True, slots=True)
class FollowedPlace:
    """A place in the text of a growing input.

    Attributes:
        finished: the files before, in the order in which they were read.
        file: the one in which it lies; ``None``: none had been begun.
        stored: bytes of that one as stored, in which all text up to the place is.
        offset: bytes of that one's own text before it.
    """

    finished: tuple[Finished, ...] = ()
    file: Path | None = None
    stored: int = 0
    offset: int = 0

    def state(self) -> dict[str, Any]:
        """As plain values; names of files that are no valid text survive it."""
        return {
            "finished": [[str(each.path), each.size, each.text_end] for each in self.finished],
            "file": None if self.file is None else str(self.file),
            "stored": self.stored,
            "offset": self.offset,
        }

    @classmethod
    def of(cls, state: Any) -> Self:
        """What `state` gave.

        Raises:
            ValueError: this is something else.
        """
        try:
            finished = tuple(Finished(Path(path), int(size), int(end)) for path, size, end in state["finished"])
            file = None if state["file"] is None else Path(state["file"])
            return cls(finished, file, int(state["stored"]), int(state["offset"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no place in a followed input") from error
