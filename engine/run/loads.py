"""What a snapshot tells of those who carry a run out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.run.skipped import Skipped
from engine.run.snapshot import RunSnapshot, Sample

if TYPE_CHECKING:
    from psutil import Process

    from engine.run.checkpointing import Checkpointer
    from engine.run.crew import Crew
    from engine.run.reading import Reading
    from engine.run.tuning import Tuner


def sample_of(crew: Crew, seconds: float, process: Process) -> Sample:
    """The load up to now.

    Args:
        crew: who works.
        seconds: since the start of the run, pauses excluded.
        process: this one.
    """
    done = crew.progress
    return Sample(
        time=seconds,
        reads=done.reads,
        bases=done.bases,
        bytes_read=crew.bytes_read,
        text_bytes=done.text_bytes,
        queue_size=crew.queue.size,
        memory=process.memory_info().rss,
    )


def skipped_of(reading: Reading | None) -> Skipped | None:
    """What of the input was passed over; ``None`` where that was not asked for."""
    damage = None if reading is None else reading.damage
    return None if damage is None else Skipped(damage.regions, damage.text_bytes, damage.file_bytes, damage.told)


def with_loads(
    snapshot: RunSnapshot,
    crew: Crew,
    tuner: Tuner | None,
    checkpointer: Checkpointer | None,
    warnings: tuple[str, ...] = (),
) -> RunSnapshot:
    """The snapshot with what threads, queue, buffers and devices do now."""
    team = crew.devices
    return replace(
        snapshot,
        threads=crew.loads(),
        queue=crew.queue,
        buffers=crew.intake.buffers,
        sampling=crew.sampling,
        tuning=None if tuner is None else tuner.tuning,
        devices=crew.device_loads(),
        device_choice=team.choice,
        warnings=warnings + team.warnings + (() if checkpointer is None else checkpointer.warnings),
    )
