"""A process that takes the batches of a stream with checkpoints, and is killed by whoever began it.

It says a line for each batch, and with a first word waits for another line before it goes on.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from engine.flow.backpressure import Backpressure, Block, Sample
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.stream.builder import StreamBuilder
from engine.stream.processor import StreamProcessor
from tests.engine.run.lost_runs import reads_of
from tests.engine.stream.taking import pieces

STAGES = PipelineDefinition(
    name="once",
    stages=(StageDefinition(name="tails", stage="quality"), StageDefinition(name="once", stage="deduplicate")),
)
TEXT = reads_of(11, 6000)
POLICIES: dict[str, Backpressure] = {"block": Block(), "sample": Sample(share=0.6, seed=2)}


async def built(folder: Path, policy: str) -> StreamProcessor:
    """Takes a checkpoint behind every third batch."""
    builder = StreamBuilder().pipeline(STAGES).concurrency(2).batch_size(20_000).in_flight(100_000)
    builder = builder.backpressure(POLICIES[policy]).checkpoints(folder, "instrument 7")
    return await builder.checkpoint_interval(batches=3).build()


async def main(folder: Path, policy: str) -> None:
    processor = await built(folder / "checkpoints", policy)
    async for batch in processor.process_stream(pieces(TEXT)):
        (folder / f"{batch.number}.fastq").write_bytes(batch.fastq())
        print(batch.number, flush=True)
        await asyncio.to_thread(sys.stdin.readline)
    print("end", flush=True)


if __name__ == "__main__":
    # However slow the machine: what is chosen goes by whole batches.
    import engine.parse.fastq

    engine.parse.fastq._LIVE = 3600.0
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
