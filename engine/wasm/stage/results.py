"""Taking out of a guest's memory what it made of a batch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, ReadBatch
from engine.wasm.guest import Guest
from engine.wasm.manifest import Manifest
from engine.wasm.stage.layout import Placement
from engine.wasm.stage.metrics import MetricTotals, Values
from engine.wasm.stage.outputs import OutputCheck

Number = TypeVar("Number", bound=np.generic)
_NO_MARKS = np.empty(0, np.uint8)


class BatchReader:
    """Reads what a guest wrote for one batch, and makes the next batch of it."""

    def __init__(self, guest: Guest, manifest: Manifest, placement: Placement) -> None:
        self._guest = guest
        self._changes = manifest.changes
        self._placement = placement
        self._check = OutputCheck(manifest.name, placement.batch)

    def batch(self, reason: int) -> ReadBatch:
        """The reads as they are now.

        Args:
            reason: what reads are marked with that the guest drops.

        Raises:
            OutputRefused: what it wrote makes no sense.
        """
        batch = self._placement.batch
        if "bases" in self._changes or "qualities" in self._changes:
            batch = self._with_text(batch)
        if "names" in self._changes and self._placement.new_name_bytes:
            batch = self._with_names(batch)
        if "trim" in self._changes:
            batch = self._trimmed(batch)
        if "keep" in self._changes:
            batch = self._kept(batch, reason)
        return batch

    def add_metrics(self, metrics: MetricTotals, neutral: Values, columns: int) -> None:
        """Adds the numbers that the guest counted.

        Raises:
            OutputRefused: one is not a finite number.
        """
        layout, reads = self._placement.layout, len(self._placement.batch)
        slots = self._read(layout.metrics, len(neutral), np.float64)
        table = self._read(layout.read_metrics, columns * reads, np.float32).reshape(columns, reads)
        self._check.metrics(slots, table, neutral)
        metrics.add_batch(slots, table)

    def _read(self, offset: int, count: int, kind: type[Number]) -> npt.NDArray[Number]:
        target: npt.NDArray[Number] = np.empty(count, kind)
        self._guest.read_into(self._placement.region + offset, target)
        return target

    def _column(self, offset: int) -> npt.NDArray[np.uint32]:
        return self._read(offset, len(self._placement.batch), np.uint32)

    def _with_text(self, batch: ReadBatch) -> ReadBatch:
        text = self._placement.text
        buffer = np.zeros(text.size + PADDING, np.uint8)
        self._guest.read_into(self._placement.region + self._placement.layout.text, buffer[: text.size])
        starts: dict[str, Any] = {
            "bases": (batch.sequence_starts - np.int32(text.low)).astype(np.int32),
            "qualities": (batch.quality_starts - np.int32(text.low)).astype(np.int32),
        }
        before = {"bases": batch.sequence_starts, "qualities": batch.quality_starts}
        for kind, column in starts.items():
            if kind in self._changes:
                self._check.text(buffer, column, kind)
            else:
                self._check.untouched(before[kind], buffer, column, kind)
        return replace(
            batch,
            buffer=buffer,
            sequence_starts=starts["bases"],
            quality_starts=starts["qualities"],
            # Names are not the guest's to change here: they stay where they were.
            name_buffer=batch.buffer if batch.name_buffer is None else batch.name_buffer,
        )

    def _with_names(self, batch: ReadBatch) -> ReadBatch:
        layout = self._placement.layout
        starts, lengths = self._column(layout.new_name_starts), self._column(layout.new_name_lengths)
        size = self._placement.new_name_bytes
        names = np.zeros(size + PADDING, np.uint8)
        self._guest.read_into(self._placement.region + layout.new_names, names[:size])
        new = self._check.names(starts, lengths, names[:size])
        if not new.any():
            return batch
        old = batch.buffer if batch.name_buffer is None else batch.name_buffer
        if new.all():
            kept, shift = names, 0
        else:
            kept, shift = np.concatenate([old, names]), len(old)
        return replace(
            batch,
            name_buffer=kept,
            name_starts=np.where(new, starts.astype(np.int64) + shift, batch.name_starts).astype(np.int32),
            name_lengths=np.where(new, lengths, batch.name_lengths).astype(np.int32),
        )

    def _trimmed(self, batch: ReadBatch) -> ReadBatch:
        layout = self._placement.layout
        starts, ends = self._column(layout.trim_starts), self._column(layout.trim_ends)
        self._check.trim(starts, ends)
        return with_trim(batch, starts, ends)

    def _kept(self, batch: ReadBatch, reason: int) -> ReadBatch:
        return with_flags(batch, self._read(self._placement.layout.keep, len(batch), np.uint8), reason, self._check)


def with_trim(batch: ReadBatch, starts: npt.NDArray[np.uint32], ends: npt.NDArray[np.uint32]) -> ReadBatch:
    """The reads from one base up to another.

    Args:
        batch: the reads.
        starts: uint32 [n_reads], the first base to keep.
        ends: uint32 [n_reads], one past the last.
    """
    first, past = starts.view(np.int32), ends.view(np.int32)
    return replace(
        batch,
        sequence_starts=batch.sequence_starts + first,
        quality_starts=batch.quality_starts + first,
        lengths=past - first,
    )


def with_flags(batch: ReadBatch, keep: npt.NDArray[np.uint8], reason: int, check: OutputCheck) -> ReadBatch:
    """The reads with those marked that are to be dropped; those dropped before stay so.

    Args:
        batch: the reads.
        keep: uint8 [n_reads], 0 or 1.
        reason: 1..255, the mark.
        check: refuses other flags.

    Raises:
        OutputRefused: a flag is neither 0 nor 1.
    """
    from kernels.wasm.flags import mark_dropped

    marks = np.empty(len(batch), np.uint8)
    dropped = mark_dropped(keep, _NO_MARKS if batch.dropped is None else batch.dropped, reason, marks)
    if dropped < 0:
        check.keep(keep)
    return replace(batch, dropped=marks) if dropped else batch
