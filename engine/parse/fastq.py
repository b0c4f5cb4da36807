"""FASTQ text in, batches of reads out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np

from engine.batch import PADDING, Bytes, ReadBatch
from engine.errors import FastqFormatError, InputError
from engine.flow.pool import BufferPool
from engine.parse.faults import describe
from engine.parse.place import Place, ReaderPlace
from engine.source.base import ByteSource
from engine.source.live import Waits
from kernels.parse.record_faults import REPORT_SIZE, Fault, Field
from kernels.parse.records import record_table
from kernels.select import line_index

LARGEST_RECORD = 1 << 29
"""Bytes of the longest record that is read: 512 MiB, far above the longest read ever published."""

_Columns: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int32]]

_NEWLINE = 10
_LIVE = 0.2
"""Seconds for which text of a source without a size is held back, so that a batch has many reads."""


class FastqParser:
    """Cuts the text of one source into batches of whole, valid records.

    What comes before a fault is handed out before the fault is raised. The buffer of a batch
    belongs to the pool: whoever gets the batch gives it back.

    Args:
        source: where the text comes from.
        pool: its buffers hold the text of a batch each.
        path: the file to name in errors.
        start: where the source stands, if not at the beginning of the text.
        clock: tells seconds, for a source without a size.
    """

    def __init__(
        self,
        source: ByteSource,
        pool: BufferPool,
        path: Path,
        start: Place | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        start = start or Place()
        self._source = source
        self._pool = pool
        self._path = path
        self._clock = clock
        self._tail = b""
        self._room = pool.size
        self._at_end = False
        self._trouble: InputError | None = None
        self._is_done = False
        self._failure: InputError | None = None
        self._newlines = np.empty(0, np.int32)
        self._oddities = np.empty(0, np.int32)
        self._report = np.zeros(REPORT_SIZE, np.int64)
        self._batches = 0
        self._records = start.records
        self._empty = start.empty
        self._lines = start.lines
        self._offset = start.offset

    @property
    def text_place(self) -> Place:
        """The end of the last batch."""
        return Place(self._records, self._empty, self._lines, self._offset)

    @property
    def is_even(self) -> bool:
        """Whether a parser that starts at `text_place` cuts the same batches as this one goes on to."""
        return len(self._tail) <= self._pool.size

    @property
    def rest(self) -> bytes:
        """The text after the last batch that has been taken from the source."""
        return self._tail

    @property
    def place(self) -> ReaderPlace:
        """The end of the last batch, as of any reader."""
        return ReaderPlace((self.text_place,))

    def __iter__(self) -> Iterator[ReadBatch]:
        """Batches until the text ends; raises what `next_batch` raises."""
        while (batch := self.next_batch()) is not None:
            yield batch

    def next_batch(self, *, at_least: int = 1, at_most: int | None = None, in_pairs: bool = False) -> ReadBatch | None:
        """The next batch; ``None`` at the end.

        Args:
            at_least: reads that the batch has to have, unless the text ends or is at fault before.
            at_most: reads that it may have.
            in_pairs: an even number of reads, unless the text ends or is at fault after an odd one;
                `at_least` is then 2 or more.

        Raises:
            FastqFormatError: the text is not valid FASTQ.
            InputError: the source cannot be read on.
            PoolAborted: the pool was aborted.
        """
        while not self._is_done:
            buffer = self._pool.take(max(self._room, len(self._tail)))
            try:
                filled = self._fill(buffer)
                batch = self._cut(buffer, filled, at_least, at_most, in_pairs=in_pairs)
            except BaseException:
                self._pool.give(buffer)
                raise
            if batch is not None:
                return batch
            self._pool.give(buffer)
        if self._failure is not None:
            raise self._failure
        return None

    def _fill(self, buffer: Bytes) -> int:
        """Puts the tail of the last batch and what follows it into the buffer; returns the bytes."""
        filled = len(self._tail)
        buffer[:filled] = np.frombuffer(self._tail, np.uint8)
        room = memoryview(buffer.data)[: len(buffer) - PADDING]
        due = 0.0
        try:
            while filled < len(room) and not self._at_end and self._trouble is None:
                count = self._read(room[filled:], due)
                if count is None:
                    break
                due = due or self._clock() + _LIVE
                self._at_end = count == 0
                filled += count
        except InputError as error:
            self._trouble = error
        return filled

    def _read(self, target: memoryview, due: float) -> int | None:
        """Like `read_into`; ``None`` if text has come, and it is time to hand it on before there is more."""
        if not due or self._source.size is not None:
            return self._source.read_into(target)
        left = due - self._clock()
        if left <= 0:
            return None
        if isinstance(self._source, Waits):
            return self._source.read_within(target, left)
        return self._source.read_into(target)

    def _cut(
        self, buffer: Bytes, filled: int, at_least: int, at_most: int | None, *, in_pairs: bool
    ) -> ReadBatch | None:
        """The whole records in the buffer, or ``None`` if they are too few; keeps the rest as the tail."""
        # Wrapped records are joined in place, so that a text that is parsed again has to be kept as it was.
        text = bytes(buffer[:filled]) if at_least > 1 else None
        columns, found = self._table(buffer, filled, at_most)
        self._note_fault(buffer, filled, found)
        ended = self._at_end or self._trouble is not None or self._failure is not None
        if found < at_least and not ended:
            self._wait_for_more(text if text is not None else bytes(buffer[:filled]), len(buffer) - PADDING)
            return None
        used = min(int(self._report[Field.BYTES]), filled)
        lines = int(self._report[Field.LINES])
        if in_pairs and found % 2 and not ended:
            assert text is not None  # noqa: S101 - kept, since two reads are the least
            found -= 1
            whole, used = used, int(columns[0, found]) - 1
            lines -= text.count(b"\n", used, whole)
        self._tail = bytes(buffer[used:filled]) if text is None else text[used:]
        self._room = self._pool.size
        self._is_done = ended and (found != at_most or not self._tail)
        if self._is_done and self._failure is None:
            self._failure = self._trouble
        batch = self._batch(buffer, columns[:, :found], used) if found else None
        self._records += found
        self._lines += lines
        self._offset += used
        return batch

    def _table(self, buffer: Bytes, filled: int, at_most: int | None) -> tuple[_Columns, int]:
        """Columns of the whole records in the buffer, int32 [5, n] as `record_table` has them, and how many there are.

        The report tells what else there is.
        """
        stop = filled
        terminated = filled > 0 and buffer[filled - 1] == _NEWLINE
        if self._at_end and filled and not terminated:
            buffer[filled] = _NEWLINE
            stop += 1
        if len(self._newlines) < stop:
            self._newlines = np.empty(len(buffer), np.int32)
            self._oddities = np.empty(len(buffer), np.int32)
        n_newlines, n_odd = line_index(buffer, stop, self._newlines, self._oddities)
        limit = n_newlines // 4 + 1
        columns = np.empty((5, limit if at_most is None else min(limit, at_most)), np.int32)
        found = record_table(
            buffer,
            self._newlines,
            n_newlines,
            self._oddities,
            n_odd,
            self._at_end,
            terminated,
            columns[0],
            columns[1],
            columns[2],
            columns[3],
            columns[4],
            self._report,
        )
        return columns, found

    def _wait_for_more(self, text: bytes, room: int) -> None:
        """The next buffer has to hold this text and more of what follows."""
        self._tail = text
        if len(text) >= room:
            self._room = 2 * room
        if len(text) > LARGEST_RECORD:
            self._failure = self._fault("the record is longer than 512 MiB.", 0, 0, 0)
            self._is_done = True

    def _batch(self, buffer: Bytes, columns: _Columns, used: int) -> ReadBatch:
        names, name_lengths, sequences, qualities, lengths = columns
        batch = ReadBatch(
            buffer=buffer,
            name_starts=names,
            name_lengths=name_lengths,
            sequence_starts=sequences,
            quality_starts=qualities,
            lengths=lengths,
            number=self._batches,
            first_record=self._records,
            byte_start=self._offset,
            byte_end=self._offset + used,
            empty_before=self._empty,
        )
        self._batches += 1
        self._empty += len(lengths) - int(np.count_nonzero(lengths))
        return batch

    def _note_fault(self, buffer: Bytes, filled: int, found: int) -> None:
        """A fault of the text comes before whatever ended the source after it."""
        fault = Fault(int(self._report[Field.FAULT]))
        if fault is Fault.NONE:
            return
        at = min(int(self._report[Field.OFFSET]), filled)
        bases, qualities = int(self._report[Field.BASES]), int(self._report[Field.QUALITIES])
        sentence = describe(fault, int(buffer[at]), bases, qualities)
        self._failure = self._fault(sentence, found, self._report[Field.LINE], at)

    def _fault(self, sentence: str, found: int, line: int, at: int) -> FastqFormatError:
        return FastqFormatError(
            sentence,
            path=self._path,
            record=self._records + found + 1,
            line=self._lines + int(line) + 1,
            offset=self._offset + at,
        )
