"""The user's plugins, as stages of pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from engine.home import Home
from engine.pipeline.plugins import pipeline_types
from engine.wasm.manifest import Manifest
from engine.wasm.parameters import parameter_model
from engine.wasm.plugins.library import PluginLibrary
from gui.models.pipelines.fields import fields_of
from gui.models.pipelines.palette import StageNote, key_of


class UserPlugins:
    """What checking a definition needs to know of the plugins that there are; as they were when this was made."""

    def __init__(self, home: Home) -> None:
        listed = PluginLibrary(home).listed()
        self._manifests = {each.name: each.package.manifest for each in listed if each.package is not None}

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        return list(self._manifests)

    def model(self, name: str) -> type[BaseModel] | None:
        """The model of what can be set for a plugin; ``None``: there is none of this name, or it is damaged."""
        manifest = self._manifests.get(name)
        return None if manifest is None else parameter_model(manifest.title, manifest.parameters)

    def works_on(self, name: str) -> Sequence[str]:
        """The types of pipelines that a plugin, which has a model, can be a stage of."""
        return pipeline_types(self._manifests[name])

    def notes(self) -> Iterator[StageNote]:
        """Each as a line of the palette."""
        return map(_note, self._manifests.values())


def _note(manifest: Manifest) -> StageNote:
    model = parameter_model(manifest.title, manifest.parameters)
    return StageNote(
        key=key_of("wasm", manifest.name),
        type="wasm",
        name=manifest.name,
        title=manifest.title,
        help=manifest.description,
        source=f"{manifest.author}, version {manifest.version}" if manifest.author else "",
        fields=fields_of(model.model_json_schema()),
        works_on=pipeline_types(manifest),
    )
