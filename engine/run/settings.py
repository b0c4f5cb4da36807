"""How a run is carried out. None of it changes a result, but for a backpressure that leaves reads out."""

from __future__ import annotations

import os
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from engine.devices.wanted import CPU, wanted
from engine.flow.backpressure import Backpressure, Block


def usable_cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _checked_device(text: str) -> str:
    wanted(text)
    return text


Recovery = Literal["resume", "restart", "skip"]


class RunSettings(BaseModel):
    """How a run is carried out.

    Attributes:
        workers: threads that compute, beside the one that reads and parses.
        batch_bytes: text of one batch, bytes.
        queue_batches: batches that may wait for a worker.
        in_flight_bytes: text that may be under way from the parser on, bytes; ``None``: as much as all workers and
            the queue take. Where it is more than they do, more batches may wait.
        backpressure: what becomes of batches that find no room; for files, the source waits.
        tuning: whether workers, batches and bytes under way are moved by the load that is measured, within what is
            set here.
        checkpoint_seconds: seconds between two checkpoints from which a run goes on should its process be lost;
            0: none are taken by time.
        checkpoint_batches: batches between two of them, whichever comes first; ``None``: none are taken by number.
        recovery: what becomes of a run whose process is lost. ``resume``: it goes on from its last checkpoint;
            ``restart``: it begins anew; ``skip``: as ``resume``, and damaged regions of single reads, in files and
            pipes, are passed over and counted instead of ending the run.
        device: who counts: ``cpu``; ``cuda:N``, with workers on the CPU standing by; several with commas between;
            or ``auto``, which tries all and goes on with what is faster.
        device_bytes: memory that may be held on each device.
        polite: let other threads of the process, such as a window's, have a core first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int = Field(default_factory=usable_cores, ge=1, le=256)
    batch_bytes: int = Field(default=4 << 20, ge=64, le=1 << 28)
    queue_batches: int = Field(default=8, ge=1, le=1024)
    in_flight_bytes: int | None = Field(default=None, ge=64)
    backpressure: Backpressure = Block()
    tuning: bool = False
    checkpoint_seconds: float = Field(default=5.0, ge=0, allow_inf_nan=False)
    checkpoint_batches: int | None = Field(default=None, ge=1)
    recovery: Recovery = "resume"
    device: Annotated[str, AfterValidator(_checked_device)] = CPU
    device_bytes: int = Field(default=1 << 30, ge=1 << 16)
    polite: bool = False

    @property
    def takes_checkpoints(self) -> bool:
        """Whether any are to be taken."""
        return bool(self.checkpoint_seconds or self.checkpoint_batches)
