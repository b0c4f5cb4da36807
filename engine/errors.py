"""Errors of the environment: what a user can act on.

Anything else that escapes is a defect of Lanescope.
"""

from __future__ import annotations

import errno
from pathlib import Path

_NO_THREAD = "can't start new thread"
"""What Python says where the system has no thread, or no memory for one's stack."""


class LanescopeError(Exception):
    """Something the user can do something about.

    Attributes:
        title: one line that says what went wrong.
        hint: one sentence that says what to do.
        is_refusal: what was asked for cannot be, whatever the reads are like, and so nothing was begun.
    """

    title = "Lanescope could not continue"
    hint = ""
    is_refusal = False

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class ShortageError(LanescopeError):
    """The system has given all of something that there is, or that it lets this process have."""


def shortage_of(error: BaseException) -> ShortageError | None:
    """What the system had too little of, where an error of Python's tells so; ``None`` for any other error."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        short = ShortageError("The memory ran out.", hint="Close other programs, or take fewer threads.")
        short.title = "There is not enough memory"
    elif isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        short = ShortageError(
            "The system opens no more files for Lanescope.",
            hint="Close other programs, or raise the limit (ulimit -n), then do it again.",
        )
        short.title = "Too many files are open"
    elif isinstance(error, BlockingIOError) or (isinstance(error, RuntimeError) and str(error).startswith(_NO_THREAD)):
        short = ShortageError(
            "The system starts no more threads or processes for Lanescope.",
            hint="Close other programs, or raise the limits on processes and memory (ulimit -u, ulimit -v).",
        )
        short.title = "Too many threads are running"
    else:
        return None
    return short


class CheckpointError(LanescopeError):
    """A checkpoint cannot be written, read or continued from."""

    title = "The run cannot go on from its checkpoint"
    hint = "Choose an earlier checkpoint, or start the run anew."


class InputError(LanescopeError):
    """An input cannot be read.

    Attributes:
        path: the file, as the user named it.
    """

    title = "This file cannot be read"

    def __init__(self, message: str, *, path: Path, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class CompressedStreamError(InputError):
    """A compressed stream is truncated or corrupt.

    Attributes:
        offset: position in the compressed file, in bytes, at or before the damage.
    """

    title = "The compressed data is damaged"
    hint = "Copy or download the file again, and compare its checksum with the source."

    def __init__(self, message: str, *, path: Path, offset: int, hint: str | None = None) -> None:
        super().__init__(message, path=path, hint=hint)
        self.offset = offset


class AlignmentFormatError(InputError):
    """A BAM or SAM file is damaged, or has records that cannot be taken for reads.

    Attributes:
        record: number of the faulty record, from 1.
        offset: position of the record in the uncompressed file, in bytes, from 0.
        reason: what is wrong, without the place.
    """

    title = "This alignment file cannot be read"
    hint = "The reads before this place were counted. Fetch or make the file again, then run it anew."

    def __init__(self, reason: str, *, path: Path, record: int, offset: int, hint: str | None = None) -> None:
        super().__init__(f"{path.name}, record {record:,}, byte {offset:,}: {reason}.", path=path, hint=hint)
        self.record = record
        self.offset = offset
        self.reason = reason


class MateError(InputError):
    """Reads that should be pairs are not.

    Attributes:
        record: number of the first pair that is none, from 1.
    """

    title = "The reads of these pairs do not match"
    hint = "The pairs before this place were counted. Choose the two files that belong together, in whole."

    def __init__(self, message: str, *, path: Path, record: int, hint: str | None = None) -> None:
        super().__init__(message, path=path, hint=hint)
        self.record = record


class FastqFormatError(InputError):
    """The text is not valid FASTQ.

    Attributes:
        record: number of the faulty record, from 1.
        line: number of the faulty line, from 1.
        offset: position of the fault in the decompressed text, in bytes, from 0.
        reason: the sentence without the place.
    """

    title = "This is not valid FASTQ"
    hint = "The reads before this place were counted. Mend or fetch the file again, then run it anew."

    def __init__(self, reason: str, *, path: Path, record: int, line: int, offset: int) -> None:
        place = f"record {record:,}, line {line:,}, byte {offset:,}"
        name = "standard input" if path.name == "-" else path.name
        super().__init__(f"{name}, {place}: {reason}", path=path)
        self.record = record
        self.line = line
        self.offset = offset
        self.reason = reason
