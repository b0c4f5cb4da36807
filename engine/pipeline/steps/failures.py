"""Why a pipeline cannot go on with a batch."""

from __future__ import annotations

from engine.batch import ReadBatch
from engine.errors import LanescopeError


class StageFailed(LanescopeError):
    """A stage failed, and the pipeline does not go on without it.

    Attributes:
        stage: its name; those of the composite stages around it before it, with ``/`` between them.
        first_record: number of the first read of the batch, from 1.
        last_record: number of its last read.
        is_final: no policy can go on after it.
    """

    title = "A stage of the pipeline failed"
    hint = "Mend or switch off the stage, or let the pipeline continue when it fails."

    def __init__(self, stage: str, reason: str, batch: ReadBatch, *, hint: str | None = None) -> None:
        self.stage = stage
        self.is_final = False
        self.first_record = batch.first_record + 1
        self.last_record = batch.first_record + len(batch)
        super().__init__(f"{stage}, reads {self.first_record:,} to {self.last_record:,}: {reason}", hint=hint or None)


class StageTimedOut(StageFailed):
    """A stage, or the pipeline, took longer than it may."""

    title = "A stage of the pipeline took too long"
    hint = "Give it more time, mend or switch it off, or let the pipeline continue when it fails."


class DocumentStageFailed(LanescopeError):
    """A stage failed on a document, and the pipeline does not go on without it.

    Attributes:
        stage: its name; those of the composite stages around it before it, with ``/`` between them.
    """

    title = StageFailed.title
    hint = StageFailed.hint

    def __init__(self, stage: str, reason: str, *, hint: str | None = None) -> None:
        self.stage = stage
        super().__init__(f"{stage}: {reason}", hint=hint or None)


class DeadlinePassed(Exception):
    """The time of a stage, or of what is around it, is up: a signal inside of the executor."""


class MissingPipelineError(LanescopeError):
    """A pipeline that is to be run, or that another one names, is not there, or is not one for reads."""

    title = "This pipeline cannot be run"
    hint = "See which pipelines there are with: lanescope pipeline list"
