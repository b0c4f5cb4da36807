"""A run's load, measured, and the knobs that are moved by it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from engine.flow.backpressure import Block
from engine.run.crew import Crew
from engine.run.settings import RunSettings
from engine.run.snapshot import Activity, Sample
from engine.sink.codecs import Packing
from engine.sink.plan import OutputPlan
from engine.tuning.decision import Tuning
from engine.tuning.load import Counters
from engine.tuning.optimizer import Optimizer
from engine.tuning.setting import Bounds, Setting

if TYPE_CHECKING:
    from engine.pipeline.plan import ResolvedPipeline, StagePlan

_SMALLEST, _LARGEST = 1 << 20, 16 << 20
"""Bytes of a batch, as far as the user wants no others."""

_ROOM = 64 << 20
"""Bytes that may be under way of each file that is read at once, where nobody says how many."""

_PAUSE = 0.05
"""Seconds by which the clock on the wall may run ahead of the working time before there has been a pause."""

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


class Tuner:
    """Has an optimizer move the intake of a run. `freeze` may be called by any thread, the rest by one.

    Args:
        crew: whose intake it is.
        settings: of the run: workers and bytes under way never become more than they say, or a modest number of
            bytes where they do not.
        may_resize: whether batches may have another size; see the function of this name.
    """

    def __init__(self, crew: Crew, settings: RunSettings, *, may_resize: bool) -> None:
        self._crew = crew
        start = crew.intake.setting
        smallest, largest = start.batch_bytes, start.batch_bytes
        if may_resize and isinstance(settings.backpressure, Block):
            smallest, largest = min(smallest, _SMALLEST), max(largest, _LARGEST)
        room = start.in_flight_bytes if settings.in_flight_bytes else max(start.in_flight_bytes, _ROOM)
        bounds = Bounds(Setting(1, smallest, 2 * smallest), Setting(start.workers, largest, room))
        usual = RunSettings(workers=start.workers)
        under_way = (usual.queue_batches + usual.workers) * usual.batch_bytes
        self._optimizer = Optimizer(start, bounds, Setting(usual.workers, usual.batch_bytes, under_way))
        self._guard = threading.Lock()
        self._ahead = 0.0
        self._limit = _group_limit()

    def tend(self, sample: Sample) -> None:
        """Takes a reading and does what is due; called some times a second while the run is not paused.

        Args:
            sample: how far the run is.
        """
        reader, *workers = self._crew.spent()
        queue = self._crew.queue
        now = Counters(
            time=sample.time,
            text_bytes=sample.text_bytes,
            batches=self._crew.batches_done,
            copying=reader[Activity.READING],
            parsing=reader[Activity.PARSING],
            waiting=reader[Activity.WAITING],
            computing=tuple(worker[Activity.COMPUTING] for worker in workers),
            queue_fill=min(queue.size / queue.capacity, 1.0),
            memory=self._memory(sample.memory),
        )
        ahead = time.perf_counter() - sample.time
        with self._guard:
            if ahead > self._ahead + _PAUSE:
                self._optimizer.skip()
            self._ahead = ahead
            self._adjust(self._optimizer.observe(now))

    def freeze(self, *, frozen: bool) -> None:
        """Holds everything where it is best so far, or lets it be moved again."""
        with self._guard:
            if frozen:
                self._optimizer.freeze()
            else:
                self._optimizer.thaw()
            self._adjust(self._optimizer.setting)

    @property
    def tuning(self) -> Tuning:
        """For those who look on."""
        with self._guard:
            return self._optimizer.tuning

    def _adjust(self, setting: Setting) -> None:
        if setting != self._crew.intake.setting:
            self._crew.intake.adjust(setting)

    def _memory(self, resident: int) -> float:
        """The share that is taken: of the machine's memory by all, or of what this process may have by itself."""
        machine = psutil.virtual_memory()
        of_machine = 1 - machine.available / machine.total
        return max(of_machine, resident / self._limit) if self._limit else of_machine


def _group_limit() -> int:
    """Bytes that this process may have with those beside it, as containers are given; 0: no limit."""
    try:
        text = _GROUP_LIMIT.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return 0
    return int(text) if text.isdecimal() else 0


def may_resize(output: OutputPlan | None, pipeline: ResolvedPipeline | None) -> bool:
    """Whether no result of a run can depend on the size of its batches.

    What is packed is packed batch by batch; a plugin sees batches as they are, and may fail on some; and what takes
    longer comes sooner to the end of its time.

    Args:
        output: what the run writes, if anything.
        pipeline: what its reads go through, if anything.
    """
    is_plain = output is None or all(output.packing_of(path) is Packing.PLAIN for path in output.paths())
    return is_plain and (pipeline is None or _is_native(pipeline.root))


def _is_native(plan: StagePlan) -> bool:
    from engine.pipeline.plan import CompositePlan, NativePlan
    from engine.pipeline.policies import NEVER

    if plan.rules.timeout != NEVER:
        return False
    if isinstance(plan, CompositePlan):
        return all(map(_is_native, plan.stages))
    return isinstance(plan, NativePlan)
