"""The first reads of an input, read for themselves."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.pipeline.steps.pieces import piece_of
from engine.run.reading import Reading, Watch

_BATCH_BYTES = 1 << 20


def first_reads(reading: Reading, reads: int, watch: Watch = lambda source: source) -> Generator[ReadBatch]:
    """Batches of the first reads, or pairs; each is valid until the next is asked for.

    Args:
        reading: what to read, not opened yet; it is closed at the end.
        reads: how many at most.
        watch: see `Reading.batches`.

    Raises:
        InputError: there are no reads, or they are not valid.
    """
    with closing(reading):
        reading.open()
        pool = BufferPool(_BATCH_BYTES, 2 * reading.files_at_once)
        left = reads
        for batch in reading.batches(pool, watch):
            if left <= 0:
                break
            yield piece_of(batch, 0, min(left, len(batch)))
            left -= len(batch)
            for buffer in batch.buffers:
                pool.give(buffer)
