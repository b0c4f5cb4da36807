"""The plugins that pipelines may use, and what can be set for each."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from engine.wasm.documents.abi import NAME as DOCUMENTS
from engine.wasm.errors import PluginError
from engine.wasm.manifest import Manifest
from engine.wasm.parameters import parameter_model
from engine.wasm.plugins.library import PluginLibrary


class LibraryPlugins:
    """Those in a library; see `engine.pipeline.resolving.Plugins`."""

    def __init__(self, library: PluginLibrary) -> None:
        self._library = library

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        return [plugin.name for plugin in self._library.listed()]

    def model(self, name: str) -> type[BaseModel] | None:
        """The model of what can be set for a plugin; ``None``: there is none of this name, or it is damaged."""
        try:
            manifest = self._library.get(name).manifest
        except PluginError:
            return None
        return parameter_model(manifest.title, manifest.parameters)

    def works_on(self, name: str) -> Sequence[str]:
        """The types of pipelines that a plugin, which has a model, can be a stage of."""
        return pipeline_types(self._library.get(name).manifest)


def pipeline_types(manifest: Manifest) -> tuple[str, ...]:
    """The types of pipelines that a plugin can be a stage of: one over reads works on hits too."""
    return tuple(manifest.documents) if manifest.abi == DOCUMENTS else ("document", "result")
