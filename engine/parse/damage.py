"""Reading on behind damage: what cannot be parsed is passed over, counted and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.batch import ReadBatch
from engine.errors import FastqFormatError
from engine.flow.pool import BufferPool
from engine.parse.fastq import LARGEST_RECORD, FastqParser
from engine.parse.place import Place, ReaderPlace
from engine.parse.resync import next_record
from engine.source.base import ByteSource
from engine.source.mending import lost_in
from engine.source.prefixed import PrefixedSource

MOST_REGIONS = 10_000
"""A file with more damage than this is not damaged: it is something else than FASTQ."""

MOST_TOLD = 20
"""Regions that are told one by one; all are counted."""

_PIECE = 1 << 20


class Passed:
    """Text that was passed over.

    Attributes:
        size: bytes.
        lines: ends of lines in it.
        lost: bytes of the compressed file that marks in it stand for.
    """

    def __init__(self) -> None:
        self.size = 0
        self.lines = 0
        self.lost = 0
        self._end = b""

    def add(self, text: bytes) -> None:
        """Counts more of it."""
        self.size += len(text)
        self.lines += text.count(b"\n")
        lost, self._end = lost_in(self._end + text)
        self.lost += lost


@dataclass(slots=True)
class Damage:
    """What has been passed over in one run; of files up to the place that is read.

    Attributes:
        regions: how many.
        text_bytes: bytes of text in them.
        file_bytes: bytes of compressed files that no text could be had from, or about as many.
        told: what was wrong with the first of them, a sentence each.
    """

    regions: int = 0
    text_bytes: int = 0
    file_bytes: int = 0
    told: tuple[str, ...] = ()

    def add(self, passed: Passed, sentence: str) -> None:
        """Counts a region.

        Args:
            passed: what was passed over.
            sentence: why.
        """
        self.regions += 1
        self.text_bytes += passed.size
        self.file_bytes += passed.lost
        if len(self.told) < MOST_TOLD:
            where = f" There, {passed.lost:,} compressed bytes are damaged." if passed.lost else ""
            self.told += (f"{sentence}{where} {passed.size:,} bytes of text were passed over.",)

    def copy(self) -> Damage:
        """As it is now."""
        return replace(self)


class SkippingReader:
    """Batches of one file of single reads, with damaged regions passed over.

    After a fault, reading goes on with the next record of four lines. Of wrapped records none is found again.

    Args:
        source: where the text comes from; marks stand for damage in what was compressed, see `mark`.
        pool: see `FastqParser`.
        path: likewise.
        start: likewise.
        damage: gets what is passed over.
    """

    def __init__(self, source: ByteSource, pool: BufferPool, path: Path, start: Place | None, damage: Damage) -> None:
        self._source = source
        self._pool = pool
        self._path = path
        self._damage = damage
        self._given = PrefixedSource(b"", source)
        self._parser = FastqParser(source, pool, path, start)
        self._batches = 0

    @property
    def is_even(self) -> bool:
        """See `FastqParser.is_even`."""
        return self._parser.is_even

    @property
    def place(self) -> ReaderPlace:
        """See `FastqParser.place`; behind what was passed over after the last batch, if anything was."""
        return self._parser.place

    def __iter__(self) -> Iterator[ReadBatch]:
        """Batches until the text ends.

        Raises:
            FastqFormatError: there is too much damage.
            InputError: the source cannot be read on.
            PoolAborted: the pool was aborted.
        """
        while True:
            try:
                for batch in self._parser:
                    yield replace(batch, number=self._batches)
                    self._batches += 1
            except FastqFormatError as error:
                if self._damage.regions >= MOST_REGIONS:
                    raise
                self._pass_over(error)
            else:
                return

    def _pass_over(self, error: FastqFormatError) -> None:
        # What the parser has, and what it has not yet taken of what it was given.
        before, text, passed = self._parser.text_place, self._parser.rest + self._given.left, Passed()
        at_end = False
        while True:
            # What goes on for longer is no record, and must not fill the memory.
            found = next_record(text, at_end=at_end or len(text) > LARGEST_RECORD)
            end = found.newline + found.is_certain
            passed.add(text[:end])
            text = text[end:]
            if found.is_certain or at_end:
                break
            more = bytearray(_PIECE)
            count = self._source.read_into(memoryview(more))
            at_end = not count
            text += more[:count]
        self._damage.add(passed, str(error))
        place = Place(before.records, before.empty, before.lines + passed.lines, before.offset + passed.size)
        self._given = PrefixedSource(text, self._source)
        self._parser = FastqParser(self._given, self._pool, self._path, place)
