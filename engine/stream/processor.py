"""Reads without end: bytes in, processed batches out, as fast as whoever takes them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from pathlib import Path

from engine.batch import ReadBatch
from engine.collectors.results import QcResults
from engine.flow.backpressure import LeftOut
from engine.pipeline.plan import ResolvedPipeline
from engine.sink.texts import kept, text_of
from engine.stream.incoming import Incoming, IncomingClosed, SourceFailed
from engine.stream.settings import StreamSettings
from engine.stream.team import Outcome, Team

Piece = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class ProcessedBatch:
    """Consecutive reads of a stream, after all stages.

    Valid until the next one is asked for: what is wanted longer has to be copied.

    Attributes:
        reads: the batch, with the reads that were dropped still in their rows.
    """

    reads: ReadBatch

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
        self._outcome = Outcome(QcResults(), QcResults(), LeftOut())

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
        """What was not worked on, because there was no room or it was not in the sample; likewise."""
        return self._outcome.left_out

    async def process_stream(
        self, source: AsyncIterable[Piece], name: str = "stream"
    ) -> AsyncGenerator[ProcessedBatch, None]:
        """The batches of a text, in its order.

        The text is asked for only as fast as the batches are taken, unless the backpressure says otherwise.

        Args:
            source: pieces of FASTQ text, of any size, not compressed.
            name: how errors call it.

        Raises:
            FastqFormatError: the text is not valid FASTQ; the batches before have been given.
            StageFailed: a stage failed, and the pipeline is not to go on without it.
            Exception: whatever `source` raises; the whole records before have been given.
        """
        path = Path(name)
        incoming = Incoming(self._settings.buffer_bytes, asyncio.get_running_loop())
        team = Team(incoming, path, self._settings, self._pipeline)
        feeding = asyncio.create_task(_feed(source, incoming, path), name=f"lanescope feed {name}")
        team.start()
        try:
            async for batch in team.batches():
                yield ProcessedBatch(batch)
        except SourceFailed as failed:
            raise failed.cause from None
        finally:
            incoming.close()
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feeding
            await asyncio.to_thread(team.stop)
            self._outcome = team.outcome()


async def _feed(source: AsyncIterable[Piece], incoming: Incoming, path: Path) -> None:
    try:
        async for piece in source:
            await incoming.bring(piece)
    except IncomingClosed:
        return
    except Exception as error:
        incoming.end(SourceFailed(path, error))
        return
    incoming.end()
