"""Streams that are left and go on: whatever the moment, the batches and the counts are those of one that was not."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.checkpoint.folder import CheckpointFolder
from engine.errors import CheckpointError
from engine.flow.backpressure import Backpressure, Block, Sample
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.run.snapshot import Sampling
from engine.stream.builder import StreamBuilder
from engine.stream.processor import StreamProcessor
from engine.stream.recovery import Recovery
from tests.engine.stream.taking import pieces, take

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
ALWAYS = 1e-9
"""Seconds between checkpoints that are never waited for."""


@pytest.fixture(autouse=True)
def whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: what is chosen goes by batches."""
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)


def own_folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(main())


async def built(folder: Path, policy: Backpressure | None = None, **changes: Any) -> StreamProcessor:
    builder = StreamBuilder().pipeline(changes.get("pipeline", STAGES)).concurrency(changes.get("workers", 2))
    builder = builder.batch_size(50_000).in_flight(300_000).backpressure(policy or Block())
    builder = builder.checkpoints(folder, changes.get("identity", "instrument 7")).checkpoint_interval(ALWAYS)
    return await builder.recovery(changes.get("recovery", Recovery.RESUME)).build()


def told(sampling: Sampling | None) -> list[float]:
    """What is said of a sample; nothing where there is none."""
    if sampling is None:
        return []
    margins = sampling.margins
    assert margins is not None
    return [sampling.batches, sampling.reads, margins.gc_percent, margins.mean_quality, margins.q30_percent]


@pytest.mark.parametrize("policy", [Block(), Sample(share=0.5, seed=4)], ids=["block", "sample"])
def test_left_again_and_again_it_ends_as_if_it_never_had_been(policy: Backpressure, tmp_path: Path) -> None:
    async def main() -> None:
        whole: dict[int, bytes] = {}
        once = await built(tmp_path / "once", policy)
        assert await take(once, pieces(TEXT), whole)
        seen: dict[int, bytes] = {}
        starts: list[int] = []
        processor, has_ended = once, False
        while not has_ended:
            processor = await built(tmp_path / "often", policy, workers=1 + len(starts) % 3)
            has_ended = await take(processor, pieces(TEXT), seen, 7 + len(starts))
            starts.append(processor.resumed_at.number)
        assert len(starts) > 3
        assert starts == sorted(starts)
        assert starts[-1] > 0
        assert processor.results == once.results
        assert processor.results_after == once.results_after
        assert processor.left_out == once.left_out
        assert told(processor.sampling) == pytest.approx(told(once.sampling))
        # Pieces are cut elsewhere after a resume, so that batches are compared as one text.
        assert b"".join(seen[number] for number in sorted(seen)) == b"".join(whole.values())

    run(main)


def test_a_source_that_can_begin_anywhere_is_asked_to(tmp_path: Path) -> None:
    asked: list[int] = []

    def source(offset: int) -> AsyncIterator[bytes]:
        asked.append(offset)
        return pieces(TEXT, start=offset)

    async def main() -> None:
        seen: dict[int, bytes] = {}
        assert not await take(await built(tmp_path), source, seen, 20)
        processor = await built(tmp_path)
        assert await take(processor, source, seen)
        assert asked == [0, processor.resumed_at.place.offset]
        assert asked[1] > 0
        assert processor.results.basic.reads == TEXT.count(b"\n") // 4

    run(main)


def test_at_its_end_nothing_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        assert await take(await built(tmp_path), pieces(TEXT), {})
        assert not own_folders(tmp_path)
        again = await built(tmp_path)
        assert await take(again, pieces(TEXT), {})
        assert again.resumed_at.number == 0

    run(main)


async def left(folder: Path) -> None:
    assert not await take(await built(folder), pieces(TEXT), {}, 20)
    [own] = own_folders(folder)
    assert CheckpointFolder(own).checkpoints()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"pipeline": STAGES.model_copy(update={"stages": STAGES.stages[:1]})}, "does not do what it did")],
)
def test_what_changed_is_told(changes: dict[str, Any], reason: str, tmp_path: Path) -> None:
    async def main() -> None:
        await left(tmp_path)
        with pytest.raises(CheckpointError, match=reason):
            await take(await built(tmp_path, **changes), pieces(TEXT), {}, 1)
        restarted = await built(tmp_path, recovery=Recovery.RESUME_OR_RESTART, **changes)
        assert await take(restarted, pieces(TEXT), {})
        assert restarted.resumed_at.number == 0

    run(main)


