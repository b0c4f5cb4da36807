"""Reads out of a run, in the order in which they came in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.batch import ReadBatch
from engine.flow.turnstile import Turnstile
from engine.sink.codecs import Piece, pack
from engine.sink.descriptors import make_room
from engine.sink.errors import SinkAborted
from engine.sink.file import OutputFile
from engine.sink.marking import SinkMark
from engine.sink.plan import OutputPlan, numbered
from engine.sink.splitting import Share, Splitter
from engine.sink.state import FileState, SinkState
from engine.sink.streams import stream_texts


def tell_nobody(_files: Sequence[FileState]) -> None:
    """For those whose files nobody goes on with."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file that has been written.

    Attributes:
        path: the file.
        reads: records in it.
        text_bytes: bytes of its text.
        file_bytes: its size.
    """

    path: Path
    reads: int
    text_bytes: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class _Addressed:
    stream: int
    part: int
    piece: Piece


class OrderedSink:
    """Writes the reads that batches keep.

    Any worker brings any batch: it makes and packs the text of its batch itself, and whoever brings the batch
    that is next writes it, and those that wait for it. Every number has to come, or be skipped: from 0, or from where
    another sink was left. What is in a file after some batches depends on these alone, so that it can be cut back to
    the end of any of them and gone on with. Who is
    `ahead` batches before the one that is next has to wait, so that memory is bounded.

    With mates, pairs of which both reads are kept go to the files of pairs, and reads whose mate is dropped to that of
    singletons, in the order of the pairs. With samples, each has such files of its own. Reads that are dropped go to
    files of theirs, where the plan has them.
    """

    def __init__(
        self,
        plan: OutputPlan,
        *,
        inputs: Iterable[Path] = (),
        ahead: int = 8,
        expected: int = 0,
        token: str = "",
        start: SinkState | None = None,
    ) -> None:
        """Opens the files.

        Args:
            plan: which files.
            inputs: files that must not be written to.
            ahead: batches that may wait for the one that is next, at least 1.
            expected: bytes that the files may come to have in all; 0: unknown.
            token: see `OutputFile`.
            start: what a sink of the same plan had come to at a mark, to go on from.

        Raises:
            OutputError: a file cannot be made; none is.
        """
        plan.check()
        if plan.samples:
            make_room(len(plan.paths()) * (len(plan.samples) + 1))
        self._plan = plan
        self._inputs = tuple(inputs)
        self._ahead = ahead
        self._token = token
        self._splitter = Splitter(plan.split_reads or sys.maxsize, start.split if start else (0, 0))
        first = start.number if start else 0
        self._placing = Turnstile(first)
        self._files: list[list[OutputFile]] = []
        self._mark = SinkMark(self._splitter, self._files)
        self._waiting: dict[int, Sequence[_Addressed]] = {}
        self._next = first
        self._writing = False
        self._aborted = False
        self._changed = threading.Condition()
        try:
            for stream, path in enumerate(plan.paths()):
                share = expected // len(plan.paths())
                self._files.append([])
                if start is not None:
                    self._take_up(path, start.streams[stream])
                    continue
                for number, file in enumerate(plan.files(path)):
                    # The room for all of a stream is looked for once.
                    self._files[-1].append(self._opened(path, file, 0 if number else share))
        except BaseException:
            self.abandon()
            raise

    def _opened(self, stream: Path, file: Path, expected: int = 0, start: FileState | None = None) -> OutputFile:
        return OutputFile(
            file,
            self._plan.packing_of(stream),
            inputs=self._inputs,
            replace=self._plan.replace,
            expected=expected,
            token=self._token,
            start=start,
            is_wanted=lambda: not self._aborted,
        )

    def _take_up(self, stream: Path, states: Sequence[FileState]) -> None:
        """Opens the files of a stream where they were left."""
        plan = self._plan
        names = plan.files(stream)
        if plan.is_split and stream in {plan.first, plan.second}:
            names = tuple(numbered(stream, part + 1) for part in range(len(states)))
        for name, state in zip(names, states, strict=True):
            self._files[-1].append(self._opened(stream, name, start=state))

    @property
    def can_be_left(self) -> bool:
        """Whether every output is a file, which can be cut back and gone on with; pipes cannot."""
        return all(file.state() is not None for stream in self._files for file in stream)

    def mark(self, number: int) -> None:
        """Notes how far the files have come when all batches before this one are written, for `state_at_mark`.

        Args:
            number: of a batch that nobody has brought, nor any after it.
        """
        with self._changed:
            self._mark.set(number)
            self._mark.before_write(self._next)

    def state_at_mark(self) -> SinkState | None:
        """How far the files had come at the mark; ``None``: they have not come there, or there is none."""
        with self._changed:
            return self._mark.state()

    def write(self, batch: ReadBatch) -> None:
        """Writes what a batch keeps; keeps nothing of its buffers. May be called by many threads at once.

        Raises:
            OutputError: it cannot be written; the sink is aborted.
            SinkAborted: the sink was aborted.
            TurnstileAborted: likewise.
        """
        try:
            self._deposit(batch.number, self._by_sample(batch) if self._plan.samples else self._packed(batch))
        except BaseException:
            self.abort()
            raise

    def skip(self, number: int) -> None:
        """There is nothing to write of the batch of this number."""
        self._placing.skip(number)
        self._deposit(number, ())

    def _by_sample(self, batch: ReadBatch) -> list[_Addressed]:
        """The texts of each sample, packed."""
        unknown = len(self._plan.samples)
        numbers = np.full(len(batch), unknown, np.int32) if batch.samples is None else batch.samples
        numbers = np.where((numbers < 0) | (numbers >= unknown), unknown, numbers)
        order = np.argsort(numbers, kind="stable")
        bounds = np.searchsorted(numbers[order], np.arange(unknown + 2))
        packed: list[_Addressed] = []
        for part in range(unknown + 1):
            if bounds[part] == bounds[part + 1]:
                continue
            own = batch.rows(order[bounds[part] : bounds[part + 1]])
            packed += [replace(each, part=part) for each in self._packed(own)]
        return packed

    def _packed(self, batch: ReadBatch) -> list[_Addressed]:
        """The text of each stream, or its share of each part, packed."""
        texts = stream_texts(batch, self._plan)
        is_each = batch.mate is None or self._plan.second is not None or self._plan.with_singletons
        together = 1 if is_each else 2
        paired = texts[: 1 if self._plan.second is None else 2]
        records = paired[0].reads // together
        shares = [Share(0, 0, records)]
        if self._plan.is_split:
            with self._placing.turn(batch.number), self._changed:
                self._mark.before_split(batch.number)
                shares = list(self._splitter.shares(records))
        packed: list[_Addressed] = []
        paths = self._plan.paths()
        for stream, text in enumerate(texts):
            packing = self._plan.packing_of(paths[stream])
            if stream >= len(paired):
                packed.append(_Addressed(stream, 0, pack(text.part(0, text.reads), text.reads, packing)))
                continue
            for share in shares:
                first, last = share.first * together, share.last * together
                if last <= text.reads:
                    packed.append(_Addressed(stream, share.part, pack(text.part(first, last), last - first, packing)))
        return packed

    def _deposit(self, number: int, pieces: Sequence[_Addressed]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: number < self._next + self._ahead or self._aborted)
            if self._aborted:
                raise SinkAborted
            self._waiting[number] = pieces
            if self._writing:
                return
            self._writing = True
        self._write_waiting()

    def _write_waiting(self) -> None:
        """Writes what is next as long as it is there; one thread at a time."""
        while True:
            with self._changed:
                if self._aborted or self._next not in self._waiting:
                    self._writing = False
                    self._changed.notify_all()
                    return
                pieces = self._waiting.pop(self._next)
            try:
                for addressed in pieces:
                    self._file(addressed.stream, addressed.part).write(addressed.piece)
            except BaseException:
                with self._changed:
                    self._writing = False
                self.abort()
                raise
            with self._changed:
                self._next += 1
                self._mark.before_write(self._next)
                self._changed.notify_all()

    def _file(self, stream: int, part: int) -> OutputFile:
        files = self._files[stream]
        while len(files) <= part:
            files[-1].end()
            path = self._plan.paths()[stream]
            files.append(self._opened(path, numbered(path, len(files) + 1)))
        return files[part]

    def finish(self, about_to_name: Callable[[Sequence[FileState]], object] = tell_nobody) -> tuple[Written, ...]:
        """Ends the files and gives them their names, once every batch has been written.

        Args:
            about_to_name: is told of them when they are whole, before the first gets its name.

        Returns:
            The files: those of each stream, part by part or sample by sample.

        Raises:
            OutputError: one cannot be written to the end; none gets its name but those that have it already.
            SinkAborted: the sink was aborted.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._writing or self._aborted)
            aborted, gap = self._aborted, sorted(self._waiting)
        if aborted:
            self.abandon()
            raise SinkAborted
        if gap:
            self.abandon()
            raise RuntimeError(f"batch {self._next} never came, {gap[0]} did")
        files = [file for stream in self._files for file in stream]
        try:
            for stream in self._files:
                # Of the parts of a split stream, those before the last have ended when it began.
                for file in stream if self._plan.samples else stream[-1:]:
                    file.end()
            for file in files:
                file.check_free()  # of all of them before any gets its name
            about_to_name([state for file in files if (state := file.state()) is not None])
            for file in files:
                file.publish()
        except BaseException:
            self.abandon()
            raise
        return tuple(Written(file.path, file.reads, file.text_bytes, file.file_bytes) for file in files)

    def abort(self) -> None:
        """Frees everyone who waits; what has been written stays until `abandon`."""
        self._placing.abort()
        with self._changed:
            self._aborted = True
            self._waiting.clear()
            self._changed.notify_all()

    def abandon(self) -> None:
        """Aborts, waits for who is writing, and removes what has been written. Does nothing after `finish`."""
        self._let_go(OutputFile.abandon)

    def leave(self) -> None:
        """Likewise, but what has been written stays, under temporary names, to be gone on with from a mark."""
        self._let_go(OutputFile.leave)

    def _let_go(self, how: Callable[[OutputFile], None]) -> None:
        self.abort()
        with self._changed:
            self._changed.wait_for(lambda: not self._writing)
        for stream in self._files:
            for file in stream:
                how(file)
