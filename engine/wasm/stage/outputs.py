"""What a guest wrote, held against what it may write."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, Column, ReadBatch
from engine.wasm.errors import OutputRefused
from engine.wasm.stage.abi import UNCHANGED

Places = npt.NDArray[np.uint32]

_NOT_IN_NAMES = (np.arange(256) < 32) & (np.arange(256) != 9) | (np.arange(256) == 127)


class OutputCheck:
    """Refuses what makes no sense, naming plugin, read and the numbers found."""

    def __init__(self, plugin: str, batch: ReadBatch) -> None:
        self._plugin = plugin
        self._batch = batch

    def refuse(self, row: int, reason: str) -> NoReturn:
        """Refuses what was written for one read.

        Raises:
            OutputRefused: always.
        """
        record = self._batch.first_record + row + 1
        raise OutputRefused(f"{self._plugin}: read {record:,}: {reason}.", plugin=self._plugin)

    def keep(self, keep: Bytes) -> None:
        """Flags are 0 or 1."""
        if keep.max(initial=0) > 1:
            row = int(np.argmax(keep > 1))
            self.refuse(row, f"keep is {keep[row]}, but may only be 0 or 1")

    def trim(self, starts: Places, ends: Places) -> None:
        """Bounds do not cross and stay within the read."""
        lengths = self._batch.lengths.view(np.uint32)
        bad = (starts > ends) | (ends > lengths)
        if bad.any():
            row = int(np.argmax(bad))
            found = f"from base {starts[row]:,} up to base {ends[row]:,} of {lengths[row]:,}"
            self.refuse(row, f"it is to be kept {found}, which is no part of it")

    def names(self, starts: Places, lengths: Places, names: Bytes) -> npt.NDArray[np.bool_]:
        """New names lie in their place and hold no control characters.

        Returns:
            bool [n_reads], the reads that have a new name.
        """
        new: npt.NDArray[np.bool_] = starts != UNCHANGED
        ends = starts.astype(np.int64) + lengths
        bad = new & (ends > len(names))
        if bad.any():
            row = int(np.argmax(bad))
            self.refuse(row, f"its new name ends at byte {ends[row]:,} of the {len(names):,} there are for names")
        used = int(ends[new].max(initial=0))
        odd = _NOT_IN_NAMES[names[:used]]
        if odd.any():
            before = np.concatenate([[0], np.cumsum(odd)])
            inside = np.where(new, before[np.where(new, ends, 0)] - before[np.where(new, starts, 0)], 0)
            if inside.any():
                self.refuse(int(np.argmax(inside > 0)), "its new name has a control character or a line end in it")
        return new

    def text(self, buffer: Bytes, starts: Column, kind: str) -> None:
        """Changed bases or qualities are bytes that FASTQ can hold."""
        from kernels.wasm.spans import first_unprintable

        row = first_unprintable(buffer, starts, self._batch.lengths)
        if row >= 0:
            self.refuse(row, f"its new {kind} have a byte outside 33 to 126")

    def untouched(self, starts: Column, buffer: Bytes, new_starts: Column, kind: str) -> None:
        """What the manifest does not name as changed is the same."""
        from kernels.wasm.spans import first_difference

        row = first_difference(self._batch.buffer, starts, buffer, new_starts, self._batch.lengths)
        if row >= 0:
            self.refuse(row, f"its {kind} were changed, which the plugin's manifest does not say")

    def metrics(self, slots: npt.NDArray[np.float64], columns: npt.NDArray[Any], neutral: npt.NDArray[Any]) -> None:
        """Numbers are finite, unless there is none."""
        if not (np.isfinite(slots) | (slots == neutral)).all():
            raise OutputRefused(f"{self._plugin}: a metric is not a finite number.", plugin=self._plugin)
        if np.isinf(columns).any():
            row = int(np.argmax(np.isinf(columns).any(axis=0)))
            self.refuse(row, "a metric is infinite")
