"""What checking a definition needs to know about other pipelines and about plugins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pydantic import BaseModel

from engine.pipeline.definition import PipelineDefinition


class Pipelines(Protocol):
    """Pipelines that composite stages may name."""

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        ...

    def find(self, reference: str) -> PipelineDefinition | None:
        """The pipeline ``name`` in its latest version, or ``name@version``; ``None``: there is none."""
        ...


class Plugins(Protocol):
    """Plugins that stages of type ``wasm`` and ``python`` may name."""

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        ...

    def model(self, name: str) -> type[BaseModel] | None:
        """The model of what can be set for a plugin; ``None``: there is none of this name, or it is damaged."""
        ...

    def works_on(self, name: str) -> Sequence[str]:
        """The types of pipelines that a plugin, which has a model, can be a stage of."""
        ...
