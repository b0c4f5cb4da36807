"""Pairs of reads: two files side by side, or mates that take turns in one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.batch import ReadBatch
from engine.errors import InputError, MateError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.parse.place import ReaderPlace
from engine.source.mates import describe_strangers, first_neighbours_apart, first_pair_apart, shown

_FIRST = 1024
"""Pairs of the first batch, which tells how long the records of both files are."""

_SPARE = 0.97
"""Share of a buffer that a batch of mates should fill, since their records vary in length."""

_LONELY_HINT = "The pairs before this place were counted. Fetch the shorter file again, and choose both in whole."
_ODD_HINT = "The pairs before this place were counted. Fetch the file again, or read it without pairs."


class PairReader:
    """Two files of which the n-th reads are mates; batches of first mates with the second as `mate`.

    The pairs before a fault of either file, or before two reads that are no mates, are handed out before the
    fault is raised. Both buffers of a batch belong to the pool: see `ReadBatch.buffers`.

    Args:
        first: parses the first mates.
        second: parses the second mates, with the same pool.
        pool: where the buffers of both come from; it needs two for each batch.
        paths: the two files, to name in errors.
        start: where the parsers stand, if not at the beginning.
    """

    def __init__(
        self,
        first: FastqParser,
        second: FastqParser,
        pool: BufferPool,
        paths: tuple[Path, Path],
        start: ReaderPlace | None = None,
    ) -> None:
        self._first = first
        self._second = second
        self._pool = pool
        self._paths = paths
        self._most = (start.most if start else 0) or _FIRST
        self._failure: InputError | None = None

    def __iter__(self) -> Iterator[ReadBatch]:
        """Batches until both files end.

        Raises:
            MateError: two reads are no mates, or one has none.
            FastqFormatError: either text is not valid FASTQ.
            InputError: either source cannot be read on.
            PoolAborted: the pool was aborted.
        """
        while (batch := self._next()) is not None:
            yield batch
            if self._failure is not None:
                raise self._failure

    @property
    def place(self) -> ReaderPlace:
        """The end of the last batch."""
        return ReaderPlace((self._first.text_place, self._second.text_place), self._most)

    def _next(self) -> ReadBatch | None:
        first = self._first.next_batch(at_most=self._most)
        if first is None:
            self._expect_end()
            return None
        held = [first.buffer]
        try:
            second = self._second.next_batch(at_least=len(first), at_most=len(first))
            held += [] if second is None else second.buffers
            return self._paired(first, second)
        except BaseException:
            for buffer in held:
                self._pool.give(buffer)
            raise

    def _paired(self, first: ReadBatch, second: ReadBatch | None) -> ReadBatch:
        """The pairs of two batches; what is wrong after them becomes the failure, and is raised if there are none."""
        together = 0 if second is None else len(second)
        if together < len(first):
            self._failure = self._end_of_second(first, together)
        pairs = first if together == len(first) else first.rows(slice(together))
        apart = None
        if second is not None:
            apart = first_pair_apart(pairs, second)
            self._most = self._next_most(first, second)
        if second is not None and apart is not None:
            self._failure = self._strangers(first, second, apart)
            pairs, second = first.rows(slice(apart)), second.rows(slice(apart))
        pairs = replace(pairs, mate=second)
        if len(pairs) == 0 and self._failure is not None:
            raise self._failure
        return pairs

    def _next_most(self, first: ReadBatch, second: ReadBatch) -> int:
        """Pairs of the next batch, so that the reads of both files are likely to fit into a buffer each."""
        longest = max((batch.byte_end - batch.byte_start) / len(batch) for batch in (first, second))
        return max(int(_SPARE * self._pool.size / longest), 1)

    def _end_of_second(self, first: ReadBatch, together: int) -> InputError:
        """Why the second file has no more reads: a fault of its own, or its end."""
        try:
            self._second.next_batch()
        except InputError as fault:
            return fault
        return self._lonely(first, together, self._paths)

    def _expect_end(self) -> None:
        """Makes sure that the second file ends where the first one does."""
        extra = self._second.next_batch(at_most=1)
        if extra is None:
            return
        self._pool.give(extra.buffer)
        raise self._lonely(extra, 0, self._paths[::-1])

    def _lonely(self, batch: ReadBatch, row: int, paths: tuple[Path, ...]) -> MateError:
        own, other = paths
        record = batch.first_record + row + 1
        return MateError(
            f"{own.name}, record {record:,}: “{_name(batch, row)}” has no mate: "
            f"{other.name} ends after {record - 1:,} {'read' if record == 2 else 'reads'}.",
            path=other,
            record=record,
            hint=_LONELY_HINT,
        )

    def _strangers(self, first: ReadBatch, second: ReadBatch, row: int) -> MateError:
        record = first.first_record + row + 1
        sentence = describe_strangers(_header(first, row), _header(second, row))
        names = " and ".join(path.name for path in self._paths)
        return MateError(f"{names}, record {record:,}: {sentence}", path=self._paths[1], record=record)


class InterleavedReader:
    """One file in which every first mate is followed by its second; batches as those of `PairReader`.

    Both mates of a batch lie in one buffer, which is given back once: see `ReadBatch.buffers`.

    Args:
        parser: parses the file.
        pool: where its buffers come from.
        path: the file, to name in errors.
        start: where the parser stands, if not at the beginning.
    """

    def __init__(self, parser: FastqParser, pool: BufferPool, path: Path, start: ReaderPlace | None = None) -> None:
        self._parser = parser
        self._pool = pool
        self._path = path
        self._empty = list(start.empty) if start else [0, 0]
        self._failure: InputError | None = None

    def __iter__(self) -> Iterator[ReadBatch]:
        """Batches until the file ends; raises as `PairReader` does."""
        while (batch := self._parser.next_batch(at_least=2, in_pairs=True)) is not None:
            try:
                pairs = self._paired(batch)
            except BaseException:
                self._pool.give(batch.buffer)
                raise
            yield pairs
            if self._failure is not None:
                raise self._failure

    @property
    def place(self) -> ReaderPlace:
        """The end of the last batch."""
        return ReaderPlace((self._parser.text_place,), empty=(self._empty[0], self._empty[1]))

    def _paired(self, batch: ReadBatch) -> ReadBatch:
        pairs = len(batch) // 2
        if len(batch) % 2:
            self._failure = self._end(batch)
        apart = first_neighbours_apart(batch)
        if apart is not None:
            pairs = apart
            self._failure = self._strangers(batch, 2 * apart)
        if pairs == 0 and self._failure is not None:
            raise self._failure
        return replace(self._mates(batch, 0, pairs), mate=self._mates(batch, 1, pairs))

    def _mates(self, batch: ReadBatch, which: int, pairs: int) -> ReadBatch:
        """Every other read, from row `which` on, numbered as if it stood in a file of its own."""
        mates = replace(
            batch.rows(slice(which, 2 * pairs, 2)),
            first_record=batch.first_record // 2,
            empty_before=self._empty[which],
            places=None,
        )
        self._empty[which] += len(mates) - int(np.count_nonzero(mates.lengths))
        return mates

    def _end(self, batch: ReadBatch) -> InputError:
        """Why the last read has no mate: a fault of the text, or its end."""
        try:
            self._parser.next_batch()
        except InputError as fault:
            return fault
        record = batch.first_record + len(batch)
        return MateError(
            f"{self._path.name}, record {record:,}: “{_name(batch, len(batch) - 1)}” has no mate: the file ends.",
            path=self._path,
            record=record,
            hint=_ODD_HINT,
        )

    def _strangers(self, batch: ReadBatch, row: int) -> MateError:
        record = batch.first_record + row + 1
        sentence = describe_strangers(_header(batch, row), _header(batch, row + 1))
        place = f"{self._path.name}, records {record:,} and {record + 1:,}"
        return MateError(f"{place}: {sentence}", path=self._path, record=record, hint=_ODD_HINT)


def _header(batch: ReadBatch, row: int) -> bytes:
    start = int(batch.name_starts[row])
    return bytes(batch.buffer[start : start + int(batch.name_lengths[row])])


def _name(batch: ReadBatch, row: int) -> str:
    return shown(_header(batch, row))
