"""What one run reads: files one after another, mates side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from engine.batch import ReadBatch
from engine.errors import CheckpointError, FastqFormatError, InputError
from engine.flow.pool import BufferPool
from engine.parse.damage import Damage, SkippingReader
from engine.parse.fastq import FastqParser
from engine.parse.lanes import Before, joined
from engine.parse.place import Place, ReaderPlace
from engine.run.following import Following
from engine.run.reading_place import ReadingPlace
from engine.run.snapshot import RunSnapshot
from engine.source.base import ByteSource
from engine.source.follow import FollowSource
from engine.source.growing import FollowStopped
from engine.source.inputs import open_source
from engine.source.live import LiveSource
from engine.source.pipe import is_pipe, name_of
from engine.source.skipping import skip
from engine.source.stored import StoredInput
from engine.source.summed import SummedSource, gone_over
from engine.source.trouble import input_error

Watch = Callable[[ByteSource], ByteSource]
"""Wraps a source, to see when it is read from."""


class Reader(Protocol):
    """Batches of one lane, and the place behind the last of them."""

    @property
    def place(self) -> ReaderPlace: ...  # noqa: D102 - the class says it

    def __iter__(self) -> Iterator[ReadBatch]: ...


class Reading:
    """The files of one run. Lanes are opened one by one, so that many of them need no more threads than one.

    Args:
        lanes: for every lane, in order: its file, or the files of its first and its second mates; the same
            file twice where the mates take turns in it.
        following: how to follow the one file or folder of the one lane; ``None``: files are whole already.
        start: where to begin, if not at the beginning of the first lane.
        number: of the batch to begin with.
        skips: damaged regions are passed over, of single reads in files that do not grow.
        repeats: secondary and supplementary records of BAM and SAM are single reads too.

    Attributes:
        damage: what has been passed over; ``None`` where nothing is.
    """

    def __init__(
        self,
        lanes: Sequence[tuple[Path, ...]],
        following: Following | None = None,
        start: ReadingPlace | None = None,
        number: int = 0,
        *,
        skips: bool = False,
        repeats: bool = False,
    ) -> None:
        if start is not None and start.lane >= len(lanes):
            raise CheckpointError("it is of a run with more files.")
        self._lanes = lanes
        self._repeats = repeats and len(lanes[0]) == 1
        self._following = following
        self._followed: FollowSource | None = None
        self._is_finished = False
        self._start = start
        self._lane_number = 0 if start is None else start.lane
        self._before = Before()
        if start is not None:  # the batches of the lane that is begun within are counted from there
            self._before = Before(replace(start.mine, batches=number), replace(start.mates, batches=number))
        self.damage: Damage | None = None
        if skips and following is None and len(lanes[0]) == 1:
            self.damage = Damage() if start is None else start.damage.copy()
        self._parsers: Sequence[FastqParser | SkippingReader] = ()
        self._reader_now: Reader | None = None
        self._open: list[ByteSource] = []
        self._opening: list[StoredInput] = []
        self._summed: list[SummedSource] = []
        self._done = 0 if start is None else start.stored
        self._size: int | None = None
        self._kind = ""
        self._is_closed = False
        self._guard = threading.Lock()

    @classmethod
    def of(
        cls,
        run: RunSnapshot,
        following: Following | None = None,
        start: ReadingPlace | None = None,
        number: int = 0,
        *,
        skips: bool = False,
        repeats: bool = False,
    ) -> Reading:
        """What a run reads.

        Args:
            run: made by the store.
            following: how to follow its input, if it grows.
            start: where it was left, if it is to go on.
            number: of the batch to begin with.
            skips: see `Reading`.
            repeats: likewise.

        Raises:
            CheckpointError: it was not this run that was left there.
        """
        lanes = tuple(zip(*run.inputs, strict=True)) if run.inputs else ((run.path,),)
        return cls(lanes, following, start, number, skips=skips, repeats=repeats)

    def open(self) -> None:
        """Opens the lane to begin with.

        Raises:
            InputError: it cannot be read, or was closed meanwhile.
            CheckpointError: pipes do not bring again what they had brought.
        """
        first = self._lane_number
        self._enter(self._lanes[first])
        if not self._open:
            path = self._lanes[first][0]
            raise InputError(f"Reading {path.name} was broken off.", path=path, hint="Run it again.")
        if self._following is None and len(self._lanes) == 1:
            self._sum_pipes(self._lanes[0])
        self._kind = self._open[0].kind
        sizes = [source.size for source in self._open]
        sizes += [_size(path) for lane in self._lanes[first + 1 :] for path in _files(lane)]
        known = [size for size in sizes if size is not None]
        self._size = self._done + sum(known) if len(known) == len(sizes) else None

    @property
    def kind(self) -> str:
        """How the first file is stored."""
        return self._kind

    @property
    def size(self) -> int | None:
        """Bytes of all files as stored; ``None`` if one has no size."""
        return self._size

    @property
    def position(self) -> int:
        """Bytes of all files as stored that have been consumed."""
        with self._guard:
            return self._done + sum(source.position for source in self._open)

    @property
    def is_paired(self) -> bool:
        """Whether batches have mates."""
        return len(self._lanes[0]) > 1

    @property
    def files_at_once(self) -> int:
        """Files that each batch comes from, and so its buffers."""
        return len(_files(self._lanes[0]))

    def batches(self, pool: BufferPool, watch: Watch) -> Iterable[ReadBatch]:
        """The batches of all lanes, or of what is left of them, once, after `open`; numbered from 0, or as was said.

        Args:
            pool: for their buffers.
            watch: wraps every source.

        Raises:
            InputError: as the parsers say; the batches before the fault have been handed out.
            PoolAborted: the pool was aborted.
        """
        if self._followed is not None:
            return self._as_it_grows(self._followed, pool, watch)
        lanes = range(self._lane_number, len(self._lanes))
        return joined((self._lane(number, pool, watch) for number in lanes), self._before)

    @property
    def place(self) -> ReadingPlace:
        """The end of the last of `batches`; to be asked for by whoever takes them, after the first."""
        assert self._reader_now is not None  # noqa: S101 - made with the first batch
        before = self._before
        damage = Damage() if self.damage is None else self.damage.copy()
        reader, source = self._reader_now.place, self._followed
        followed = None if source is None else source.place_at(reader.texts[0].offset)
        lane, sums = self._lane_number, tuple(source.sum for source in self._summed)
        with self._guard:
            files = tuple(source.position for source in self._open)
        return ReadingPlace(lane, reader, before.mine, before.mates, self._done, damage, followed, sums, files)

    @property
    def can_be_left(self) -> bool:
        """Whether batches after `place` are cut the same way, should another one go on from there.

        Not where a record longer than a batch has left more than the next batch would have read.
        """
        return all(parser.is_even for parser in self._parsers)

    def finish(self) -> None:
        """Lets what is followed end with what has come, from any thread, also before `open`."""
        with self._guard:
            self._is_finished = True
            source = self._followed
        if source is not None:
            source.stop()

    def close(self) -> None:
        """Closes what is open, from any thread; harmless when done twice."""
        with self._guard:
            self._is_closed = True
            sources: list[ByteSource | StoredInput] = [*self._open, *self._opening]
        for source in sources:
            source.close()

    def _note(self, stored: StoredInput) -> None:
        """Keeps hold of an input from whose first bytes on it may have to be waited for."""
        with self._guard:
            self._opening.append(stored)
            is_closed = self._is_closed
        if is_closed:
            stored.close()

    def _lane(self, number: int, pool: BufferPool, watch: Watch) -> Iterator[ReadBatch]:
        if number > self._lane_number:
            self._enter(self._lanes[number])
        self._lane_number = number
        start, self._start = self._start, None
        reader = self._reader(self._lanes[number], pool, watch, start.reader if start else None)
        if reader is None:
            return
        self._reader_now = reader
        yield from reader
        self._leave()

    def _follow(self, path: Path, following: Following) -> FollowSource:
        start = None if self._start is None else self._start.followed
        source = FollowSource(path, silence=following.silence, start=start, repeats=self._repeats)
        with self._guard:
            self._followed = source
            is_finished = self._is_finished
        if is_finished:
            source.stop()
        return source

    def _as_it_grows(self, source: FollowSource, pool: BufferPool, watch: Watch) -> Iterator[ReadBatch]:
        try:
            yield from joined([self._first_lane(pool, watch)], self._before)
        except FollowStopped:
            return
        except FastqFormatError as error:
            raise source.placed(error) from error

    def _first_lane(self, pool: BufferPool, watch: Watch) -> Iterator[ReadBatch]:
        reader = self._reader(self._lanes[0], pool, watch, self._start.reader if self._start else None)
        if reader is not None:
            self._reader_now = reader
            yield from reader

    def _enter(self, lane: tuple[Path, ...]) -> None:
        with ExitStack() as opened:
            sources: list[ByteSource] = []
            for path in _files(lane):
                try:
                    source = (
                        open_source(path, on_open=self._note, mends=self.damage is not None, repeats=self._repeats)
                        if self._following is None
                        else self._follow(path, self._following)
                    )
                    sources.append(source if source.size is not None else LiveSource(source))
                except InputError:
                    if self._is_closed:  # that is why
                        return
                    raise
                opened.callback(sources[-1].close)
            with self._guard:
                self._opening = []
                if not self._is_closed:
                    self._open = sources
                    opened.pop_all()

    def _sum_pipes(self, lane: tuple[Path, ...]) -> None:
        """Has what comes through pipes told from other texts, and goes over what had been read before."""
        sources, start = list(self._open), self._start
        if not all(is_pipe(path) for path in lane):
            return
        if start is None:
            self._summed = [SummedSource(source) for source in sources]
        elif len(start.sums) == len(start.reader.texts) == len(sources):
            files = zip(sources, start.sums, start.reader.texts, _files(lane), strict=True)
            self._summed = [gone_over(source, known, text.offset, name_of(path)) for source, known, text, path in files]
        with self._guard:
            self._open = [*(self._summed or sources)]

    def _leave(self) -> None:
        with self._guard:
            self._done += sum(source.position for source in self._open)
            sources, self._open = self._open, []
        for source in sources:
            source.close()

    def _reader(
        self, lane: tuple[Path, ...], pool: BufferPool, watch: Watch, start: ReaderPlace | None
    ) -> Reader | None:
        """``None`` where the lane has been closed meanwhile."""
        with self._guard:
            sources = list(self._open)
        if not sources:
            return None
        files = _files(lane)
        places = start.texts if start else (Place(),) * len(files)
        if len(places) != len(files):
            raise CheckpointError("it is of single reads, and the run is of pairs, or the other way round.")
        if self._followed is None and not self._summed:  # these begin at their places by themselves
            for source, place in zip(sources, places, strict=True):
                skip(source, place.offset)
        if self.damage is not None:
            reader = SkippingReader(watch(sources[0]), pool, files[0], places[0], self.damage)
            self._parsers = [reader]
            return reader
        parsers = [
            FastqParser(watch(source), pool, path, place)
            for source, path, place in zip(sources, files, places, strict=True)
        ]
        self._parsers = parsers
        if len(lane) == 1:
            return parsers[0]
        # Imported where it is needed: the kernels of pairs are compiled for those who have pairs.
        from engine.parse.pairs import InterleavedReader, PairReader

        if len(parsers) == 1:
            return InterleavedReader(parsers[0], pool, lane[0], start)
        return PairReader(parsers[0], parsers[1], pool, (lane[0], lane[1]), start)


def _files(lane: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files of a lane, one that holds both mates once."""
    return tuple(dict.fromkeys(lane))


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise input_error(error, path) from error
