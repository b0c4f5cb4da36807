"""Python plugins that cannot be compiled, over documents."""

from __future__ import annotations

import math
from typing import Any

import pytest

from engine.wasm.components.documents import DocumentComponent
from engine.wasm.components.host import ComponentHost
from engine.wasm.documents.json_text import Document
from engine.wasm.documents.stage import DocumentOutput
from engine.wasm.errors import ImportRefused, ModuleRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.plugins.conformance import check_plugin
from engine.wasm.plugins.opening import open_document_plugin
from engine.wasm.plugins.package import PluginPackage
from tests.engine.wasm.components.sources import DOCUMENTS_MANIFEST
from tests.guests import manifest_for

DOCUMENT: Document = {"reads": {"total": 3}, "old": 1, "share": 0.7}


@pytest.fixture
def outcome(components: ComponentHost, documents_component: bytes) -> Any:
    def run(what: str, document: Document, **values: object) -> DocumentOutput:
        manifest = manifest_for(documents_component, **DOCUMENTS_MANIFEST)
        values = {"what": what, **values}
        plugin = open_document_plugin(Host(None), manifest, documents_component, values, components=components)
        with plugin.open() as stage:
            first = stage.process(document)
            assert stage.process(document) == first
            return first

    return run


def test_documents_are_changed(outcome: Any) -> None:
    found = outcome("patch", DOCUMENT)
    assert found.document == {
        "reads": {"total": 3}, "share": 0.7, "kind": "result", "names": ["old", "reads", "share"], "total": 3,
    }  # fmt: skip
    assert (found.keep, found.number) == (True, None)
    assert outcome("nothing", DOCUMENT).document == DOCUMENT


def test_documents_are_kept_rejected_and_measured(outcome: Any) -> None:
    assert outcome("keep", DOCUMENT).keep
    assert not outcome("keep", DOCUMENT, least=0.9).keep
    assert not outcome("keep", {}).keep, "not a number is not at least anything"
    assert outcome("number", DOCUMENT).number == 6
    assert math.isclose(outcome("number", {"reads": {"total": 1 << 40}}).number, 1 << 41)


def test_faults_are_told_with_their_line(outcome: Any) -> None:
    with pytest.raises(PluginError, match=r"guest: it cannot go on: plugin\.py, line 11: KeyError: 'missing'\."):
        outcome("boom", DOCUMENT)
    with pytest.raises(PluginError, match="process returned 'done', and says that it returns dict"):
        outcome("word", DOCUMENT)


def test_such_plugins_pass_the_checks(components: ComponentHost, documents_component: bytes) -> None:
    package = PluginPackage(manifest_for(documents_component, **DOCUMENTS_MANIFEST), documents_component, {})
    assert [finding.trouble for finding in check_plugin(Host(None), package, components=components)] == [""] * 4


def test_a_component_is_held_to_its_interface(components: ComponentHost, documents_component: bytes) -> None:
    from wasmtime import wat2wasm

    from engine.wasm.components.stage import ComponentPlugin

    with pytest.raises(ModuleRefused, match="it works on reads, not on documents"):
        DocumentComponent(components, manifest_for(documents_component), documents_component)
    with pytest.raises(ModuleRefused, match="does not export lanescope:plugin/reads@1"):
        ComponentPlugin(components, manifest_for(documents_component), documents_component)
    asking = bytes(wat2wasm('(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))'))
    with pytest.raises(ImportRefused, match=r"asks for wasi:clocks/wall-clock@0\.2\.0, and components are"):
        ComponentPlugin(components, manifest_for(asking), asking)
    with pytest.raises(ModuleRefused, match="the component is not valid"):
        ComponentPlugin(components, manifest_for(asking), asking[:20])
