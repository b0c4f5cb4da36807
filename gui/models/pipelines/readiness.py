"""Kernels of stages made ready while a pipeline is looked at, so that its first trial and run need not wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.store.pipelines import PipelineKeeper


class Readiness(QObject):
    """Prepares what is wanted last, beside all else, and knows what anybody prepares.

    Compiling takes tens of seconds, once for each version of Lanescope, in a process of its own.

    Attributes:
        text: what to say while stages are being prepared, whoever wants them; else empty.

    Signals:
        changed: the text is another.
    """

    changed = Signal()
    _told = Signal(int, int)

    def __init__(
        self, keeper: Callable[[], Awaitable[PipelineKeeper]], tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.text = ""
        self._keeper = keeper
        self._tasks = tasks
        self._wanted: dict[str, Any] | None = None
        self._kinds: object = None
        self._is_preparing = False
        self._is_cancelled = False
        self._stop_listening: Callable[[], None] | None = None
        self._told.connect(self._tell)

    def listen(self) -> None:
        """Hear what is prepared in this process; once the engine is there, and until the window goes."""
        from engine.run.warmup import listen

        if self._stop_listening is None:
            self._stop_listening = listen(self._told.emit)
            self.destroyed.connect(self._stop_listening)

    def want(self, data: dict[str, Any]) -> None:
        """Prepare the stages of a definition soon, right or wrong, unless another one is wanted before."""
        kinds = _kinds_of(data.get("stages"))
        if kinds == self._kinds or self._stop_listening is None:
            return
        self._kinds, self._wanted = kinds, data
        if not self._is_preparing:
            self._is_preparing = True
            self._tasks.start(self._prepare())

    def cancel(self) -> None:
        """Prepare nothing more for now; what is needed is prepared when it is used."""
        self._wanted, self._is_cancelled = None, True

    async def _prepare(self) -> None:
        # A thread of its own: those of the window have other things to do than wait for a compiler.
        with ThreadPoolExecutor(1, thread_name_prefix="lanescope stages") as executor:
            try:
                keeper = await self._keeper()
                while self._wanted is not None:
                    data, self._wanted, self._is_cancelled = self._wanted, None, False
                    await asyncio.get_event_loop().run_in_executor(
                        executor, _make_ready, data, keeper, lambda: not self._is_cancelled
                    )
            finally:
                self._is_cancelled, self._is_preparing = True, False

    def _tell(self, done: int, total: int) -> None:
        text = f"Preparing the stages (once)… {done} of {total}" if done < total else ""
        if text != self.text:
            self.text = text
            self.changed.emit()


def _kinds_of(stages: object) -> object:
    """What decides which kernels are needed."""
    if not isinstance(stages, list):
        return ()
    return tuple(
        (stage.get("stage"), stage.get("pipeline"), _kinds_of(stage.get("stages")))
        for stage in stages
        if isinstance(stage, dict)
    )


def _make_ready(data: dict[str, Any], keeper: PipelineKeeper, is_wanted: Callable[[], bool]) -> None:
    from pydantic import ValidationError

    from engine.errors import LanescopeError
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.shelf import Shelf
    from engine.pipeline.plan import resolve
    from engine.run.stage_kernels import kernel_modules
    from engine.run.warmup import WarmUpUnwanted, warm_up_modules

    try:
        definition = PipelineDefinition.model_validate(data)
        pipeline = resolve(definition, pipelines=keeper.read(Shelf), purpose=definition.type)
        warm_up_modules(kernel_modules(pipeline), is_wanted=is_wanted)
    except (LanescopeError, ValidationError, WarmUpUnwanted):
        return  # faults are told where the pipeline is built, tried and run
