"""What a checkpoint keeps of the files that a run writes, and whether they are still there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.checkpoint.state import State
from engine.errors import CheckpointError

_TAIL = 1 << 16
"""Bytes before the place of a checkpoint that are compared when a file is taken up again."""


@dataclass(frozen=True, slots=True)
class FileState:
    """One output file at a mark.

    Attributes:
        path: what it becomes, links followed.
        temporary: name of the file, in the same folder, that is written until then.
        file_bytes: its length.
        text_bytes: bytes of text in it.
        reads: records in it.
        crc: CRC-32 of the text, where the packing needs one.
        has_ended: nothing more comes into it.
        tail: SHA-256 of the last 64 KiB; empty until `settled`.
    """

    path: str
    temporary: str
    file_bytes: int
    text_bytes: int
    reads: int
    crc: int
    has_ended: bool
    tail: str = ""

    @property
    def place(self) -> Path:
        """The file that is written."""
        return Path(self.path).with_name(self.temporary)


@dataclass(frozen=True, slots=True)
class SinkState:
    """All output files at a mark.

    Attributes:
        number: of the batch after it.
        streams: the files of each stream, part by part or sample by sample.
        split: number of the part that the next record may go to, and the records in it.
    """

    number: int
    streams: tuple[tuple[FileState, ...], ...]
    split: tuple[int, int]

    def files(self) -> Iterator[FileState]:
        """Every file."""
        return (file for stream in self.streams for file in stream)

    def state(self) -> State:
        """For a checkpoint."""
        return asdict(self)

    @classmethod
    def of(cls, state: object) -> SinkState:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        try:
            return _STATES.validate_python(state)
        except ValidationError as error:
            raise CheckpointError("It does not tell how far the output was written.") from error

    def settled(self) -> SinkState:
        """With what has been written safe on the disk, and the end of each file noted.

        Raises:
            OSError: a file cannot be read, or not be brought to the disk.
        """
        return replace(self, streams=tuple(tuple(map(_settled, stream)) for stream in self.streams))

    def difference(self, *, are_named: bool = False) -> str | None:
        """Why the files cannot be gone on with, as a sentence; ``None``: they can.

        Args:
            are_named: the run was about to end, so that some may have their names by now.
        """
        return next((words for file in self.files() if (words := _difference(file, are_named=are_named))), None)


_STATES = TypeAdapter(SinkState)


def _settled(file: FileState) -> FileState:
    # A descriptor that can write: some systems bring nothing to the disk through others.
    with file.place.open("r+b") as written:
        os.fsync(written.fileno())
        return replace(file, tail=_tail_of(written.fileno(), file.file_bytes))


def _tail_of(descriptor: int, size: int) -> str:
    os.lseek(descriptor, max(0, size - _TAIL), os.SEEK_SET)
    digest, left = hashlib.sha256(), min(size, _TAIL)
    while left and (piece := os.read(descriptor, left)):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()


def found(file: FileState) -> Path:
    """Where a file is: under its temporary name, or under the one that it was about to get."""
    return file.place if file.place.exists() else Path(file.path)


def _difference(file: FileState, *, are_named: bool) -> str | None:
    name = Path(file.path).name
    try:
        with (found(file) if are_named else file.place).open("r+b") as written:
            size = os.fstat(written.fileno()).st_size
            if size < file.file_bytes:
                return f"What was written of {name} has {size:,} bytes, and should have {file.file_bytes:,}."
            if _tail_of(written.fileno(), file.file_bytes) != file.tail:
                return f"What was written of {name} has been changed."
    except FileNotFoundError:
        return f"What was written of {name} is gone."
    except OSError as error:
        return f"What was written of {name} cannot be taken up: {(error.strerror or type(error).__name__).lower()}."
    return None
