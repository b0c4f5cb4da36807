"""Whether an input is still the one that was read before."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from engine.errors import CheckpointError

_ENDS = 1 << 16
"""Bytes at both ends of a file that are compared."""


class InputIdentity(BaseModel):
    """What is known of a file without reading the whole of it.

    Attributes:
        path: the file, absolute.
        size: bytes.
        modified: time of the last change, nanoseconds since 1970.
        head: SHA-256 of the first 64 KiB.
        tail: SHA-256 of the last 64 KiB.
        may_grow: of a file that is being written, only so many bytes count, and any may follow.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    size: int
    modified: int
    head: str
    tail: str
    may_grow: bool = False

    @classmethod
    def of(cls, path: Path, most: int | None = None) -> InputIdentity:
        """The file as it is now.

        Args:
            path: the file.
            most: bytes that count of a file that grows; ``None``: all, of a file that does not.

        Raises:
            CheckpointError: it cannot be read.
        """
        try:
            with path.open("rb") as file:
                status = path.stat()
                size = status.st_size if most is None else min(status.st_size, most)
                head = hashlib.sha256(file.read(min(size, _ENDS))).hexdigest()
                file.seek(max(0, size - _ENDS))
                tail = hashlib.sha256(file.read(min(size, _ENDS))).hexdigest()
        except OSError as error:
            raise CheckpointError(
                f"{path.name} cannot be read: {(error.strerror or type(error).__name__).lower()}.",
                hint="Put the file back where it was, or start the run anew.",
            ) from error
        return cls(
            path=path.absolute(),
            size=size,
            modified=status.st_mtime_ns,
            head=head,
            tail=tail,
            may_grow=most is not None,
        )

    def text(self) -> str:
        """For a checkpoint; names of files that are no valid text survive it."""
        return json.dumps(self.model_dump() | {"path": str(self.path)})

    @classmethod
    def of_text(cls, text: str) -> Self:
        """What `text` gave.

        Raises:
            ValueError: this is something else.
        """
        values = json.loads(text)
        if isinstance(values, dict) and isinstance(values.get("path"), str):
            values["path"] = Path(values["path"])
        return cls.model_validate(values)

    def difference(self) -> str | None:
        """What has changed in the file since, as a sentence; ``None``: nothing.

        A file that was written again may differ in its middle, which nobody looks at: that is a change too.

        Raises:
            CheckpointError: the file cannot be read.
        """
        now = InputIdentity.of(self.path, self.size if self.may_grow else None)
        if self.may_grow:
            return self._rewritten(now)
        if now.size != self.size:
            change = "shrank" if now.size < self.size else "grew"
            return f"{self.path.name} {change} from {self.size:,} to {now.size:,} bytes."
        if now.head != self.head:
            return f"{self.path.name} begins with other reads than before."
        if now.tail != self.tail:
            return f"{self.path.name} ends with other reads than before."
        if now.modified != self.modified:
            return f"{self.path.name} has been written again since."
        return None

    def _rewritten(self, now: InputIdentity) -> str | None:
        """What has changed in what had been read of a file that grows."""
        if now.size < self.size:
            return f"{self.path.name} shrank to {now.size:,} bytes, and {self.size:,} of it had been read."
        if now.head != self.head:
            return f"{self.path.name} begins with other reads than before."
        if now.tail != self.tail:
            return f"{self.path.name} holds other reads before byte {self.size:,}, up to which it had been read."
        return None
