"""What is to be done with each input, by what is chosen at the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gui.models.pipelines.choice import RunChoice, RunChoices
from gui.models.pipelines.library import Library
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.sink.plan import OutputPlan
    from engine.store.pipelines import PipelineKeeper


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with one input.

    Attributes:
        pipeline: what its reads go through; ``None``: QC only.
        output: where they go to; ``None``: nothing is written.
    """

    pipeline: PipelineDefinition | None = None
    output: OutputPlan | None = None


class Orders:
    """Makes orders. No two of one session write to the same file.

    Args:
        choices: what is chosen.
        library: where pipelines are.
        tasks: for what blocks.
    """

    def __init__(self, choices: RunChoices, library: Library, tasks: Tasks) -> None:
        self._choices = choices
        self._library = library
        self._tasks = tasks
        self._taken: set[Path] = set()

    async def order_for(self, path: Path) -> Order:
        """What is to be done with ``path``: what is chosen, else what its sample or folder uses.

        Raises:
            LanescopeError: the pipeline is not there any more, or cannot be read.
        """
        chosen = self._choices.current
        if chosen.pipeline:
            registry = await self._library.registry()
            pipeline = await self._tasks.aside(registry.get, chosen.pipeline)
        else:
            used = await self._tasks.aside(_used, await self._library.keeper(), path)
            if used is None:
                return Order()
            pipeline = used
        chosen = replace(chosen, pipeline=pipeline.name)
        output = await self._tasks.aside(_output, chosen, path, frozenset(self._taken))
        if output is not None:
            self._taken.add(output.first)
        return Order(pipeline, output)


def _used(keeper: PipelineKeeper, path: Path) -> PipelineDefinition | None:
    from engine.pipeline.associations import Associations
    from engine.source.file_names import read_name

    return Associations(keeper).for_file(path, sample=read_name(path).sample)


def _output(chosen: RunChoice, path: Path, taken: frozenset[Path]) -> OutputPlan | None:
    from engine.sink.plan import OutputPlan

    output = chosen.output_for(path.absolute(), taken)
    return None if output is None else OutputPlan(output)
