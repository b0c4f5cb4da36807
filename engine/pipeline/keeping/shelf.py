"""The pipelines that there are, as one transaction sees them: kept ones and shipped ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from engine.pipeline.containment import references_in
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.errors import PipelineError, PipelineNotFoundError
from engine.pipeline.faults import shown
from engine.pipeline.keeping.place import Records
from engine.pipeline.keeping.presets import presets
from engine.pipeline.keeping.versions import version_order


class Shelf:
    """Looks pipelines up; also for composite stages, see `engine.pipeline.resolving.Pipelines`.

    Args:
        records: what is kept.
    """

    def __init__(self, records: Records) -> None:
        self._kept: dict[str, dict[str, str]] = {}
        for name, version, definition in records.definitions():
            self._kept.setdefault(name, {})[version] = definition

    def names(self) -> Sequence[str]:
        """The names of all pipelines, sorted."""
        return sorted({*self._kept, *presets()})

    def versions(self, name: str) -> Sequence[str]:
        """The versions of a pipeline, the latest last; empty: there is no such pipeline."""
        if name in self._kept:
            return sorted(self._kept[name], key=version_order)
        return [presets()[name].version] if name in presets() else []

    def is_shipped(self, name: str) -> bool:
        """Whether a pipeline came with Lanescope."""
        return name not in self._kept and name in presets()

    def find(self, reference: str) -> PipelineDefinition | None:
        """The pipeline ``name`` in its latest version, or ``name@version``; ``None``: there is none.

        Raises:
            PipelineError: it is there, but what is kept of it cannot be understood.
        """
        name, _, version = reference.partition("@")
        known = self.versions(name)
        if not known or (version and version not in known):
            return None
        if self.is_shipped(name):
            return presets()[name]
        return self._understood(name, version or known[-1])

    def get(self, name: str, version: str | None = None) -> PipelineDefinition:
        """The pipeline in a version, or in its latest one.

        Raises:
            PipelineNotFoundError: there is none.
            PipelineError: what is kept of it cannot be understood.
        """
        found = self.find(name if version is None else f"{name}@{version}")
        if found is None:
            raise PipelineNotFoundError(name, list(self.names()), version)
        return found

    def users(self, name: str, versions: Sequence[str]) -> Iterator[str]:
        """Other pipelines that need some versions of one, by their references."""
        left = [version for version in self.versions(name) if version not in versions]
        for other, texts in self._kept.items():
            for version in texts if other != name else ():
                try:
                    stages = self._understood(other, version).stages
                except PipelineError:
                    continue  # what cannot be understood cannot be run either
                if any(needs(reference, name, versions, left) for reference in references_in(stages)):
                    yield f"the pipeline {other}@{version}"

    def _understood(self, name: str, version: str) -> PipelineDefinition:
        try:
            return PipelineDefinition.model_validate_json(self._kept[name][version])
        except ValidationError as error:
            raise PipelineError(
                f"What is kept of {shown(name)} {version} cannot be understood.",
                name=name,
                hint=f"Remove it with: lanescope pipeline remove {name} --version {version}",
            ) from error


def needs(reference: str, name: str, versions: Sequence[str], left: Sequence[str]) -> bool:
    """Whether a reference would lead nowhere without some versions of a pipeline.

    Args:
        reference: ``name`` or ``name@version``.
        name: of the pipeline.
        versions: those that would go.
        left: those that would stay.
    """
    wanted, _, version = reference.partition("@")
    return wanted == name and (version in versions if version else not left)
