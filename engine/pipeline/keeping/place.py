"""What the registry needs of the place where pipelines are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

T = TypeVar("T")


class KeptStatistics(NamedTuple):
    """What one version of a pipeline has done, as it is kept.

    Attributes:
        version: of the pipeline.
        shape: tells its stages from others that it once had, by pipelines inside of it.
        runs: how many it is of.
        failed: those of them that failed.
        first: when the first of them ended, ISO 8601 with zone.
        last: when the last one did.
        state: `engine.pipeline.steps.statistics.StepStatistics.state`, encoded as a checkpoint.
    """

    version: str
    shape: str
    runs: int
    failed: int
    first: str
    last: str
    state: bytes


class Records(Protocol):
    """What is kept, as one transaction sees it."""

    def definitions(self) -> Sequence[tuple[str, str, str]]:
        """Name, version and JSON of each pipeline."""
        ...

    def add(self, name: str, version: str, definition: str) -> None:
        """Keeps one more; there is none of this name and version."""
        ...

    def remove(self, name: str, version: str) -> None:
        """Removes one, and what it has done."""
        ...

    def statistics(self, name: str) -> Sequence[tuple[str, str, int, int, str, str, bytes]]:
        """What the versions of a pipeline have done, as `KeptStatistics`."""
        ...

    def keep_statistics(self, name: str, row: tuple[str, str, int, int, str, str, bytes]) -> None:
        """Keeps what a version has done, a `KeptStatistics`, in place of what was kept of it with this shape."""
        ...

    def associations(self) -> Sequence[tuple[str, str, str, str]]:
        """Kind and place of a dataset, a type of pipelines, and the reference of the pipeline."""
        ...

    def associate(self, kind: str, place: str, pipeline_type: str, reference: str) -> None:
        """Gives a dataset its pipeline of this type, in place of any other."""
        ...

    def dissociate(self, kind: str, place: str, pipeline_type: str) -> bool:
        """Takes a dataset's pipeline of this type away; whether there was one."""
        ...


class Keeper(Protocol):
    """Keeps pipelines for good; may be called from any thread."""

    def read(self, job: Callable[[Records], T]) -> T:
        """What a job makes of what is kept, which does not change meanwhile."""
        ...

    def change(self, job: Callable[[Records], T]) -> T:
        """Does a job that changes what is kept, all of it or, where it raises, nothing; one job at a time."""
        ...
