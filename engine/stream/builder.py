"""Streams step by step."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Self

from engine.flow.backpressure import Backpressure, Block
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.plan import resolve
from engine.stream.processor import StreamProcessor
from engine.stream.recovery import Recovery
from engine.stream.settings import StreamSettings


class StreamBuilder:
    """Says how a stream is to be worked on, one thing at a time, and makes its processor.

    Every method but `build` returns the builder itself. See `StreamSettings` for what each means.
    """

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._checkpoints: dict[str, Any] = {}
        self._pipeline: PipelineDefinition | None = None

    def pipeline(self, definition: PipelineDefinition) -> Self:
        """What is done to the reads."""
        self._pipeline = definition
        return self

    def buffer_size(self, size: int) -> Self:
        """Bytes of input that may lie ready."""
        return self._set("buffer_bytes", size)

    def batch_size(self, size: int) -> Self:
        """Bytes of text of one batch."""
        return self._set("batch_bytes", size)

    def in_flight(self, size: int) -> Self:
        """Bytes of text that may be under way."""
        return self._set("in_flight_bytes", size)

    def concurrency(self, workers: int) -> Self:
        """Threads that compute."""
        return self._set("workers", workers)

    def backpressure(self, policy: Backpressure) -> Self:
        """What becomes of batches that find no room."""
        return self._set("backpressure", policy)

    def checkpoints(self, folder: Path, identity: str) -> Self:
        """Where checkpoints are kept, and what tells this stream from others; the same again when it is to go on."""
        return self._keep("folder", folder)._keep("identity", identity)

    def checkpoint_interval(self, seconds: float = 5.0, batches: int | None = None) -> Self:
        """Seconds, or batches, between two checkpoints, whichever comes first; needs `checkpoints`."""
        return self._keep("seconds", seconds)._keep("batches", batches)

    def recovery(self, strategy: Recovery) -> Self:
        """What becomes of a stream that was left before its end, which needs `checkpoints`; and of damage."""
        return self._set("recovery", strategy)

    async def build(self) -> StreamProcessor:
        """The processor; plugins are compiled and kernels made ready in a thread meanwhile.

        Raises:
            pydantic.ValidationError: a value is out of its range.
            InvalidPipelineError: with everything that is wrong with the pipeline.
            PluginError: a plugin is missing or damaged.
        """
        checkpoints = {"checkpoints": self._checkpoints} if self._checkpoints else {}
        settings = StreamSettings.model_validate({**self._values, **checkpoints})
        return await asyncio.to_thread(_prepared, settings, self._pipeline)

    def _keep(self, name: str, value: object) -> Self:
        self._checkpoints[name] = value
        return self

    def _set(self, name: str, value: object) -> Self:
        self._values[name] = value
        return self


def _prepared(settings: StreamSettings, definition: PipelineDefinition | None) -> StreamProcessor:
    from engine.pipeline.detecting import told_all
    from engine.run.sampling import KERNEL_MODULES
    from engine.run.warmup import warm_up, warm_up_modules

    warm_up()
    if not isinstance(settings.backpressure, Block):
        warm_up_modules(KERNEL_MODULES)
    return StreamProcessor(settings, None if definition is None else told_all(resolve(definition)))
