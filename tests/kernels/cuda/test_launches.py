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
from tests.kernels.cuda.compiling import SIGNATURES

MOST_REGISTERS = 80
"""What a thread of the kernel with most of them has."""

_MOST_THREADS = 65_536 // MOST_REGISTERS
"""Of a block, which has so many registers."""

MOST_SHARED = 48 << 10
"""Bytes that a block has without asking for more."""


@dataclass
class Recorder:
    """Takes launches, and keeps to itself what they were told."""

    count: int = 0
    kernels: set[str] = field(default_factory=set)

    def launch(
        self, kernel: Any, grid: Any, in_block: int, arguments: Any, _stream: object = 0, shared: int = 0
    ) -> None:
        across, down = grid if isinstance(grid, tuple) else (grid, 1)
        assert 1 <= across < 1 << 31
        assert 1 <= down <= 65_535
        assert 1 <= in_block <= min(1024, _MOST_THREADS)
        assert in_block == 1 or in_block % 32 == 0
        assert 0 <= shared <= MOST_SHARED
        self.count += 1
        name = f"{kernel.__module__}.{kernel.__name__}".removeprefix("kernels.cuda.")
        self.kernels.add(name)
        assert [type_of(argument) for argument in arguments] == list(SIGNATURES[name])


def type_of(argument: Any) -> str:
    """As Numba writes the type that it compiles for; all arrays on a device are contiguous."""
    if not isinstance(argument, np.ndarray):
        return "int64"
    return f"{argument.dtype}[{':, ' * (argument.ndim - 1)}::1]"


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
    hashes: Any = np.empty(count, np.uint64)
    return Reads(text, starts, starts + length, lengths, hashes, count, length)


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
    size = max(count, 1)
    numbers, places, hashes = np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.uint64)
    starts: Any = reads.sequence_starts
    buffer, lengths = reads.buffer, reads.lengths
    prefix_sums.quality_prefix_sums(buffer, starts, lengths, places)
    trim_quality.quality_ends(buffer, starts, lengths, 20, 20, places, places)
    trim_quality.two_colour_ends(buffer, starts, starts, lengths, 20, places)
    trim_windows.window_begins(buffer, starts, lengths, 4, 20, places)
    keys.key_hashes(buffer, starts, lengths, hashes)
    keys.count_known_keys(buffer, starts, lengths, hashes, hashes, np.empty((size, 7), np.uint64), numbers)
    counts = np.empty(lines.counts_size(300 * count), np.int64)
    lines.line_index(buffer, len(starts) * 300, places, places, counts)
    columns = (starts,) * 5
    records.record_table(buffer, starts, counts, starts, *columns, numbers)
    assert recorder.count >= 3  # of text without a line too, the numbers of what there is are written
