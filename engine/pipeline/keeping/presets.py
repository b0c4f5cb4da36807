"""The pipelines that come with Lanescope: to be used as they are, or copied under another name."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.keeping.files import ENDING


@cache
def presets() -> Mapping[str, PipelineDefinition]:
    """Each shipped pipeline, by its name, in the order of the names."""
    folder = importlib.resources.files("resources") / "pipelines"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(ENDING)), key=lambda file: file.name)
    shipped = [PipelineDefinition.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in files]
    return MappingProxyType({each.name: each for each in shipped})
