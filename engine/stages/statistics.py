"""What a stage has done: counts that merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State, Value
from engine.errors import CheckpointError
from engine.reasons import Reason
from kernels.stages.tally import TALLIES, tally

_NONE_DROPPED = np.empty(0, np.uint8)


class StageStatistics:
    """Reads and bases through a stage. The order of batches and of merges does not matter.

    Both reads of a pair count. A batch that the stage failed on is not in here.

    Attributes:
        counters: what a stage of this kind counts besides, by name; keys are whole numbers or words, such as
            the lengths cut off for each adapter.
    """

    def __init__(self) -> None:
        self._totals = np.zeros(TALLIES, np.int64)
        self._reasons = np.zeros(256, np.int64)
        self.counters: dict[str, Counter[int | str]] = {}

    @property
    def reads_in(self) -> int:
        """Reads that were not dropped before the stage."""
        return int(self._totals[0])

    @property
    def bases_in(self) -> int:
        """Their bases."""
        return int(self._totals[1])

    @property
    def reads_out(self) -> int:
        """Reads that are not dropped after the stage."""
        return int(self._totals[2])

    @property
    def bases_out(self) -> int:
        """Their bases."""
        return int(self._totals[3])

    @property
    def reads_cut(self) -> int:
        """Reads that stay and are shorter than before."""
        return int(self._totals[4])

    @property
    def bases_cut(self) -> int:
        """What those have lost."""
        return int(self._totals[5])

    @property
    def drops(self) -> Mapping[Reason, int]:
        """Reads dropped here, by reason; reasons that did not occur are left out."""
        return {reason: int(self._reasons[reason]) for reason in Reason if self._reasons[reason]}

    def count(self, before: ReadBatch, after: ReadBatch) -> None:
        """Adds a batch as it came in and went out, the mates too."""
        while True:
            tally(
                before.lengths,
                _NONE_DROPPED if before.dropped is None else before.dropped,
                after.lengths,
                _NONE_DROPPED if after.dropped is None else after.dropped,
                self._totals,
                self._reasons,
            )
            if before.mate is None or after.mate is None:
                return
            before, after = before.mate, after.mate

    def add(self, name: str, counts: Mapping[int, int] | Mapping[str, int]) -> None:
        """Adds to the counter of this name."""
        counter = self.counters.setdefault(name, Counter())
        for key, count in counts.items():
            counter[key] += count

    def merge(self, other: StageStatistics) -> None:
        """Adds what another instance of the stage has counted."""
        self._totals += other._totals
        self._reasons += other._reasons
        for name, counts in other.counters.items():
            self.counters.setdefault(name, Counter()).update(counts)

    def state(self) -> State:
        """For a checkpoint."""
        # Keys are kept beside the counts: those of dictionaries become words in a checkpoint.
        counters: dict[str, Value] = {
            name: [list(counts), list(counts.values())] for name, counts in self.counters.items()
        }
        return {"totals": self._totals.copy(), "reasons": self._reasons.copy(), "counters": counters}

    def restore(self, state: State) -> None:
        """Takes up what `state` gave; for statistics that have counted nothing.

        Raises:
            CheckpointError: this is something else.
        """
        for mine, kept in ((self._totals, state.get("totals")), (self._reasons, state.get("reasons"))):
            if not isinstance(kept, np.ndarray) or kept.shape != mine.shape or kept.dtype != mine.dtype:
                raise CheckpointError("It does not tell what the stages have counted.")
            mine[:] = kept
        counters: Any = state.get("counters")
        try:
            self.counters = {name: Counter(dict(zip(*counts, strict=True))) for name, counts in counters.items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise CheckpointError("It does not tell what the stages have counted.") from error

    def copy(self) -> StageStatistics:
        """Independent statistics with the same counts."""
        copy = StageStatistics()
        copy.merge(self)
        return copy
