"""What a run does not work on, counted, and what that means for its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path

from engine.collectors.batch_spread import BatchSpread
from engine.errors import LanescopeError
from engine.flow.backpressure import Backpressure, Block, Drop, LeftOut
from engine.run.snapshot import Margins, Sampling
from engine.run.worker import Progress
from kernels.collectors.sample_totals import ACGT, BASES, GC, Q30, QUALITY

KERNEL_MODULES = frozenset({"kernels.collectors.sample_totals"})
"""Where the kernels are that runs need which leave reads out."""


def check_can_leave_out(policy: Backpressure, paths: Iterable[Path]) -> None:
    """Makes sure that nobody gets a sample of a file that would have waited.

    Raises:
        LanescopeError: a file would be sampled.
    """
    if isinstance(policy, Block):
        return
    for path in paths:
        if path.is_file():
            raise LanescopeError(
                f"{path.name} is a file, which waits until there is room: none of its reads has to be left out.",
                hint="Leave --backpressure out, or send the reads through a pipe.",
            )


def sampling_of(
    policy: Backpressure, left_out: LeftOut, done: Progress, batches: int, spreads: Iterable[BatchSpread]
) -> Sampling | None:
    """What has been left out so far; ``None`` where the source waits, and so nothing is.

    Args:
        policy: what becomes of batches that find no room.
        left_out: what was.
        done: what was worked on.
        batches: worked on.
        spreads: of each worker.
    """
    if isinstance(policy, Block):
        return None
    return Sampling(
        policy=policy.kind,
        batches=batches,
        reads=done.reads,
        bases=done.bases,
        left_out_batches=left_out.batches,
        left_out_reads=left_out.reads,
        left_out_bases=left_out.bases,
        left_out_bytes=left_out.text_bytes,
        margins=_margins(policy, left_out, reduce(BatchSpread.plus, spreads, BatchSpread())),
    )


def _margins(policy: Backpressure, left_out: LeftOut, spread: BatchSpread) -> Margins | None:
    if isinstance(policy, Drop) and left_out.batches:
        return None  # what finds no room is no random choice
    found = [
        spread.margin(part, base, left_out.batches, left_out.bases)
        for part, base in ((GC, ACGT), (QUALITY, BASES), (Q30, BASES))
    ]
    gc, quality, q30 = found
    if gc is None or quality is None or q30 is None:
        return None
    return Margins(gc_percent=100 * gc, mean_quality=quality, q30_percent=100 * q30)
