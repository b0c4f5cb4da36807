"""Reads while they are being written: a file that grows, a folder that fills."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from pathlib import Path

from engine.errors import FastqFormatError, InputError
from engine.source.base import ByteSource
from engine.source.filling import FillingFolder
from engine.source.followed import Finished, FollowedPlace
from engine.source.growing import GrowingDevice, Patience
from engine.source.recognise import decoded
from engine.source.skipping import skip
from engine.source.stored import StoredInput
from engine.source.trouble import input_error

_NEWLINE = 10


class FollowSource:
    """The reads of a file that grows, or of the files that appear in a folder, as they come.

    Ends when nothing new has come for `silence` seconds, or when `stop` is called. What is still
    being written is waited for: the last line, the last member of a gzip file. If it is incomplete
    when the silence is over, that is the error that it would be in any file.

    Files of a folder are read in the order of their names, numbers in them counted; one that
    appears later than its name would have it is read when it appears. A file gives way to the
    next when it is complete in itself and has not changed for a while; if it grows after that, the
    end is an error that names it. Formats are told as `open_source` tells them; files that hold no
    reads are passed over, unless they are named as FASTQ, which is an error at the end.

    Args:
        path: the file or folder; it must exist.
        silence: seconds; ``None``: until stopped.
        start: where to begin, if not at the beginning; what of its files is not there any more has been read.
        threads: that may decompress.
        interval: seconds between two looks at a file that does not grow.
        settling: seconds without a change after which a file of a folder gives way to the next.
        repeats: secondary and supplementary records of BAM and SAM are reads too.

    Raises:
        InputError: the path does not exist or cannot be looked at.
    """

    kind = "followed"
    size: int | None = None

    def __init__(
        self,
        path: Path,
        *,
        silence: float | None = None,
        start: FollowedPlace | None = None,
        threads: int = 2,
        interval: float = 0.25,
        settling: float = 2.0,
        repeats: bool = False,
    ) -> None:
        try:
            path.stat()
        except OSError as error:
            raise input_error(error, path) from error
        self._path = path
        self._threads = threads
        self._repeats = repeats
        self._settling = settling
        self._patience = Patience(path, silence, interval)
        self._folder = FillingFolder(path) if path.is_dir() else None
        self._guard = threading.Lock()
        self._is_closed = False
        self._is_over = False
        self._file: Path | None = None
        self._stored: StoredInput | None = None
        self._source: ByteSource | None = None
        self._start = start = start or FollowedPlace()
        self._finished = list(start.finished)
        self._text_bytes = start.finished[-1].text_end if start.finished else 0
        if self._folder is not None:
            for finished in start.finished:
                self._folder.take(finished.path)
        self._ends_line = True

    @property
    def position(self) -> int:
        """Stored bytes of all files that have been consumed."""
        source = self._source
        return sum(finished.size for finished in self._finished) + (source.position if source else 0)

    @property
    def file(self) -> Path | None:
        """The file that is being read, or was read last; ``None`` before the first."""
        return self._file

    def file_at(self, offset: int) -> tuple[Path, int]:
        """Which file a place in the text is from, and where in that file's own text it stands.

        Args:
            offset: bytes of text, from 0; not beyond what has been handed out.
        """
        start = 0
        is_last = self._source is None  # then the end of the text is the end of the last file
        for number, finished in enumerate(self._finished, 1):
            if offset < finished.text_end or (is_last and number == len(self._finished)):
                return finished.path, offset - start
            start = finished.text_end
        return self._file or self._path, offset - start

    def place_at(self, offset: int) -> FollowedPlace:
        """Where another one is to begin that is to go on with a place in the text, by any thread.

        Args:
            offset: see `file_at`; the beginning of a line.
        """
        with self._guard:
            finished, file = tuple(self._finished), self._file
            stored = 0 if self._stored is None else self._stored.position
        start = 0
        for number, each in enumerate(finished):
            # The last one may have grown by then.
            if offset < each.text_end or each.path == file:
                return FollowedPlace(finished[:number], each.path, each.size, offset - start)
            start = each.text_end
        return FollowedPlace(finished, file, stored, offset - start)

    def placed(self, error: FastqFormatError) -> FastqFormatError:
        """The error with the file that it is in, and its place there; record and line are counted from the first."""
        if self._folder is None:
            return error
        path, offset = self.file_at(error.offset)
        return FastqFormatError(
            f"{error.reason} Records and lines are counted from the first file of {self._path.name}.",
            path=path,
            record=error.record,
            line=error.line,
            offset=offset,
        )

    def stop(self) -> None:
        """Ends it, in whatever thread: `read_into` raises `FollowStopped` at once, also if it waits just now."""
        self._patience.stop()

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`.

        Raises:
            FollowStopped: `stop` or `close` was called.
        """
        while not self._is_over:
            self._patience.check()
            if self._source is None:
                path = self._next_file()
                if path is None:
                    self._is_over = True
                    self._check_finished()
                    break
                self._source = self._open(path)
                if not self._ends_line:  # the last line of the file before has no end
                    target[0] = _NEWLINE
                    self._finished[-1] = replace(self._finished[-1], text_end=self._text_bytes + 1)
                    return self._counted(target[:1])
            count = self._source.read_into(target)
            if count:
                return self._counted(target[:count])
            self._finish()
        return 0

    def _counted(self, text: memoryview) -> int:
        self._text_bytes += len(text)
        self._ends_line = text[-1] == _NEWLINE
        return len(text)

    def _next_file(self) -> Path | None:
        """The next file to read, waited for; ``None`` at the end."""
        if (begun := self._start.file) is not None:
            if self._folder is not None:
                self._folder.take(begun)
            return begun
        if self._folder is None:
            return None if self._finished else self._path
        if not self._finished:
            self._patience.begin()
        while (path := self._folder.next()) is None:
            if not self._patience.wait():
                if error := self._folder.refused():
                    raise error
                if not self._finished:
                    raise InputError(
                        f"No reads came to {self._path.name}.",
                        path=self._path,
                        hint="Check that the sequencer writes there.",
                    )
                return None
        self._folder.take(path)
        return path

    def _open(self, path: Path) -> ByteSource:
        try:
            device = GrowingDevice(path, self._patience, self._has_successor)
        except OSError as error:
            raise input_error(error, path) from error
        with self._guard:
            self._file = path
            self._stored = StoredInput(path, device)
            if self._is_closed:
                self._stored.close()
        source = decoded(self._stored, self._threads, repeats=self._repeats)
        offset, self._start = self._start.offset, FollowedPlace()
        self._text_bytes += skip(source, offset)
        return source

    def _has_successor(self) -> bool:
        """Whether the next file has begun, and the one that is read has not changed for a while."""
        if self._folder is None or self._file is None:
            return False
        path = self._folder.next()
        if path is None:
            return False
        try:
            # Both times are the file server's, so that it does not matter whether its clock is right.
            apart = path.stat().st_mtime - self._file.stat().st_mtime
        except OSError:
            apart = 0.0
        return apart > self._settling or self._patience.quiet >= self._settling

    def _finish(self) -> None:
        if self._source is not None and self._stored is not None and self._file is not None:
            with self._guard:
                self._finished.append(Finished(self._file, self._stored.position, self._text_bytes))
            self._source.close()
            self._source = None

    def _check_finished(self) -> None:
        for finished in self._finished:
            try:
                size = finished.path.stat().st_size
            except OSError:
                continue  # moved away since, which is not our business
            if size > finished.size:
                raise InputError(
                    f"{finished.path.name} grew by {size - finished.size:,} bytes after it was taken for finished.",
                    path=finished.path,
                    hint="Run it again now that it is complete.",
                )

    def close(self) -> None:
        """See `ByteSource.close`; a thread that reads gets `FollowStopped`."""
        self._patience.stop()
        with self._guard:
            self._is_closed = True
            if self._source is not None:
                self._source.close()
            elif self._stored is not None:
                self._stored.close()


def check_growing(path: Path) -> None:
    """Makes sure that an input can be followed.

    Raises:
        InputError: there is no such file or folder, or it is neither, such as a pipe.
    """
    try:
        is_followed = stat.S_ISREG(mode := path.stat().st_mode) or stat.S_ISDIR(mode)
    except OSError as error:
        raise input_error(error, path) from error
    if not is_followed:
        raise InputError(
            f"{path.name} is neither a file nor a folder.", path=path, hint="Pipes are read as they come anyway."
        )
