"""Searching reads: one thread reads, some look, and hits come in the order of the files."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.flow.pool import BufferPool, PoolAborted
from engine.flow.queue import BatchQueue, QueueAborted, QueueEnded
from engine.flow.turnstile import Turnstile, TurnstileAborted
from engine.search.feed import Feed, FileBatch
from engine.search.hits import HitBatch
from engine.search.matcher import HitProcessing, HitProcessor, Matcher, QueryRewriter
from engine.search.request import SearchRequest
from engine.sink.errors import OutputError, SinkAborted
from engine.sink.ordered import OrderedSink, Written
from engine.sink.plan import OutputPlan

_BATCH_BYTES = 4 << 20
_QUEUE = 8
"""Batches that lie ready for those who look."""

_PATIENCE = 0.5
"""Seconds of a wait, between which Ctrl+C gets through."""

OnHits = Callable[[HitBatch], None]
"""Gets hits in the order of the files, in a thread of the search, by one thread at a time; while it has not returned,
no more hits come."""


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """How far a search is.

    Attributes:
        reads: looked at, up to the last hit that was handed out or a little further.
        hits: handed out.
        bases: of the hits.
        bytes_read: of the files as stored.
    """

    reads: int = 0
    hits: int = 0
    bases: int = 0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True)
class SearchSummary:
    """What a search came to.

    Attributes:
        request: what was searched for, after a query pipeline.
        reads: looked at.
        hits: found.
        bases: of the hits.
        is_limited: it ended at the limit, and there may be more hits.
        is_cancelled: it was called off; nothing was written.
        written: the files with the hits.
    """

    request: SearchRequest
    reads: int
    hits: int
    bases: int
    is_limited: bool
    is_cancelled: bool
    written: tuple[Written, ...]


class ReadSearch:
    """One search through files of reads, each read by itself.

    Args:
        files: where to search, in order.
        request: what for.
        workers: threads that look, from 1.
        on_hits: gets the hits as they come.
        output: where to write them.
        token: see `OutputFile`.
        rewriter: changes the request first.
        processing: what hits go through, such as a pipeline of type ``result``.
        batch_bytes: text that is looked at at once.
    """

    def __init__(
        self,
        files: Sequence[Path],
        request: SearchRequest,
        *,
        workers: int,
        on_hits: OnHits | None = None,
        output: OutputPlan | None = None,
        token: str = "",
        rewriter: QueryRewriter | None = None,
        processing: HitProcessing | None = None,
        batch_bytes: int = _BATCH_BYTES,
    ) -> None:
        self._files = tuple(files)
        self._request = request if rewriter is None else rewriter.rewrite(request)
        self._matcher = Matcher(self._request)
        self._on_hits = on_hits
        self._output = output
        self._token = token
        self._processing = processing
        self._workers = workers
        self._feed = Feed(self._files)
        self._queue: BatchQueue[FileBatch] = BatchQueue(_QUEUE)
        self._pool = BufferPool(batch_bytes, _QUEUE + workers + 1)
        self._order = Turnstile()
        self._sink: OrderedSink | None = None
        self._guard = threading.Lock()
        self._progress = SearchProgress()
        self._error: Exception | None = None
        self._is_over = False
        self._is_limited = False
        self._is_cancelled = False

    def run(self) -> SearchSummary:
        """Searches, and returns when all threads have ended.

        Raises:
            InputError: a file cannot be read; the hits before that place have been handed out.
            OutputError: hits cannot be written. Of an output that fails nothing is left.
            Exception: what the listener or a processor raised.
        """
        if self._output is not None:
            ahead = max(_QUEUE, 2 * self._workers)
            self._sink = OrderedSink(self._output, inputs=self._files, ahead=ahead, token=self._token)
        try:
            self._carry_out()
            written = self._written()
        finally:
            if self._sink is not None:
                self._sink.abandon()
        done = self._progress
        is_limited = self._is_limited
        return SearchSummary(self._request, done.reads, done.hits, done.bases, is_limited, self._is_cancelled, written)

    def cancel(self) -> None:
        """Ends the search soon, from any thread."""
        with self._guard:
            if self._is_over:
                return
            self._is_cancelled = True
        self._end()

    @property
    def progress(self) -> SearchProgress:
        """How far it is."""
        with self._guard:
            return replace(self._progress, bytes_read=self._feed.position)

    def _carry_out(self) -> None:
        works = [self._read, *[self._look] * self._workers]
        threads = [threading.Thread(target=self._live, args=(work,), name="lanescope search") for work in works]
        started: list[threading.Thread] = []
        try:
            for thread in threads:
                thread.start()
                started.append(thread)
            for thread in started:
                while thread.is_alive():  # on Windows Ctrl+C waits for the end of a wait
                    thread.join(_PATIENCE)
        except BaseException:  # Ctrl+C, or there is no memory for another thread
            self.cancel()
            raise
        finally:
            for thread in started:
                thread.join()
            self._end()

    def _written(self) -> tuple[Written, ...]:
        if self._error is not None and not self._is_cancelled:
            raise self._error
        if self._sink is None or self._is_cancelled:
            return ()
        return self._sink.finish()

    def _live(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (PoolAborted, QueueAborted, SinkAborted, TurnstileAborted):
            pass
        except Exception as error:
            with self._guard:
                # What fails because all is being ended is no news, unless it is about the hits found before.
                if self._error is None and (not self._is_over or isinstance(error, OutputError)):
                    self._error = error
            if work != self._read:  # what was read before a fault is still looked at
                self._end()

    def _read(self) -> None:
        """The life of the thread that reads."""
        try:
            with contextlib.closing(self._feed.batches(self._pool)) as batches:
                for item in batches:
                    self._push(item)
        finally:
            self._queue.close()

    def _push(self, item: FileBatch) -> None:
        try:
            self._queue.push(item)
        except BaseException:
            self._pool.give(item.batch.buffer)
            raise

    def _look(self) -> None:
        """The life of a thread that looks."""
        processor = None if self._processing is None else self._processing.executor()
        try:
            while True:
                item = self._queue.pop()
                try:
                    self._search(item, processor)
                finally:
                    self._pool.give(item.batch.buffer)
        except QueueEnded:
            pass
        finally:
            if processor is not None:
                processor.close()

    def _search(self, item: FileBatch, processor: HitProcessor | None) -> None:
        hits = _processed(self._matcher.hits(item.file, item.batch, self._go_on), processor)
        with self._order.turn(item.batch.number):
            hits = self._hand_on(hits, len(item.batch))
        if self._sink is not None:
            self._sink.write(hits.reads)
        if self._is_limited:
            self._end()

    def _go_on(self) -> None:
        if self._is_over:
            raise TurnstileAborted

    def _hand_on(self, hits: HitBatch, looked_at: int) -> HitBatch:
        """Tells of the hits, as many as are wanted, when all before them have been told of."""
        done = self._progress
        limit = self._request.limit
        if self._is_limited:
            raise TurnstileAborted
        if limit is not None and done.hits + len(hits) >= limit:
            hits = hits.first(limit - done.hits)
            self._is_limited = True
        with self._guard:
            self._progress = replace(
                done,
                reads=done.reads + looked_at,
                hits=done.hits + len(hits),
                bases=done.bases + int(hits.reads.lengths.sum()),
            )
        if len(hits) and self._on_hits is not None:
            self._on_hits(hits)
        return hits

    def _end(self) -> None:
        """Frees everyone who waits."""
        with self._guard:
            self._is_over = True
        self._feed.close()
        for item in self._queue.abort():
            self._pool.give(item.batch.buffer)
        self._pool.abort()
        self._order.abort()
        if self._processing is not None:
            self._processing.cancel()
        if self._sink is not None and (self._error is not None or self._is_cancelled):
            self._sink.abort()


def _processed(hits: HitBatch, processor: HitProcessor | None) -> HitBatch:
    if processor is None:
        return hits
    before = hits.reads
    after = processor.process(before)
    if after.dropped is None or not after.dropped.any():
        return HitBatch(hits.file, after, hits.motifs)
    rows = (after.dropped == 0).nonzero()[0]
    return HitBatch(hits.file, after.kept(), None if hits.motifs is None else hits.motifs.rows(rows))
