"""A plugin made ready, whether it is a module or a component."""

from __future__ import annotations

from collections.abc import Mapping

from engine.wasm.components.documents import DocumentComponent
from engine.wasm.components.host import ComponentHost, application_components, is_component
from engine.wasm.components.stage import ComponentPlugin, ComponentStage
from engine.wasm.documents.stage import DocumentPlugin
from engine.wasm.errors import PluginError
from engine.wasm.host import Host
from engine.wasm.manifest import Manifest
from engine.wasm.python.compiling import Tell, say_nothing
from engine.wasm.stage.stage import StagePlugin, WasmStage

ReadPlugin = StagePlugin | ComponentPlugin
"""A plugin over reads."""

ReadStage = WasmStage | ComponentStage
"""What carries it out in one thread."""

AnyDocumentPlugin = DocumentPlugin | DocumentComponent
"""A plugin over documents."""


def open_read_plugin(
    host: Host,
    manifest: Manifest,
    wasm: bytes,
    parameters: Mapping[str, object] | None = None,
    *,
    granted: tuple[str, ...] = (),
    reason: int = 1,
    components: ComponentHost | None = None,
    tell: Tell = say_nothing,
) -> ReadPlugin:
    """A plugin over reads, checked and compiled.

    Args:
        host: the engine for modules.
        manifest: what the plugin says about itself; its hash has been checked.
        wasm: the module or component.
        parameters: values of its parameters; those left out take their defaults.
        granted: capabilities that the user grants.
        reason: 1..255, what `ReadBatch.dropped` gets for reads that it drops.
        components: the engine for components; ``None``: the application's.
        tell: called with a sentence where it takes long.

    Raises:
        PluginError: it cannot be loaded, or does not take its parameters.
    """
    if not is_component(wasm):
        return StagePlugin(host, manifest, wasm, parameters, granted=granted, reason=reason)
    _check_capabilities(manifest)
    return ComponentPlugin(components or application_components(), manifest, wasm, parameters, reason=reason, tell=tell)


def open_document_plugin(
    host: Host,
    manifest: Manifest,
    wasm: bytes,
    parameters: Mapping[str, object] | None = None,
    *,
    granted: tuple[str, ...] = (),
    components: ComponentHost | None = None,
    tell: Tell = say_nothing,
) -> AnyDocumentPlugin:
    """A plugin over documents, checked and compiled; see `open_read_plugin`.

    Raises:
        PluginError: it cannot be loaded, or does not take its parameters.
    """
    if not is_component(wasm):
        return DocumentPlugin(host, manifest, wasm, parameters, granted=granted)
    _check_capabilities(manifest)
    return DocumentComponent(components or application_components(), manifest, wasm, parameters, tell=tell)


def _check_capabilities(manifest: Manifest) -> None:
    if manifest.capabilities:
        raise PluginError(
            f"{manifest.name}: it asks for {', '.join(manifest.capabilities)}, which components are not given.",
            plugin=manifest.name, hint="Its author has to leave that out of the manifest.",
        )  # fmt: skip
