"""What is to be done with each input, by what is chosen at the moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.models.pipelines.choice import RunChoice, RunChoices, counted_name, dropped_name, numbered_name
from gui.models.pipelines.library import Library
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.collectors.judged_by import JudgedBy
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.associations import DatasetKind
    from engine.sink.plan import OutputPlan
    from engine.store.pipelines import PipelineKeeper


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with one input.

    Attributes:
        pipeline: what its reads go through; ``None``: QC only.
        output: where they go to; ``None``: nothing is written.
        judged_by: the profile to judge them by; ``None``: the usual one.
    """

    pipeline: PipelineDefinition | None = None
    output: OutputPlan | None = None
    judged_by: JudgedBy | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A pipeline that is run because a dataset uses it.

    Attributes:
        pipeline: its name.
        key: kind and place of the dataset.
        dataset: the same in words.
    """

    pipeline: str
    key: tuple[DatasetKind, str]
    dataset: str

    @property
    def words(self) -> str:
        """What is done, and why."""
        return f"runs {self.pipeline} because of {self.dataset}"


class Orders(QObject):
    """Makes orders. No two of one session write to the same file, nor to one that another process is going to write.

    Args:
        choices: what is chosen.
        library: where pipelines are.
        tasks: for what blocks.

    Signals:
        followed: nothing was chosen, and an input runs what its dataset uses; what and why (a ``Followed``).
    """

    followed = Signal(object)

    def __init__(self, choices: RunChoices, library: Library, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._library = library
        self._tasks = tasks
        self._taken: set[Path] = set()

    async def order_for(self, path: Path) -> Order:
        """What is to be done with ``path``: what is chosen, else what its sample or folder uses.

        Raises:
            LanescopeError: the pipeline is not there any more, or cannot be read, or its output cannot be written.
        """
        chosen = self._choices.current
        if chosen.pipeline:
            registry = await self._library.registry()
            pipeline = await self._tasks.aside(registry.get, chosen.pipeline)
        else:
            used = await self._tasks.aside(_used, await self._library.keeper(), path)
            if used is None:
                return Order()
            pipeline, because = used
            self.followed.emit(because)
        chosen = replace(chosen, pipeline=pipeline.name)
        output = await self._tasks.aside(_output, chosen, path, await self._all_taken())
        if output is not None:
            self._taken.update(output.paths())
        return Order(pipeline, output)

    async def order_again(self, parameters: Mapping[str, JsonValue], path: Path) -> Order:
        """What a run did, to be done once more, whatever is chosen now; its reads go to files of new names.

        Args:
            parameters: of the run, as the store keeps them.
            path: its input.

        Raises:
            LanescopeError: its pipeline cannot be used any more, or there is no place for its output.
        """
        order = await self._tasks.aside(_repeated, parameters, path, await self._all_taken())
        if order.output is not None:
            self._taken.update(order.output.paths())
        return order

    async def _all_taken(self) -> frozenset[Path]:
        return frozenset(self._taken) | await self._library.claimed()


def _used(keeper: PipelineKeeper, path: Path) -> tuple[PipelineDefinition, Followed] | None:
    from engine.pipeline.keeping.associations import Associations
    from engine.source.file_names import read_name

    found = Associations(keeper).match(path, sample=read_name(path).sample)
    if found is None:
        return None
    association, pipeline = found
    dataset = association.dataset
    return pipeline, Followed(pipeline.name, (dataset.kind, dataset.place), str(dataset))


def _output(chosen: RunChoice, path: Path, taken: frozenset[Path]) -> OutputPlan | None:
    from engine.sink.dropped import DroppedFile
    from engine.sink.impossible import refuse_impossible
    from engine.sink.plan import OutputPlan

    output = chosen.output_for(path.absolute(), taken)
    if output is None:
        return None
    dropped = (DroppedFile(dropped_name(output)),) if chosen.drops else ()
    refuse_impossible(plan := OutputPlan(output, dropped=dropped, tells_reasons=bool(dropped)), [path])
    return plan


def _repeated(parameters: Mapping[str, JsonValue], path: Path, taken: Collection[Path]) -> Order:
    from engine.pipeline.validation import checked
    from engine.sink.impossible import refuse_impossible

    pipeline, output = parameters.get("pipeline"), parameters.get("output")
    plan = beside(_kept_plan(output, path.absolute().parent), taken) if isinstance(output, dict) else None
    if plan is not None:
        refuse_impossible(plan, [path])
    return Order(checked(pipeline) if isinstance(pipeline, dict) else None, plan)


def _kept_plan(kept: Mapping[str, JsonValue], folder: Path) -> OutputPlan:
    """The plan of a run, where it may replace nothing; a name without its folder stands for a file in ``folder``."""
    from engine.sink.kept_plan import plan_from, refuse_streams

    def placed(path: Path) -> Path:
        return path if path.is_absolute() else folder / path.name

    refuse_streams(plan := plan_from(kept))
    return replace(plan.renamed(placed), replace=False)


def beside(plan: OutputPlan, taken: Collection[Path]) -> OutputPlan:
    """The plan with the first names, numbered alike for all of its files, that nothing has yet.

    Names that have a number because of this go on counting. A number of the user's own, of a patient say, stays: there
    is no file of the name without it.

    Args:
        plan: with the names to begin with.
        taken: names that other runs will write to.
    """

    def is_free(plan: OutputPlan) -> bool:
        files = [file for path in plan.paths() for file in plan.files(path)]
        is_taken = any(path in taken or path.resolve() in taken for path in [*plan.paths(), *files])
        return not is_taken and not any(file.exists() for file in files)

    numbers = {counted_name(path)[1] for path in plan.paths()}
    start, number = plan.renamed(lambda path: counted_name(path)[0]), min(numbers)
    if len(numbers) > 1 or is_free(start):
        start, number = plan, 1
    free = plan
    while not is_free(free):
        number += 1
        free = start.renamed(partial(numbered_name, number=number))
    return free
