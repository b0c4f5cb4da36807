"""A run as arithmetic: how fast one producer and some workers are at a setting, and what their counters say."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from engine.tuning.load import Counters
from engine.tuning.optimizer import Optimizer
from engine.tuning.setting import Bounds, Setting

TICK = 0.1


@dataclass(frozen=True)
class Workload:
    """What a batch costs.

    Attributes:
        name: of the workload.
        reading: bytes a second that the reader parses alone.
        working: bytes a second that one worker processes alone.
        cores: of the machine.
        reading_batch: seconds that each batch costs the reader besides.
        working_batch: seconds that each batch costs a worker besides.
        cache: bytes of a batch above which all is slower.
        noise: standard deviation of the rate from tick to tick, as a share.
    """

    name: str
    reading: float
    working: float
    cores: int
    reading_batch: float = 1e-4
    working_batch: float = 3e-4
    cache: int = 8 << 20
    noise: float = 0.05

    def flow(self, setting: Setting) -> tuple[float, float, float]:
        """Batches a second, and the shares of time in which the reader and each worker are busy."""
        size = setting.batch_bytes
        slower = 1 + 0.15 * max(0.0, size / self.cache - 1)
        read = (size / self.reading + self.reading_batch) * slower
        work = (size / self.working + self.working_batch) * slower
        alone = min(1 / read, setting.workers / work)
        under_way = setting.in_flight_bytes / size
        rate = min(alone, self.cores / (read + work), under_way / (read + work))
        rate *= under_way / (under_way + 0.5)
        crowded = max(1.0, alone * (read + work) / self.cores)
        busy = rate * crowded
        return rate, min(1.0, busy * read), min(1.0, busy * work / setting.workers)

    def speed(self, setting: Setting) -> float:
        """Bytes a second."""
        return self.flow(setting)[0] * setting.batch_bytes


def settings(bounds: Bounds) -> list[Setting]:
    """Every setting that can be reached."""
    low, high = bounds.least, bounds.most
    sizes = [1 << bits for bits in range(40)]
    return [
        Setting(workers, batch, under_way)
        for workers, batch, under_way in itertools.product(
            range(low.workers, high.workers + 1),
            {size for size in sizes if low.batch_bytes <= size <= high.batch_bytes} | {low.batch_bytes},
            [size for size in sizes if low.in_flight_bytes <= size <= high.in_flight_bytes] + [high.in_flight_bytes],
        )
        if under_way >= (workers + 1) * batch
    ]


def best_speed(workload: Workload, bounds: Bounds) -> float:
    """By search."""
    return max(workload.speed(setting) for setting in settings(bounds))


@dataclass
class Simulation:
    """A run under an optimizer.

    Attributes:
        workload: what it does; may be replaced in the middle.
        moves: time and setting of every change.
    """

    workload: Workload
    optimizer: Optimizer
    chance: np.random.Generator
    memory: float = 0.2
    time: float = 0.0
    moves: list[tuple[float, Setting]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._done = 0.0
        self._text = 0
        self._batches = 0
        self._read = self._waited = 0.0
        self._computed = [0.0] * 64

    def run(self, seconds: float) -> None:
        """Lets time pass."""
        end = self.time + seconds
        while self.time < end:
            self._tick(self.optimizer.setting)
            before = self.optimizer.setting
            after = self.optimizer.observe(self._counters())
            if after != before:
                self.moves.append((self.time, after))

    def _tick(self, setting: Setting) -> None:
        rate, reader, worker = self.workload.flow(setting)
        self.time += TICK
        self._done += TICK * rate * max(0.05, float(self.chance.normal(1, self.workload.noise)))
        batches = int(self._done)
        self._done -= batches
        self._batches += batches
        self._text += batches * setting.batch_bytes
        self._read += TICK * reader
        self._waited += TICK * (1 - reader)
        for number in range(setting.workers):
            self._computed[number] += TICK * worker

    def _counters(self) -> Counters:
        return Counters(
            time=self.time,
            text_bytes=self._text,
            batches=self._batches,
            copying=self._read / 2,
            parsing=self._read / 2,
            waiting=self._waited,
            computing=tuple(self._computed),
            queue_fill=0.5,
            memory=self.memory,
        )
