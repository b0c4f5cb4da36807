"""How a run is carried out. None of it changes a result."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, Field


def usable_cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class RunSettings(BaseModel):
    """How a run is carried out.

    Attributes:
        workers: threads that compute, beside the one that reads and parses.
        batch_bytes: text of one batch, bytes.
        queue_batches: batches that may wait for a worker.
        checkpoint_seconds: seconds between two checkpoints from which a run goes on should its process be lost;
            0: none are taken.
        polite: let other threads of the process, such as a window's, have a core first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int = Field(default_factory=usable_cores, ge=1, le=256)
    batch_bytes: int = Field(default=4 << 20, ge=64, le=1 << 28)
    queue_batches: int = Field(default=8, ge=1, le=1024)
    checkpoint_seconds: float = Field(default=5.0, ge=0, allow_inf_nan=False)
    polite: bool = False
