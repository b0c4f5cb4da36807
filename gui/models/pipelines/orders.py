"""What is to be done with each input, by what is chosen at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gui.models.pipelines.choice import RunChoice, RunChoices
from gui.models.pipelines.library import Library
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.registry import PipelineRegistry
    from engine.sink.plan import OutputPlan


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
        """What is to be done with ``path``.

        Raises:
            LanescopeError: the pipeline that is chosen is not there any more, or cannot be read.
        """
        chosen = self._choices.current
        if not chosen.pipeline:
            return Order()
        registry = await self._library.registry()
        order = await self._tasks.aside(_order, registry, chosen, path, frozenset(self._taken))
        if order.output is not None:
            self._taken.add(order.output.first)
        return order


def _order(registry: PipelineRegistry, chosen: RunChoice, path: Path, taken: frozenset[Path]) -> Order:
    from engine.sink.plan import OutputPlan

    output = chosen.output_for(path.absolute(), taken)
    return Order(registry.get(chosen.pipeline), None if output is None else OutputPlan(output))
