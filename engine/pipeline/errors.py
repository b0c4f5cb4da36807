"""What can go wrong with kept pipelines that a user can do something about."""

from __future__ import annotations

from engine.errors import LanescopeError
from engine.pipeline.faults import nearest, shown


class PipelineError(LanescopeError):
    """A pipeline cannot be kept, found, changed or removed.

    Attributes:
        name: of the pipeline.
    """

    title = "This pipeline cannot be used so"

    def __init__(self, message: str, *, name: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.name = name


class PipelineNotFoundError(PipelineError):
    """There is no such pipeline, or not in that version."""

    title = "This pipeline cannot be found"
    is_refusal = True
    hint = "See which there are with: lanescope pipeline list"

    def __init__(self, name: str, known: list[str], version: str | None = None) -> None:
        words = f"There is no pipeline {shown(name)}{nearest(name, known)}"
        if version is not None and name in known:
            words = f"There is no version {shown(version)} of the pipeline {shown(name)}"
        super().__init__(words if words.endswith("?") else f"{words}.", name=name)


class PipelineExistsError(PipelineError):
    """There is a pipeline of that name, or a version of it, already; what was kept once never changes."""

    title = "This pipeline is there already"


class PipelineInUseError(PipelineError):
    """A pipeline cannot be removed.

    Attributes:
        users: who uses it: datasets and other pipelines.
    """

    title = "This pipeline is in use"
    hint = "Choose another pipeline for them first."

    def __init__(self, name: str, users: tuple[str, ...]) -> None:
        super().__init__(f"{shown(name)} is used by {', '.join(users)}.", name=name)
        self.users = users


class ShippedPipelineError(PipelineError):
    """A pipeline that came with Lanescope stays as it is."""

    title = "This pipeline came with Lanescope"
    hint = "Keep a copy of it under another name, and change that."

    def __init__(self, name: str) -> None:
        super().__init__(f"{shown(name)} came with Lanescope and stays as it is.", name=name)
