"""Streams that pass damage over: what is lost is counted and told, once, however often the stream is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FastqFormatError
from engine.run.skipped import Skipped
from engine.stream.builder import StreamBuilder
from engine.stream.processor import StreamProcessor
from engine.stream.recovery import Recovery
from tests.engine.stream.taking import pieces, take

NONSENSE = b"this is\nno read\n"
REGIONS = 12
READS = 150


def record(number: int) -> bytes:
    return b"@read%d\nACGTACGTACGTACGTACGT\n+\nIIIIIIIIIIIIIIIIIIII\n" % number


SOUND = [b"".join(record(region * READS + number) for number in range(READS)) for region in range(REGIONS + 1)]
TEXT = NONSENSE.join(SOUND)


async def built(folder: Path | None, recovery: Recovery = Recovery.SKIP) -> StreamProcessor:
    builder = StreamBuilder().concurrency(2).batch_size(2000).in_flight(10_000).recovery(recovery)
    if folder is not None:
        builder = builder.checkpoints(folder, "instrument 7").checkpoint_interval(1e-9)
    return await builder.build()


def check(skipped: Skipped) -> None:
    assert (skipped.regions, skipped.text_bytes) == (REGIONS, REGIONS * len(NONSENSE))
    assert len(skipped.told) == REGIONS
    assert f"instrument 7, record {READS + 1:,}" in skipped.told[0]
    assert f"{len(NONSENSE)} bytes of text were passed over" in skipped.told[-1]


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(main())


def test_damage_is_passed_over_and_told_without_checkpoints_too() -> None:
    async def main() -> None:
        processor = await built(None)
        batches: dict[int, bytes] = {}
        assert await take(processor, pieces(TEXT, 997), batches)
        assert b"".join(batches.values()) == b"".join(SOUND)
        assert processor.results.basic.reads == READS * (REGIONS + 1)
        check(processor.skipped)

    run(main)


@pytest.mark.parametrize("recovery", [choice for choice in Recovery if choice is not Recovery.SKIP])
def test_otherwise_it_ends_the_stream(recovery: Recovery) -> None:
    async def main() -> None:
        processor = await built(None, recovery)
        with pytest.raises(FastqFormatError, match="record 151"):
            await take(processor, pieces(TEXT, 997), {})
        assert processor.skipped.regions == 0

    run(main)


def test_left_again_and_again_it_is_counted_once(tmp_path: Path) -> None:
    async def main() -> None:
        seen: dict[int, bytes] = {}
        starts: list[int] = []
        processor, has_ended = await built(tmp_path), False
        while not has_ended:
            processor = await built(tmp_path)
            has_ended = await take(processor, pieces(TEXT, 997), seen, 9 + len(starts))
            starts.append(processor.resumed_at.number)
        assert len(starts) > 3
        assert starts[-1] > starts[0] == 0
        assert b"".join(seen[number] for number in sorted(seen)) == b"".join(SOUND)
        assert processor.results.basic.reads == READS * (REGIONS + 1)
        check(processor.skipped)

    run(main)


def test_a_stream_that_damage_has_ended_goes_on_behind_it(tmp_path: Path) -> None:
    text = b"".join(SOUND[:-1]) + NONSENSE + SOUND[-1]

    async def main() -> None:
        with pytest.raises(FastqFormatError):
            await take(await built(tmp_path, Recovery.RESUME), pieces(text, 997), {})
        processor = await built(tmp_path)
        assert await take(processor, pieces(text, 997), {})
        assert processor.resumed_at.number > 0
        assert processor.results.basic.reads == READS * (REGIONS + 1)
        assert (processor.skipped.regions, processor.skipped.text_bytes) == (1, len(NONSENSE))

    run(main)


def test_a_text_that_ends_within_a_record_loses_that_one() -> None:
    async def main() -> None:
        processor = await built(None)
        batches: dict[int, bytes] = {}
        assert await take(processor, pieces(SOUND[0] + SOUND[1][:12], 997), batches)
        assert b"".join(batches.values()) == SOUND[0]
        assert (processor.skipped.regions, processor.skipped.text_bytes) == (1, 12)

    run(main)
