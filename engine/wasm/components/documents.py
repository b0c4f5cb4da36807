"""A component over documents."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from engine.wasm.components.guest import ComponentGuest, ComponentProgram
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.stage import plain_words, settings_for
from engine.wasm.documents.abi import MOST_BYTES, NAME, DocumentKind
from engine.wasm.documents.fields import field_values
from engine.wasm.documents.json_text import merged, parse_patch, text_of
from engine.wasm.documents.stage import DocumentOutput
from engine.wasm.errors import ModuleRefused, OutputRefused, PluginError
from engine.wasm.instance_stage import InstanceStage
from engine.wasm.limits import Watch
from engine.wasm.manifest import Manifest
from engine.wasm.python.compiling import Tell, say_nothing

INTERFACE = "lanescope:plugin/documents@1.0.0"


class DocumentComponent:
    """A plugin over documents that is a component, with its parameters. Any thread may `open` stages of it.

    Attributes:
        manifest: what it says about itself.
    """

    def __init__(
        self,
        host: ComponentHost,
        manifest: Manifest,
        wasm: bytes,
        parameters: Mapping[str, object] | None = None,
        *,
        tell: Tell = say_nothing,
    ) -> None:
        """Compiles the component, or takes it from the cache, and checks that it is made for this.

        Args:
            host: the engine.
            manifest: what the plugin says about itself; its hash has been checked.
            wasm: the component.
            parameters: values of its parameters; those left out take their defaults.
            tell: called with a sentence where it takes long.

        Raises:
            ModuleRefused: the component is not valid, asks for something, or is of another interface.
            PluginError: a parameter is out of range.
        """
        if manifest.abi != NAME:
            raise ModuleRefused(f"{manifest.name}: it works on reads, not on documents.", plugin=manifest.name)
        self.manifest = manifest
        self.settings = settings_for(manifest, parameters or {})
        self.program = ComponentProgram(host, manifest.name, host.component(manifest.name, wasm, tell), INTERFACE)

    def open(self, watch: Watch | None = None) -> DocumentComponentStage:
        """A stage for the calling thread, which has to close it.

        Args:
            watch: ends its work early.
        """
        return DocumentComponentStage(self, watch or Watch())


class DocumentComponentStage(InstanceStage[ComponentGuest]):
    """Carries a component out on documents, one instance of it for one thread.

    After an error the instance is thrown away; the next document gets a new one.
    """

    def __init__(self, plugin: DocumentComponent, watch: Watch) -> None:
        super().__init__(plugin.manifest, watch, plugin.program.open)
        self._plugin = plugin

    def process(self, document: Mapping[str, JsonValue], kind: DocumentKind = "result") -> DocumentOutput:
        """Runs the plugin on one document, which stays as it is.

        Raises:
            GuestTrap: it was stopped, by itself, its limits or the watch.
            OutputRefused: its answer makes no sense.
            PluginError: it complains, or the document is no JSON, too large or of another kind than it takes.
        """
        self._manifest.check_document(kind)
        text = text_of(self._manifest.name, document).decode()
        fields = json.dumps(field_values(self._manifest.fields, document))
        with self._at_work():
            if self._guest is not None:
                self._guest.allow_time()
            said = self._said(self._opened(), "process", kind, text, fields)
            return self._output(said, dict(document))

    def _begin(self, guest: ComponentGuest) -> None:
        self._said(guest, "start", json.dumps(self._plugin.settings))

    def _said(self, guest: ComponentGuest, export: str, *arguments: str) -> str:
        said = guest.call(export, *arguments)
        if not isinstance(said, str):
            name = self._manifest.name
            raise PluginError(f"{name}: it cannot go on: {plain_words(said)}.", plugin=name)
        return said

    def _output(self, said: str, document: dict[str, JsonValue]) -> DocumentOutput:
        name = self._manifest.name
        if len(said) > MOST_BYTES:
            raise OutputRefused(f"{name}: it wrote more than {MOST_BYTES >> 20} MiB.", plugin=name)
        try:
            found: Any = json.loads(said)
            if not isinstance(found, dict) or not set(found) <= {"keep", "number", "patch"}:
                raise ValueError("not an answer about a document")
            keep, number, patch = found.get("keep", True), found.get("number"), found.get("patch")
            if not isinstance(keep, bool):
                raise TypeError("keep is neither true nor false")
            number = None if number is None else float(number)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise OutputRefused(f"{name}: its answer makes no sense: {error}.", plugin=name) from error
        if number is not None and math.isinf(number):
            raise OutputRefused(f"{name}: it measured a number without end.", plugin=name)
        if patch is not None:
            document = merged(document, parse_patch(name, json.dumps(patch).encode()))
        return DocumentOutput(document, keep, None if number is None or math.isnan(number) else number)
