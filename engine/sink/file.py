"""An output file that is there whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.checkpoint.leftovers import temporary_ending
from engine.sink.codecs import Framing, Packing, Piece
from engine.sink.errors import NoSpaceError, OutputError, OutputIsInputError
from engine.sink.names import is_written_directly
from engine.sink.pipe import Pipe
from engine.sink.state import FileState
from engine.sink.writing_out import begin_writing_out
from engine.whole_file import give_name

RESERVE = 64 << 20
"""Bytes that are left free on the output's disk, which others need too, Lanescope's own records among them."""

_CHECK_EVERY = 64 << 20
_WRITE_OUT_EVERY = 8 << 20


class OutputFile:
    """Written under a temporary name beside the file it becomes, and renamed by `publish`.

    A name that leads to something else than a file, a pipe or ``/dev/stdout``, is written to directly.

    Attributes:
        path: where the reads go, links followed.
        reads: records written.
        text_bytes: bytes of text written.
        file_bytes: bytes written.
    """

    def __init__(
        self,
        path: Path,
        packing: Packing,
        *,
        inputs: Iterable[Path] = (),
        replace: bool = False,
        expected: int = 0,
        token: str = "",
        start: FileState | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Opens the output.

        Args:
            path: where the reads go.
            packing: how.
            inputs: files that must not be written to.
            replace: an older file of this name may be replaced.
            expected: bytes that the file may come to have, for which there has to be room; 0: unknown.
            token: what the temporary name ends with, so that it can be found should this process be lost.
            start: cut what was written by another process back to this, and go on.
            is_wanted: whether the reads still are; asked while the reader of a pipe keeps them waiting.

        Raises:
            OutputIsInputError: it is one of the inputs, under whatever name.
            NoSpaceError: there is not enough room.
            OutputError: it is there already, or cannot be made.
        """
        self.reads = start.reads if start else 0
        self.text_bytes = start.text_bytes if start else 0
        self.file_bytes = start.file_bytes if start else 0
        self._named = path
        self._may_replace = replace
        self._inputs = tuple(inputs)
        self._framing = Framing(packing, start.crc, start.text_bytes) if start else Framing(packing)
        self._has_ended = False
        self._token = token
        self._unchecked = 0
        self._written_out = self.file_bytes
        self._temporary: Path | None = None
        self._descriptor = -1
        self._pipe: Pipe | None = None
        with self._whole_or_abandoned():
            self.path = path.resolve()
            self._check_inputs()
            if is_written_directly(path):
                self._open_pipe(is_wanted)
                return
            self._open(replace=replace, expected=expected, start=start)
            if start is None:
                self._write(self._framing.head())

    @contextmanager
    def _whole_or_abandoned(self) -> Iterator[None]:
        """Leaves nothing of the file where what is done within fails, and makes an `OutputError` of an `OSError`."""
        try:
            yield
        except OSError as error:
            self.abandon()
            raise self._trouble(error) from error
        except BaseException:
            self.abandon()
            raise

    def _check_inputs(self) -> None:
        for other in self._inputs:
            if self.path == other.resolve() or (self.path.exists() and other.exists() and self.path.samefile(other)):
                raise OutputIsInputError(f"{self._named} is the input {other}.", path=self._named)

    def _open_pipe(self, is_wanted: Callable[[], bool]) -> None:
        head = self._framing.head()
        self._pipe = Pipe(self._named, head, is_wanted)
        self.file_bytes = len(head)
        self.path = self._named  # links of pipes lead to names by which nobody knows them

    def _open(self, *, replace: bool, expected: int, start: FileState | None) -> None:
        if self._named.is_dir():
            raise OutputError(f"{self._named} is a folder.", path=self._named)
        if start is not None:
            self._check_room(0)
            self._take_back(start)
        if self.path.exists() and not replace:
            raise OutputError(
                f"{self._named} is there already.",
                path=self._named,
                hint="Choose another name, or allow it to be replaced (on the command line with --force).",
            )
        if not self.path.parent.is_dir():
            raise OutputError(f"There is no folder {self.path.parent}.", path=self._named)
        if start is not None:
            self._take_up(start)
            return
        self._check_room(expected)
        ending = temporary_ending(self._token) if self._token else ""
        self._descriptor, name = tempfile.mkstemp(ending, f".{self.path.name[:200]}.", self.path.parent)
        self._temporary = Path(name)

    def _take_back(self, start: FileState) -> None:
        """Takes the name from a file that got it when its run was about to end."""
        temporary = self.path.with_name(start.temporary)
        if not temporary.exists() and self.path.is_file():
            self.path.replace(temporary)

    def _take_up(self, start: FileState) -> None:
        """Opens what another process has written, and cuts it back."""
        temporary = self.path.with_name(start.temporary)
        self._descriptor = os.open(temporary, os.O_RDWR | getattr(os, "O_BINARY", 0))
        size = os.fstat(self._descriptor).st_size
        if size < start.file_bytes:
            raise OutputError(
                f"What was written of {self._named} has {size:,} bytes, and should have {start.file_bytes:,}.",
                path=self._named,
                hint="Start the run anew.",
            )
        os.ftruncate(self._descriptor, start.file_bytes)
        os.lseek(self._descriptor, 0, os.SEEK_END)
        self._temporary = temporary
        self._has_ended = start.has_ended
        if start.has_ended:
            self._close()

    def state(self) -> FileState | None:
        """The file between two pieces, for a checkpoint; ``None`` where it is none that can be gone on with."""
        if self._temporary is None:
            return None
        return FileState(
            str(self.path),
            self._temporary.name,
            self.file_bytes,
            self.text_bytes,
            self.reads,
            self._framing.crc,
            self._has_ended,
        )

    def _check_room(self, wanted: int) -> None:
        free = shutil.disk_usage(self.path.parent).free
        if free < wanted + RESERVE:
            raise NoSpaceError(
                f"{self._named} needs about {wanted + RESERVE >> 20:,} MiB of room; there are {free >> 20:,} MiB.",
                path=self._named,
            )

    def write(self, piece: Piece) -> None:
        """Adds a piece.

        Raises:
            NoSpaceError: the disk is full, or nearly so.
            OutputError: it cannot be written.
            SinkAborted: it is a pipe whose reader keeps the reads waiting, and nobody wants them any more.
        """
        try:
            self._write(piece.data)
        except OSError as error:
            raise self._trouble(error) from error
        self._framing.add(piece)
        self.reads += piece.reads
        self.text_bytes += piece.text_bytes

    def _write(self, data: bytes | memoryview) -> None:
        if self._pipe is not None:
            self._pipe.write(data)
            self.file_bytes += len(data)
            return
        left = memoryview(data)
        self._unchecked += len(left)
        if self._unchecked > _CHECK_EVERY:
            self._unchecked = 0
            self._check_room(len(left))
        while left:
            written = os.write(self._descriptor, left)
            self.file_bytes += written
            left = left[written:]
        ready = self.file_bytes - self._written_out
        if ready >= _WRITE_OUT_EVERY:
            begin_writing_out(self._descriptor, self._written_out, ready)
            self._written_out += ready

    def end(self) -> None:
        """Writes the file to its end, and to the disk.

        Raises:
            OutputError: it cannot be written to the end; nothing is left of it.
        """
        if self._has_ended:
            return
        with self._whole_or_abandoned():
            self._write(self._framing.tail())
            if self._pipe is not None:
                self._pipe.end()
            if self._temporary is not None:
                os.fsync(self._descriptor)
                self._give_usual_rights(self._temporary)
            self._close()
            self._has_ended = True

    def check_free(self) -> None:
        """Makes sure that nobody has taken the name since it was found free.

        Raises:
            OutputError: somebody has.
        """
        if self._temporary is not None and not self._may_replace and self.path.exists():
            raise OutputError(
                f"{self._named} was made by somebody else while the reads were written; it was not touched.",
                path=self._named,
                hint="Choose another name, or allow it to be replaced (on the command line with --force).",
            )

    def publish(self) -> None:
        """Gives the file its name, after `end`.

        Raises:
            OutputError: it cannot get it; nothing is left of it.
        """
        with self._whole_or_abandoned():
            self._check_inputs()
            self.check_free()
            if self._temporary is not None:
                give_name(self._temporary, self.path)
                self._temporary = None

    def abandon(self) -> None:
        """Removes what has been written. Does nothing after `publish`."""
        self._close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)
            self._temporary = None

    def leave(self) -> None:
        """Lets go of it under its temporary name."""
        self._close()
        self._temporary = None

    def _close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _give_usual_rights(self, temporary: Path) -> None:
        """Those of the file that is replaced, or what any new file would get."""
        mask = os.umask(0)
        os.umask(mask)
        rights = stat.S_IMODE(self.path.stat().st_mode) if self.path.exists() else 0o666 & ~mask
        temporary.chmod(rights)

    def _trouble(self, error: OSError) -> OutputError:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            return NoSpaceError(f"{self._named}: {error.strerror}.", path=self._named)
        return OutputError(f"{self._named} cannot be written: {error.strerror or error}.", path=self._named)
