"""Launches keep to what any device takes, which the simulator does not ask for: it would do as told."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import kernels.cuda
from engine.collectors.collector_set import CollectorOptions, CollectorSet
from engine.collectors.known_sequences import KnownSequence, default_adapters
from engine.devices.staging import Reads
from engine.devices.twins import scratch_bytes, twins_of
from kernels.cuda import keys, launching, lines, prefix_sums, records, trim_quality, trim_windows

_MOST_THREADS = 65_536 // 80
"""Registers of a block, and what a thread of the kernel with most of them has."""


_MOST_SHARED = 48 << 10
"""Bytes that a block has without asking for more."""


@dataclass
class Recorder:
    """Takes launches, and keeps to itself what they were told."""

    count: int = 0
    kernels: set[str] = field(default_factory=set)

    def launch(
        self, kernel: Any, grid: Any, in_block: int, _arguments: object, _stream: object = 0, shared: int = 0
    ) -> None:
        across, down = grid if isinstance(grid, tuple) else (grid, 1)
        assert 1 <= across < 1 << 31
        assert 1 <= down <= 65_535
        assert 1 <= in_block <= min(1024, _MOST_THREADS)
        assert in_block == 1 or in_block % 32 == 0
        assert 0 <= shared <= _MOST_SHARED
        self.count += 1
        self.kernels.add(f"{kernel.__module__}.{kernel.__name__}")


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """As on a device with 132 multiprocessors."""
    recording = Recorder()
    monkeypatch.setattr(launching, "SIMULATED", False)
    monkeypatch.setattr(launching, "_device_number", lambda: 0)
    monkeypatch.setattr(launching, "_multiprocessors", lambda _number: 132)
    for each in pkgutil.iter_modules(kernels.cuda.__path__):
        module = importlib.import_module(f"kernels.cuda.{each.name}")
        if hasattr(module, "launch"):
            monkeypatch.setattr(module, "launch", recording.launch)
    return recording


def reads_of(count: int, length: int) -> Reads:
    starts: Any = np.arange(count, dtype=np.int32) * (2 * length)
    lengths: Any = np.full(count, length, np.int32)
    text: Any = np.broadcast_to(np.uint8(65), 2 * length * count + 64)  # no memory for each
    return Reads(text, starts, starts + length, lengths, count, length)


@pytest.mark.parametrize("count", [0, 1, 31, 65_001, 400_000])
@pytest.mark.parametrize("length", [0, 1, 9, 150, 2500])
@pytest.mark.parametrize("adapters", [1, 64])
def test_whatever_is_counted_is_launched_as_devices_take_it(
    count: int, length: int, adapters: int, recorder: Recorder
) -> None:
    known = tuple(KnownSequence(str(number), default_adapters()[0].bases) for number in range(adapters))
    reads = reads_of(count, length)
    scratch: Any = np.empty(scratch_bytes(12 * count), np.uint8)
    for twin in twins_of(CollectorSet(CollectorOptions(adapters=known))):
        tables: dict[str, Any] = {name: np.empty(shape, np.int64) for name, shape in twin.shapes(length + 1).items()}
        tables.update(twin.constants())
        twin.count(reads, tables, scratch, 0)
    assert (recorder.count > 0) == (count > 0)


@pytest.mark.parametrize("count", [0, 1, 400_000])
def test_what_no_run_counts_there_yet_is_launched_so_too(count: int, recorder: Recorder) -> None:
    reads = reads_of(count, 150)
    numbers = np.empty(max(count, 1), np.int64)
    starts: Any = reads.sequence_starts
    buffer, lengths = reads.buffer, reads.lengths
    prefix_sums.quality_prefix_sums(buffer, starts, lengths, numbers)
    trim_quality.quality_ends(buffer, starts, lengths, 20, 20, numbers, numbers)
    trim_windows.window_begins(buffer, starts, lengths, 4, 20, numbers)
    keys.key_hashes(buffer, starts, lengths, numbers)
    keys.count_known_keys(buffer, starts, lengths, numbers, numbers, numbers, numbers)
    lines.line_index(buffer, len(starts) * 300, numbers, numbers, np.empty(lines.counts_size(300 * count), np.int64))
    columns = (starts,) * 5
    records.record_table(buffer, starts, numbers, starts, *columns, numbers)
    assert recorder.count >= 3  # of text without a line too, the numbers of what there is are written
