"""FASTQ text in, batches of reads out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.batch import PADDING, Bytes, ReadBatch
from engine.errors import FastqFormatError, InputError
from engine.flow.pool import BufferPool
from engine.parse.faults import describe
from engine.source.base import ByteSource
from kernels.records import REPORT_SIZE, Fault, Field, record_table
from kernels.select import line_index

LARGEST_RECORD = 1 << 29
"""Bytes of the longest record that is read: 512 MiB, far above the longest read ever published."""

_NEWLINE = 10


class FastqParser:
    """Cuts the text of one source into batches of whole, valid records.

    What comes before a fault is handed out before the fault is raised. The buffer of a batch
    belongs to the pool: whoever gets the batch gives it back.

    Args:
        source: where the text comes from.
        pool: its buffers hold the text of a batch each.
        path: the file to name in errors.
    """

    def __init__(self, source: ByteSource, pool: BufferPool, path: Path) -> None:
        self._source = source
        self._pool = pool
        self._path = path
        self._tail = b""
        self._at_end = False
        self._failure: InputError | None = None
        self._newlines = np.empty(0, np.int32)
        self._oddities = np.empty(0, np.int32)
        self._report = np.zeros(REPORT_SIZE, np.int64)
        self._batches = 0
        self._records = 0
        self._lines = 0
        self._offset = 0

    def __iter__(self) -> Iterator[ReadBatch]:
        """Batches until the text ends; raises what `next_batch` raises."""
        while (batch := self.next_batch()) is not None:
            yield batch

    def next_batch(self) -> ReadBatch | None:
        """The next batch, at least one read long; ``None`` at the end.

        Raises:
            FastqFormatError: the text is not valid FASTQ.
            InputError: the source cannot be read on.
            PoolAborted: the pool was aborted.
        """
        while self._failure is None and not self._at_end:
            buffer = self._pool.take(max(self._pool.size, 2 * len(self._tail)))
            try:
                filled = self._fill(buffer)
                batch = self._cut(buffer, filled)
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
        try:
            while filled < len(room):
                count = self._source.read_into(room[filled:])
                if count == 0:
                    self._at_end = True
                    break
                filled += count
        except InputError as error:
            self._failure = error
        return filled

    def _cut(self, buffer: Bytes, filled: int) -> ReadBatch | None:
        """The whole records in the buffer, or ``None``; keeps the rest as the tail."""
        stop = filled
        terminated = filled > 0 and buffer[filled - 1] == _NEWLINE
        if self._at_end and filled and not terminated:
            buffer[filled] = _NEWLINE
            stop += 1
        if len(self._newlines) < stop:
            self._newlines = np.empty(len(buffer), np.int32)
            self._oddities = np.empty(len(buffer), np.int32)
        n_newlines, n_odd = line_index(buffer, stop, self._newlines, self._oddities)
        columns = np.empty((5, n_newlines // 4 + 1), np.int32)
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
        self._note_fault(buffer, filled, found)
        used = min(int(self._report[Field.BYTES]), filled)
        self._tail = bytes(buffer[used:filled]) if self._failure is None else b""
        if len(self._tail) > LARGEST_RECORD:
            self._failure = self._fault("the record is longer than 512 MiB.", found, self._report[Field.LINES], used)
        batch = self._batch(buffer, columns[:, :found], used) if found else None
        self._records += found
        self._lines += int(self._report[Field.LINES])
        self._offset += used
        return batch

    def _batch(self, buffer: Bytes, columns: np.ndarray[tuple[int, int], np.dtype[np.int32]], used: int) -> ReadBatch:
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
        )
        self._batches += 1
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
