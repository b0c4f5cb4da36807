"""Yield and quality of nanopore reads by channel and over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.batch import ReadBatch
from engine.checkpoint.state import State
from engine.collectors.base import Kept, Table, added, grown
from engine.collectors.quality_sums import QualitySums
from kernels.collectors.nanopore_names import NONE, nanopore_fields
from kernels.qualities import OFFSET

MOST_BINS = 256
"""Bins of time; where a run is longer than all of them, they get twice as wide."""

NARROWEST = 60
"""Seconds of a bin to begin with."""


@dataclass(slots=True)
class NanoporeNames:
    """Whether headers tell channels and times, as the first read does; shared by the collectors of a run.

    Attributes:
        value: ``None`` as long as the first read has not been seen.
    """

    value: bool | None = None


class NanoporeYield(Kept):
    """Reads, bases and sums of qualities by channel and by start time, where the first read's header tells them.

    Args:
        names: shared by the collectors of all workers of a run; see `NanoporeNames`.
        sums: shared by the collectors of one worker.

    Attributes:
        by_channel: int64 [n_channels, 3], reads, bases, sum of Phred qualities.
        octave: bins of time are ``NARROWEST << octave`` seconds wide.
        bins: int64 [n_bins], ascending: start times, in widths of a bin since 1970.
        by_time: int64 [n_bins, 3], as by channel.
    """

    _KEPT = ("by_channel", "octave", "bins", "by_time")

    def __init__(self, names: NanoporeNames | None = None, sums: QualitySums | None = None) -> None:
        self._names = names or NanoporeNames()
        self._sums = sums or QualitySums()
        self.by_channel: Table = np.zeros((0, 3), np.int64)
        self.octave = 0
        self.bins: Table = np.zeros(0, np.int64)
        self.by_time: Table = np.zeros((0, 3), np.int64)

    @property
    def is_told(self) -> bool:
        """Whether headers tell channels or times, as far as is known."""
        return self._names.value is not False

    def add(self, batch: ReadBatch) -> None:
        """See `Collector.add`."""
        if not self.is_told or not len(batch):
            return
        channels, times = np.empty((2, len(batch)), np.int64)
        names = batch.buffer if batch.name_buffer is None else batch.name_buffer
        nanopore_fields(names, batch.name_starts, batch.name_lengths, channels, times)
        if self._names.value is None and batch.first_record == 0:
            self._names.value = bool(channels[0] != NONE or times[0] != NONE)
            if not self._names.value:
                return
        values = np.empty((len(batch), 3), np.int64)
        sums = self._sums.of(batch)
        values[:, 0], values[:, 1], values[:, 2] = 1, batch.lengths, sums - OFFSET * batch.lengths.astype(np.int64)
        self._count_channels(channels, values)
        timed = times != NONE
        self._count_times(times[timed] // NARROWEST >> self.octave, values[timed])

    def _count_channels(self, channels: Table, values: Table) -> None:
        self.by_channel = grown(self.by_channel, int(channels.max(initial=NONE)) + 1)
        known = channels != NONE
        np.add.at(self.by_channel, channels[known], values[known])

    def _count_times(self, bins: Table, values: Table) -> None:
        bins, values = np.concatenate([self.bins, bins]), np.concatenate([self.by_time, values])
        if not len(bins):
            return
        while bins.max() - bins.min() >= MOST_BINS:
            bins, self.octave = bins >> 1, self.octave + 1
        self.bins, rows = np.unique(bins, return_inverse=True)
        self.by_time = np.zeros((len(self.bins), 3), np.int64)
        np.add.at(self.by_time, rows, values)

    def merge(self, other: NanoporeYield) -> None:
        """See `Collector.merge`."""
        if self._names.value is None:
            self._names = other._names
        self.by_channel = added(self.by_channel, other.by_channel)
        octave = max(self.octave, other.octave)
        self.bins, self.octave = self.bins >> (octave - self.octave), octave
        self._count_times(other.bins >> (octave - other.octave), other.by_time)

    def state(self) -> State:
        """See `Collector.state`."""
        return {**super().state(), "told": self._names.value}

    def restore(self, state: State) -> None:
        """See `Collector.restore`; the collectors of all workers of the run know then what headers tell."""
        super().restore(state)
        told = state.get("told")
        self._names.value = told if isinstance(told, bool) else None

    def copy(self) -> NanoporeYield:
        """See `Collector.copy`."""
        twin = NanoporeYield(self._names)
        twin.by_channel, twin.octave = self.by_channel.copy(), self.octave
        twin.bins, twin.by_time = self.bins, self.by_time  # replaced, never changed
        return twin
