"""The batches that a search looks at: those of file after file."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from engine.batch import ReadBatch
from engine.errors import InputError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.base import ByteSource
from engine.source.inputs import open_source
from engine.source.stored import StoredInput


@dataclass(frozen=True, slots=True, eq=False)
class FileBatch:
    """A batch and the file it is from; batches are numbered through all files."""

    file: Path
    batch: ReadBatch


class Feed:
    """Opens files one by one. `close` may be called by any thread, and wakes who waits for a pipe.

    Args:
        files: what to read, in order.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)
        self._guard = threading.Lock()
        self._opening: StoredInput | None = None
        self._source: ByteSource | None = None
        self._is_closed = False
        self._done = 0

    def batches(self, pool: BufferPool) -> Generator[FileBatch]:
        """All batches; their buffers are from the pool.

        Raises:
            InputError: a file cannot be read; what came before it has been handed out.
            PoolAborted: the pool was aborted.
        """
        number = 0
        for file in self._files:
            with ExitStack() as stack:
                source = self._opened(file, stack)
                if source is None:
                    return
                for batch in FastqParser(source, pool, file):
                    yield FileBatch(file, replace(batch, number=number))
                    number += 1
                with self._guard:
                    self._done += source.position
                    self._source = None

    @property
    def position(self) -> int:
        """Bytes of all files as stored that have been read."""
        with self._guard:
            return self._done + (0 if self._source is None else self._source.position)

    def close(self) -> None:
        """Reads no further."""
        with self._guard:
            self._is_closed = True
            inputs = (self._opening, self._source)
        for each in inputs:
            if each is not None:
                each.close()

    def _opened(self, file: Path, stack: ExitStack) -> ByteSource | None:
        """The file's text; ``None`` once all is closed."""
        try:
            source = open_source(file, on_open=self._note)
        except InputError:
            if self._is_closed:  # that is why
                return None
            raise
        stack.callback(self._let_go, source)
        with self._guard:
            self._opening, self._source = None, source
            return None if self._is_closed else source

    def _note(self, stored: StoredInput) -> None:
        with self._guard:
            self._opening = stored
            is_closed = self._is_closed
        if is_closed:
            stored.close()

    def _let_go(self, source: ByteSource) -> None:
        with self._guard:
            self._source = None
        source.close()
