"""Reads without end: bytes in, processed batches out, as fast as whoever takes them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from engine.batch import ReadBatch
from engine.collectors.results import QcResults
from engine.errors import CheckpointError
from engine.flow.backpressure import LeftOut
from engine.flow.pool import SizeClass
from engine.pipeline.plan import ResolvedPipeline
from engine.run.skipped import Skipped
from engine.run.snapshot import Sampling
from engine.sink.texts import kept, text_of
from engine.source.summed import AGAIN, TextSum, another, too_short
from engine.stream.incoming import Incoming, IncomingClosed, SourceFailed
from engine.stream.outcome import Outcome
from engine.stream.recovery import StreamStart, start_of
from engine.stream.settings import StreamSettings
from engine.stream.team import Team

Piece = bytes | bytearray | memoryview
Source = AsyncIterable[Piece] | Callable[[int], AsyncIterable[Piece]]
"""Pieces of a text, or what gives them from a byte of it on."""


@dataclass(frozen=True, slots=True)
class ProcessedBatch:
    """Consecutive reads of a stream, after all stages.

    Valid until the next one is asked for: what is wanted longer has to be copied.

    Attributes:
        reads: the batch, with the reads that were dropped still in their rows.
    """

    reads: ReadBatch

    @property
    def number(self) -> int:
        """Counts the batches that are worked on from 0, over all processes of a stream that goes on."""
        return self.reads.number

    @property
    def kept(self) -> int:
        """Reads that the stages kept."""
        return int(kept(self.reads).sum())

    def fastq(self) -> bytes:
        """The reads that were kept, as four-line records."""
        text = text_of(self.reads, kept(self.reads))
        return bytes(text.part(0, text.reads))


class StreamProcessor:
    """Works on streams of FASTQ text, one at a time.

    Made by `StreamBuilder`. Leaving the iteration early ends everything that was at work for it.

    Args:
        settings: how.
        pipeline: what is done to the reads; ``None``: nothing, they are only counted.
    """

    def __init__(self, settings: StreamSettings, pipeline: ResolvedPipeline | None) -> None:
        self._settings = settings
        self._pipeline = pipeline
        self._outcome = Outcome(QcResults(), QcResults(), LeftOut(), Skipped(0, 0))
        self._start = StreamStart()
        self._team: Team | None = None

    @property
    def results(self) -> QcResults:
        """Quality of the reads as they came, those left out not counted; of the last stream, once it has ended."""
        return self._outcome.before

    @property
    def results_after(self) -> QcResults:
        """Quality of the reads that were kept, as the stages left them; likewise."""
        return self._outcome.after

    @property
    def left_out(self) -> LeftOut:
        """What was not worked on, because there was no room or it was not in the sample; while it goes, so far."""
        team = self._team
        return self._outcome.left_out if team is None else team.left_out

    @property
    def sampling(self) -> Sampling | None:
        """What `results` rest on, and how near they are to those of all reads; likewise, once it has ended.

        ``None`` where the source waits, so that they rest on all. `engine.report.sampling_text` has the words.
        """
        return self._outcome.sampling

    @property
    def buffers(self) -> tuple[SizeClass, ...]:
        """The buffers of the stream that goes now, by their size; none where none goes."""
        team = self._team
        return () if team is None else team.buffers

    @property
    def skipped(self) -> Skipped:
        """Damaged regions that were passed over, with `Recovery.SKIP`; likewise."""
        return self._outcome.skipped

    @property
    def resumed_at(self) -> StreamStart:
        """Where the last stream began: at its beginning, or where one of its identity was left."""
        return self._start

    async def process_stream(self, source: Source, name: str = "stream") -> AsyncGenerator[ProcessedBatch, None]:
        """The batches of a text, in its order.

        The text is asked for only as fast as the batches are taken, unless the backpressure says otherwise.

        With checkpoints, a stream that was left goes on behind the last batch that its last checkpoint covers, and
        every batch from there on comes, or comes again: `ProcessedBatch.number` tells which. Once a stream has come
        to its end, its checkpoints are removed.

        Args:
            source: pieces of FASTQ text, of any size, not compressed, from the beginning of the text; or what gives
                them from a byte of the text on, which saves reading what is before.
            name: how errors call it.

        Raises:
            CheckpointError: it was left before its end and cannot go on, or ends before the place where it was left.
            FastqFormatError: the text is not valid FASTQ; the batches before have been given. With `Recovery.SKIP`
                only where there is too much damage.
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            Exception: whatever `source` raises; the whole records before have been given.
        """
        kept = self._settings.checkpoints
        claim = None if kept is None else kept.claim()
        if claim is not None:
            await asyncio.to_thread(claim.take)
        try:
            self._start = (
                StreamStart()
                if kept is None
                else await asyncio.to_thread(start_of, kept, self._settings.recovery, self._pipeline)
            )
            async with contextlib.aclosing(self._processed(source, Path(name), self._start)) as batches:
                async for batch in batches:
                    yield batch
        finally:
            if claim is not None:
                claim.release()

    async def _processed(self, source: Source, path: Path, start: StreamStart) -> AsyncGenerator[ProcessedBatch, None]:
        incoming = Incoming(self._settings.buffer_bytes, asyncio.get_running_loop())
        team = Team(incoming, path, self._settings, self._pipeline, start)
        offset = start.place.offset
        pieces = source(offset) if callable(source) else _behind(source, offset, start.text_sum, path)
        feeding = asyncio.create_task(_feed(pieces, incoming, path), name=f"lanescope feed {path}")
        self._team = team
        team.start()
        try:
            async with contextlib.aclosing(team.batches()) as batches:
                async for batch in batches:
                    yield ProcessedBatch(batch)
        except SourceFailed as failed:
            raise failed.cause from None
        finally:
            incoming.close()
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feeding
            team.stop()
            # The threads end in any case, also where nobody waits for it any more.
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, team.join))
            self._outcome = team.outcome()
            if self._team is team:  # whoever left without a word may have begun another one
                self._team = None


async def _behind(source: AsyncIterable[Piece], offset: int, known: TextSum, path: Path) -> AsyncIterator[Piece]:
    """The pieces without the bytes before the offset, once all that is known of the text has come again."""
    found, held = TextSum(), bytearray()
    try:
        async for piece in source:
            if found.text_bytes >= known.text_bytes:
                yield piece
                continue
            view = memoryview(piece).cast("B")
            held += view[max(offset - found.text_bytes, 0) :]
            found = found.plus(view[: known.text_bytes - found.text_bytes])
            if found.text_bytes == known.text_bytes:
                if found != known:
                    raise CheckpointError(another(path.name, known), hint=AGAIN)
                yield bytes(held)
                held.clear()
    finally:
        if isinstance(source, AsyncGenerator):
            await source.aclose()
    if found.text_bytes < known.text_bytes:
        raise CheckpointError(too_short(path.name, known), hint=AGAIN)


async def _feed(source: AsyncIterable[Piece], incoming: Incoming, path: Path) -> None:
    try:
        async for piece in source:
            await incoming.bring(piece)
    except IncomingClosed:
        return
    except Exception as error:
        incoming.end(SourceFailed(path, error))
        return
    finally:
        # Nobody asks it for more: it need not wait for the garbage collector to learn that.
        if isinstance(source, AsyncGenerator):
            await source.aclose()
    incoming.end()
