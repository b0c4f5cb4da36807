"""Whether a plugin over documents behaves."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from engine.wasm.components.host import ComponentHost
from engine.wasm.documents.fields import DocumentField
from engine.wasm.documents.json_text import Document
from engine.wasm.errors import PluginError
from engine.wasm.host import Host
from engine.wasm.plugins.finding import Finding
from engine.wasm.plugins.opening import AnyDocumentPlugin, open_document_plugin
from engine.wasm.plugins.package import PluginPackage
from engine.wasm.python.compiling import Tell, say_nothing


def check_documents(
    host: Host, package: PluginPackage, tell: Tell = say_nothing, components: ComponentHost | None = None
) -> Iterator[Finding]:
    """Runs a plugin on documents of every kind; see `engine.wasm.plugins.conformance.check_plugin`."""
    manifest = package.manifest
    try:
        plugin = open_document_plugin(
            host, manifest, package.wasm, granted=tuple(manifest.capabilities), components=components, tell=tell
        )
    except PluginError as error:
        yield Finding("the module is of this interface", str(error))
        return
    yield Finding("the module is of this interface")
    whole: Document = {}
    for field in manifest.fields:
        _put(whole, field)
    large: Document = {**whole, "filling": ["0123456789" * 10] * 10_000}
    documents = {"an empty document": {}, "a document with every field": whole, "a large document": large}
    for name, document in documents.items():
        yield Finding(name, _outcome(plugin, document))


def _outcome(plugin: AnyDocumentPlugin, document: Document) -> str:
    try:
        results = []
        for _ in range(2):
            with plugin.open() as stage:
                results += [stage.process(document, kind) for kind in plugin.manifest.documents for _ in range(2)]
    except PluginError as error:
        return str(error)
    half = len(results) // 2
    same = results[:half] == results[half:] and results[:half:2] == results[1:half:2]
    return "" if same else "the results differ; nothing may be kept between documents"


def _put(document: Document, field: DocumentField) -> None:
    """Puts 1 where a field looks; places in lists become names, which is as good here."""
    place = document
    *way, last = field.path.split(".")
    for step in way:
        inner: JsonValue = place.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[last] = True if field.type == "boolean" else 1
