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
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    size: int
    modified: int
    head: str
    tail: str

    @classmethod
    def of(cls, path: Path) -> InputIdentity:
        """The file as it is now.

        Raises:
            CheckpointError: it cannot be read.
        """
        try:
            with path.open("rb") as file:
                head = hashlib.sha256(file.read(_ENDS)).hexdigest()
                status = path.stat()
                file.seek(max(0, status.st_size - _ENDS))
                tail = hashlib.sha256(file.read(_ENDS)).hexdigest()
        except OSError as error:
            raise CheckpointError(
                f"{path.name} cannot be read: {(error.strerror or type(error).__name__).lower()}.",
                hint="Put the file back where it was, or start the run anew.",
            ) from error
        return cls(path=path.absolute(), size=status.st_size, modified=status.st_mtime_ns, head=head, tail=tail)

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
        now = InputIdentity.of(self.path)
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