def test_another_identity_begins_at_its_own_beginning_and_a_restart_at_any(tmp_path: Path) -> None:
    async def main() -> None:
        await left(tmp_path)
        other = await built(tmp_path, identity="instrument 8")
        assert not await take(other, pieces(TEXT), {}, 1)
        assert other.resumed_at.number == 0
        again = await built(tmp_path, recovery=Recovery.RESTART)
        assert await take(again, pieces(TEXT), {})
        assert again.resumed_at.number == 0
        assert again.results.basic.reads == TEXT.count(b"\n") // 4

    run(main)


def test_a_text_that_shrank_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        await left(tmp_path)
        with pytest.raises(CheckpointError, match="ends before byte"):
            await take(await built(tmp_path), pieces(TEXT[:1000]), {})
        # What was kept is still there.
        assert await take(await built(tmp_path), pieces(TEXT), {})

    run(main)


def test_a_text_that_is_another_one_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        await left(tmp_path)
        with pytest.raises(CheckpointError, match=r"brings other reads than before in the first [\d,]+ bytes"):
            await take(await built(tmp_path), pieces(TEXT[:9000].replace(b"G", b"C") + TEXT[9000:]), {})
        other = pieces(TEXT[:9000].replace(b"G", b"C") + TEXT[9000:])
        with pytest.raises(CheckpointError, match="brings other reads than before"):
            await take(await built(tmp_path, recovery=Recovery.RESUME_OR_RESTART), other, {})
        processor = await built(tmp_path)
        assert await take(processor, pieces(TEXT), {})
        assert processor.resumed_at.number > 0

    run(main)


def test_damaged_checkpoints_are_passed_over_or_told(tmp_path: Path) -> None:
    async def main() -> None:
        await left(tmp_path)
        [own] = own_folders(tmp_path)
        files = sorted(own.glob("checkpoint-*.lsc"))
        files[-1].write_bytes(files[-1].read_bytes()[:-1])
        for file in files[:-1]:
            file.write_bytes(b"")
        with pytest.raises(CheckpointError, match="cut short"):
            await take(await built(tmp_path), pieces(TEXT), {}, 1)

    run(main)


def test_two_streams_cannot_share_checkpoints(tmp_path: Path) -> None:
    async def main() -> None:
        first = (await built(tmp_path)).process_stream(pieces(TEXT))
        assert (await anext(first)).number == 0
        with pytest.raises(CheckpointError, match="instrument 7 is being worked on already"):
            await take(await built(tmp_path), pieces(TEXT), {}, 1)
        await first.aclose()
        assert await take(await built(tmp_path), pieces(TEXT), {})

    run(main)


def test_checkpoints_by_the_number_of_batches(tmp_path: Path) -> None:
    """However far away the time is at which one would be taken."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield RECORD * 100

    async def main() -> None:
        builder = StreamBuilder().batch_size(10_000).in_flight(50_000).checkpoints(tmp_path, "instrument 7")
        processor = await builder.checkpoint_interval(seconds=1e6, batches=5).build()
        stream = processor.process_stream(endless())
        async with asyncio.timeout(60):
            async for _ in stream:
                if any(CheckpointFolder(own).checkpoints() for own in own_folders(tmp_path)):
                    break
        await stream.aclose()
        again = (await builder.build()).process_stream(endless())
        assert (await anext(again)).number >= 5
        await again.aclose()

    run(main)


def test_an_interval_without_a_folder_makes_no_sense() -> None:
    async def main() -> None:
        with pytest.raises(ValidationError):
            await StreamBuilder().checkpoint_interval(5).build()

    run(main)


def test_a_stream_left_without_a_word_ends_its_source_and_threads() -> None:
    ended = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield RECORD * 100
        finally:
            ended.set()

    async def leave() -> None:
        processor = await StreamBuilder().batch_size(10_000).build()
        async for batch in processor.process_stream(endless()):
            assert batch.kept
            break

    async def main() -> None:
        await leave()
        await asyncio.wait_for(ended.wait(), 60)

    run(main)
