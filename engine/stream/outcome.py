"""What has become of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.collectors.batch_spread import BatchSpread
from engine.collectors.results import QcResults
from engine.flow.backpressure import Backpressure, LeftOut
from engine.parse.damage import Damage
from engine.run.sampling import sampling_of
from engine.run.skipped import Skipped
from engine.run.snapshot import Sampling
from engine.run.worker import Progress


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a stream.

    Attributes:
        before: quality of the reads as they came, those left out not counted.
        after: quality of the reads that were kept.
        left_out: what was not worked on.
        skipped: damage that was passed over.
        sampling: what it means that some was left out; ``None`` where the source waits.
    """

    before: QcResults
    after: QcResults
    left_out: LeftOut
    skipped: Skipped
    sampling: Sampling | None = None


def skipped_in(damage: Damage) -> Skipped:
    """What was passed over, as it is told."""
    return Skipped(damage.regions, damage.text_bytes, damage.file_bytes, damage.told)


def sampling_in(
    before: QcResults, policy: Backpressure, left_out: LeftOut, batches: int, spreads: Sequence[BatchSpread]
) -> Sampling | None:
    """What the quality of the reads that were worked on rests on; ``None`` where the source waits.

    Args:
        before: that quality.
        policy: what becomes of batches that find no room.
        left_out: what was not worked on.
        batches: that were, in all processes of the stream.
        spreads: how far they differ.
    """
    done = Progress(before.basic.reads, before.basic.bases)
    found = sampling_of(policy, left_out, done, batches, spreads)
    if found is not None and sum(spread.batches for spread in spreads) < batches:
        return replace(found, margins=None)  # some were worked on when the source still waited
    return found
