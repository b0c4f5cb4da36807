"""Dropping reads that are there already."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from pydantic import Field

from engine.batch import ReadBatch
from engine.errors import CheckpointError
from engine.flow.turnstile import Turnstile
from engine.reasons import Reason
from engine.stages.base import BASES, NativeStage, StageParameters, with_failures
from engine.stages.memory import Memory, Words
from kernels.stages.hashes import find_new, sequence_hashes

_FIRST_SLOTS = 1 << 16
_SEEDS = (1, 2)


class DuplicateParameters(StageParameters):
    """What can be set for dropping duplicates."""

    compared: int = Field(
        default=0,
        title="Compare",
        description="Leading bases of each read that have to be the same; 0: all.",
        ge=0,
        json_schema_extra=BASES,
    )


class SeenReads(Memory):
    """Every different read or pair so far, as 128 bits each.

    Two different ones are taken for the same with a chance of about one in 10^20 among a billion reads. Needs 32
    to 64 bytes for each different read.
    """

    def __init__(self) -> None:
        self.turnstile = Turnstile()
        self._table = np.zeros((2, _FIRST_SLOTS), np.uint64)
        self._used = 0
        self._new: list[tuple[int, Words]] | None = None
        self._guard = threading.Lock()

    def keep_new(self) -> None:
        """See `Memory.keep_new`."""
        self._new = []

    def new_before(self, number: int) -> Words:
        """See `Memory.new_before`; two words a key."""
        with self._guard:
            kept = self._new or []
            before = [words for batch, words in kept if batch < number]
            self._new = [(batch, words) for batch, words in kept if batch >= number]
        return np.concatenate(before) if before else np.empty((0, 2), np.uint64)

    def restore(self, words: Words, number: int) -> None:
        """See `Memory.restore`."""
        if words.size % 2:
            raise CheckpointError("It does not tell which reads were there already.")
        self.turnstile = Turnstile(number)
        keys = np.ascontiguousarray(words.reshape(-1, 2).T)
        self.add(keys, np.zeros(keys.shape[1], np.uint8))

    def add(self, keys: Any, skipped: Any, number: int | None = None) -> Any:
        """Which keys are new; to be called in one's turn.

        Args:
            keys: uint64 [2, n].
            skipped: uint8 [n], not 0 where the key is to be left alone.
            number: of their batch; ``None``: they are not new to whoever keeps what is new.

        Returns:
            uint8 [n], 1 where new.
        """
        slots = self._table.shape[1]
        while 2 * (self._used + keys.shape[1]) > slots:
            slots *= 2
        if slots > self._table.shape[1]:
            old = np.ascontiguousarray(self._table[:, self._table.any(axis=0)])
            self._table = np.zeros((2, slots), np.uint64)
            find_new(old, self._table, np.zeros(old.shape[1], np.uint8), np.empty(old.shape[1], np.uint8))
        is_new = np.empty(keys.shape[1], np.uint8)
        self._used += find_new(keys, self._table, skipped, is_new)
        if self._new is not None and number is not None:
            words = np.ascontiguousarray(keys[:, (is_new != 0) & (skipped == 0)].T)
            with self._guard:
                self._new.append((number, words))
        return is_new


class Deduplicator(NativeStage[DuplicateParameters]):
    """Keeps the first of reads with the same bases, case aside; of pairs, with the same bases in both.

    Which one is first depends on the order of the input alone: workers look reads up one batch after the other. A
    read that was dropped before neither makes another one a duplicate nor is one.
    """

    def __init__(self, parameters: DuplicateParameters, shared: Any = None) -> None:
        super().__init__(parameters, shared)
        self._seen: SeenReads = self.share(parameters) if shared is None else shared

    @classmethod
    def share(cls, _parameters: Any) -> SeenReads:
        """What has been seen, by all workers."""
        return SeenReads()

    def skip(self, number: int) -> None:
        """See `NativeStage.skip`."""
        self._seen.turnstile.skip(number)

    def abort(self) -> None:
        """See `NativeStage.abort`."""
        self._seen.turnstile.abort()

    def _work(self, batch: ReadBatch) -> ReadBatch:
        keys = np.zeros((2, len(batch)), np.uint64)
        side: ReadBatch | None = batch
        skipped = np.zeros(len(batch), np.uint8)
        while side is not None:
            for row, seed in enumerate(_SEEDS):
                sequence_hashes(
                    side.buffer, side.sequence_starts, side.lengths, self.parameters.compared, seed, keys[row]
                )
            if side.dropped is not None:
                skipped |= side.dropped
            side = side.mate
        with self._seen.turnstile.turn(batch.number):
            is_new = self._seen.add(keys, skipped, batch.number)
        failing = [(Reason.DUPLICATE, is_new == 0)]
        return with_failures(batch, failing, failing, "either")
