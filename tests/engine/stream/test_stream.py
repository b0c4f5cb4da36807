"""Streams: in order, complete or counted, and gone when nobody takes them any more."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FastqFormatError
from engine.flow.backpressure import Adaptive, Backpressure, Block, Drop, Sample
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.pipeline.plan import resolve
from engine.pipeline.steps.executor import PipelineRun
from engine.report.sampling_text import sampling_sentences
from engine.source.plain import PlainSource
from engine.stream.builder import StreamBuilder
from engine.stream.processor import ProcessedBatch, StreamProcessor

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "samples" / "illumina_single.fastq.gz"
TEXT = gzip.decompress(SAMPLE.read_bytes())
RECORD = b"@read\nACGTACGTACGTACGTACGT\n+\nIIIIIIIIIIIIIIIIIIII\n"
STAGES = PipelineDefinition(
    name="shorten",
    version="1.0.0",
    type="document",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="once", stage="deduplicate"),
        StageDefinition(name="length", stage="length", parameters={"minimum": 30}),
    ),
)


async def pieces(text: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


async def gathered(processor: StreamProcessor, source: AsyncIterator[bytes]) -> bytes:
    seen = bytearray()
    await gather(processor.process_stream(source), seen)
    return bytes(seen)


async def gather(stream: AsyncIterator[ProcessedBatch], seen: bytearray) -> None:
    async for batch in stream:
        seen += batch.fastq()


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(main())
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("lanescope stream")] == []


@pytest.mark.parametrize(("workers", "batch", "piece"), [(1, 1 << 20, 1 << 16), (3, 5000, 777), (2, 3000, 1 << 20)])
def test_a_stream_without_stages_comes_out_as_it_went_in(workers: int, batch: int, piece: int) -> None:
    async def main() -> None:
        builder = StreamBuilder().concurrency(workers).batch_size(batch).in_flight(4 * batch + 1000).buffer_size(1000)
        processor = await builder.build()
        assert await gathered(processor, pieces(TEXT, piece)) == TEXT
        assert processor.left_out.batches == 0
        assert processor.results.basic.reads == TEXT.count(b"\n") // 4
        assert processor.results == processor.results_after

    run(main)


def test_stages_work_on_a_stream_as_on_a_file(tmp_path: Path) -> None:
    text = TEXT[:600_000].rpartition(b"\n@")[0] + b"\n"
    (tmp_path / "reads.fastq").write_bytes(text)
    with closing(PlainSource(tmp_path / "reads.fastq")) as source:
        [whole] = FastqParser(source, BufferPool(1 << 20, 2), tmp_path)
    expected = PipelineRun(resolve(STAGES)).executor().process(whole)

    async def main() -> None:
        processor = await StreamBuilder().pipeline(STAGES).concurrency(3).batch_size(10_000).build()
        assert await gathered(processor, pieces(text, 5000)) == ProcessedBatch(expected).fastq()
        assert processor.results.basic.reads == len(whole)
        assert processor.results_after.basic.reads == ProcessedBatch(expected).kept < len(whole)

    run(main)


def test_leaving_ends_the_source_and_every_thread() -> None:
    ended = threading.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield RECORD * 100
        finally:
            ended.set()

    async def main() -> None:
        processor = await StreamBuilder().batch_size(10_000).build()
        source = endless()
        stream = processor.process_stream(source)
        reads = 0
        async for batch in stream:
            reads += batch.kept
            if reads > 1000:
                break
        await stream.aclose()
        await source.aclose()  # type: ignore[attr-defined]  # an async generator
        assert ended.is_set()
        assert processor.results.basic.reads >= reads

    run(main)


def test_a_fault_comes_after_the_reads_before_it() -> None:
    async def main() -> None:
        text = RECORD * 1000 + b"@bad\nACGT\n+\nII\n" + RECORD
        processor = await StreamBuilder().batch_size(500).build()
        seen = bytearray()
        with pytest.raises(FastqFormatError, match=r"from the sequencer, record 1,001, line 4,004") as caught:
            await gather(processor.process_stream(pieces(text, 999), "from the sequencer"), seen)
        assert bytes(seen) == RECORD * 1000
        assert caught.value.offset == 1000 * len(RECORD) + 12
        assert processor.results.basic.reads == 1000

    run(main)


def test_trouble_of_the_source_comes_after_the_reads_before_it() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield RECORD * 10 + RECORD[:9]
        raise ConnectionResetError("the instrument hung up")

    async def main() -> None:
        processor = await StreamBuilder().build()
        seen = bytearray()
        with pytest.raises(ConnectionResetError, match="hung up"):
            await gather(processor.process_stream(failing()), seen)
        assert bytes(seen) == RECORD * 10

    run(main)


def test_nothing_is_a_stream_too() -> None:
    async def main() -> None:
        processor = await StreamBuilder().build()
        assert await gathered(processor, pieces(b"", 10)) == b""
        assert processor.results.basic.reads == 0

    run(main)


def test_the_end_in_the_middle_of_a_record_is_told() -> None:
    async def main() -> None:
        processor = await StreamBuilder().build()
        with pytest.raises(FastqFormatError, match="record 2"):
            await gathered(processor, pieces(RECORD + RECORD[:12], 7))

    run(main)


def test_reads_before_a_stall_come_out_without_waiting_for_its_end() -> None:
    """However long the source is silent in the middle of a record: the reads before it are not held back."""

    async def main() -> None:
        seen = bytearray()
        have_come = asyncio.Event()

        async def stalling() -> AsyncIterator[bytes]:
            yield RECORD * 10 + RECORD[:9]
            await asyncio.wait_for(have_come.wait(), 60)
            yield RECORD[9:]

        processor = await StreamBuilder().build()
        async for batch in processor.process_stream(stalling()):
            seen += batch.fastq()
            if seen == RECORD * 10:
                have_come.set()
        assert bytes(seen) == RECORD * 11

    run(main)


POLICIES = [Block(), Drop(), Sample(share=0.25, seed=3), Adaptive(low=0.2, high=0.5, share=0.2)]


@pytest.mark.parametrize("policy", POLICIES, ids=["block", "drop", "sample", "adaptive"])
def test_what_came_out_and_what_was_left_out_is_all_that_came(policy: Backpressure) -> None:
    """With a consumer that is much slower than the source."""
    records = 20_000

    async def main() -> None:
        builder = StreamBuilder().concurrency(2).batch_size(10_000).in_flight(50_000).backpressure(policy)
        processor = await builder.build()
        reads = batches = most = told = 0
        async for batch in processor.process_stream(pieces(RECORD * records, 1 << 16)):
            reads += batch.kept
            batches += 1
            if batches % 4 == 0:
                await asyncio.sleep(0.01)
            assert processor.left_out.reads >= told
            told = processor.left_out.reads
            most = max(most, sum((each.in_use + each.free) * each.size for each in processor.buffers))
        left_out = processor.left_out
        assert left_out.reads >= told
        # What is under way, one batch that is being filled, and one that is looked at.
        assert 10_000 <= most <= 50_000 + 2 * 10_000
        assert processor.buffers == ()
        sampling = processor.sampling
        assert (sampling is None) == isinstance(policy, Block)
        if sampling is not None:
            assert (sampling.policy, sampling.batches, sampling.reads) == (policy.kind, batches, reads)
            assert sampling.left_out_reads == left_out.reads
            words = " ".join(sampling_sentences(sampling))
            assert not left_out.batches or words.startswith(f"These numbers rest on a sample: {reads:,} of 20,000")
        assert reads + left_out.reads == records
        assert processor.results.basic.reads == reads
        assert left_out.bases == 20 * left_out.reads
        assert left_out.text_bytes == len(RECORD) * left_out.reads
        if isinstance(policy, Block):
            assert left_out.batches == 0
        if isinstance(policy, Sample):
            assert 0.05 * records < reads < 0.6 * records

    run(main)


def test_a_sample_of_a_stream_is_as_near_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)  # what is chosen goes by numbers of whole batches

    async def results_of(policy: Backpressure) -> StreamProcessor:
        builder = StreamBuilder().concurrency(3).batch_size(10_000).backpressure(policy)
        processor = await builder.build()
        await gathered(processor, pieces(TEXT, 1 << 16))
        return processor

    async def main() -> None:
        full = (await results_of(Block())).results.basic
        hits = tries = 0
        for seed in range(8):
            sampled = await results_of(Sample(share=0.2, seed=seed))
            basic, told = sampled.results.basic, sampled.sampling
            assert told is not None
            assert told.reads + told.left_out_reads == full.reads
            assert told.margins is not None
            hits += abs(basic.gc_percent - full.gc_percent) <= told.margins.gc_percent
            hits += abs(basic.mean_quality - full.mean_quality) <= told.margins.mean_quality
            tries += 2
        assert hits >= 0.8 * tries

    run(main)
