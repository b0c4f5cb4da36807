"""A plugin over documents: searches of reads before they run, and results of runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import JsonValue

from engine.wasm.capabilities import granted_functions
from engine.wasm.documents.abi import (
    ALIGNMENT,
    DESCRIPTOR,
    EXPORTS,
    KIND_NUMBERS,
    MESSAGE_BYTES,
    MOST_BYTES,
    NAME,
    PROCESS_EXPORT,
    RESERVE_EXPORT,
    VERSION,
    VERSION_EXPORT,
    DocumentKind,
)
from engine.wasm.documents.fields import encode_fields
from engine.wasm.documents.json_text import Document, merged, parse_patch, text_of
from engine.wasm.errors import ModuleRefused, OutputRefused, PluginError
from engine.wasm.guest import Guest
from engine.wasm.host import Host
from engine.wasm.instance_stage import InstanceStage
from engine.wasm.limits import Watch
from engine.wasm.log import complaint
from engine.wasm.manifest import Manifest
from engine.wasm.parameters import encode_parameters

_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class DocumentOutput:
    """What became of a document.

    Attributes:
        document: with what the plugin wrote merged in; the same where it wrote nothing.
        keep: ``False`` where the plugin rejects it.
        number: what it measured; ``None`` for nothing.
    """

    document: Document
    keep: bool = True
    number: float | None = None


class DocumentPlugin:
    """A plugin over documents with its parameters, checked and compiled. Any thread may `open` stages of it.

    Attributes:
        manifest: what it says about itself.
    """

    def __init__(
        self,
        host: Host,
        manifest: Manifest,
        wasm: bytes,
        parameters: Mapping[str, object] | None = None,
        *,
        granted: tuple[str, ...] = (),
    ) -> None:
        """Compiles the module and checks that it is made for this.

        Args:
            host: the engine.
            manifest: what the plugin says about itself; its hash has been checked.
            wasm: the module.
            parameters: values of its parameters; those left out take their defaults.
            granted: capabilities that the user grants.

        Raises:
            ModuleRefused: the module is not valid, exports or imports the wrong things, or is of another ABI.
            PluginError: a parameter is out of range.
        """
        if manifest.abi != NAME:
            raise ModuleRefused(f"{manifest.name}: it works on reads, not on documents.", plugin=manifest.name)
        self.manifest = manifest
        self.parameters = encode_parameters(manifest.name, manifest.parameters, parameters or {})
        self.program = host.program(manifest.name, wasm, granted_functions(manifest, granted))
        self.program.require_all(EXPORTS)

    def open(self, watch: Watch | None = None) -> DocumentStage:
        """A stage for the calling thread, which has to close it.

        Args:
            watch: ends its work early.
        """
        return DocumentStage(self, watch or Watch())


class DocumentStage(InstanceStage[Guest]):
    """Carries a plugin out on documents, one instance of it for one thread.

    After an error the instance is thrown away; the next document gets a new one.
    """

    def __init__(self, plugin: DocumentPlugin, watch: Watch) -> None:
        super().__init__(plugin.manifest, watch, plugin.program.open)
        self._plugin = plugin

    def process(self, document: Mapping[str, JsonValue], kind: DocumentKind = "result") -> DocumentOutput:
        """Runs the plugin on one document, which stays as it is.

        Raises:
            GuestTrap: it was stopped, by itself, its limits or the watch.
            OutputRefused: what it wrote makes no sense.
            PluginError: it complains, or the document is no JSON, too large or of another kind than it takes.
        """
        self._manifest.check_document(kind)
        text = text_of(self._manifest.name, document)
        with self._at_work():
            return self._run(dict(document), text, kind)

    def _run(self, document: Document, text: bytes, kind: DocumentKind) -> DocumentOutput:
        fields = encode_fields(self._manifest.fields, document)
        block, places = _laid_out(self._plugin.parameters, fields, text)
        guest = self._opened()
        region = self._reserved(guest, len(block))
        descriptor = np.zeros(1, DESCRIPTOR)
        values: dict[str, int] = {
            "abi": VERSION, "size": DESCRIPTOR.itemsize, "kind": KIND_NUMBERS[kind], "text_bytes": len(text),
            "field_count": len(self._manifest.fields), "keep": 1, "message_bytes": MESSAGE_BYTES,
            **{place: region + offset for place, offset in places.items()},
        }  # fmt: skip
        for field, value in values.items():
            descriptor[field] = value
        block[: DESCRIPTOR.itemsize] = descriptor.tobytes()
        guest.write(region, bytes(block))
        status = guest.call(PROCESS_EXPORT, region)
        if status:
            raise self._complaint(guest.read(region + places["message"], MESSAGE_BYTES), int(status))
        return self._output(guest, np.frombuffer(guest.read(region, DESCRIPTOR.itemsize), DESCRIPTOR)[0], document)

    def _begin(self, guest: Guest) -> None:
        version = guest.call(VERSION_EXPORT)
        if version != VERSION:
            words = f"the module is made for version {version} of the document interface, and this is {VERSION}"
            raise ModuleRefused(f"{self._manifest.name}: {words}.", plugin=self._manifest.name)

    def _reserved(self, guest: Guest, size: int) -> int:
        name, most = self._manifest.name, self._manifest.limits.memory_mib
        start = int(guest.call(RESERVE_EXPORT, size) or 0) & _MASK
        if not start:
            raise PluginError(
                f"{name}: it has no room for a document of {size:,} bytes in its {most:,} MiB of memory.", plugin=name,
                hint="Give it more memory in its limits.",
            )  # fmt: skip
        if start % ALIGNMENT or start + size > guest.memory_bytes:
            raise OutputRefused(f"{name}: its region at {start:#x} is not aligned or not in its memory.", plugin=name)
        return start

    def _output(self, guest: Guest, found: Any, document: Document) -> DocumentOutput:
        name = self._manifest.name
        keep, has_number, number = int(found["keep"]), int(found["has_number"]), float(found["number"])
        if keep > 1 or has_number > 1:
            word, value = ("keep", keep) if keep > 1 else ("has_number", has_number)
            raise OutputRefused(f"{name}: it wrote {word} = {value}, which is neither 0 nor 1.", plugin=name)
        size = int(found["output_bytes"])
        if size > MOST_BYTES:
            raise OutputRefused(f"{name}: it wrote more than {MOST_BYTES >> 20} MiB.", plugin=name)
        if size:
            document = merged(document, parse_patch(name, guest.read(int(found["output"]), size)))
        given = has_number == 1 and not math.isnan(number)
        if given and math.isinf(number):
            raise OutputRefused(f"{name}: it measured a number without end.", plugin=name)
        return DocumentOutput(document, keep == 1, number if given else None)

    def _complaint(self, message: bytes, status: int) -> PluginError:
        name = self._manifest.name
        return PluginError(f"{name}: it cannot go on: {complaint(message, status)}.", plugin=name)


def _laid_out(parameters: bytes, fields: bytes, text: bytes) -> tuple[bytearray, dict[str, int]]:
    """The region's content, its descriptor still empty, and where in it things are."""
    block, places = bytearray(DESCRIPTOR.itemsize), {}
    parts = {"parameters": parameters, "fields": fields, "message": bytes(MESSAGE_BYTES), "text": text}
    for place, content in parts.items():
        block += bytes(-len(block) % ALIGNMENT)
        places[place] = len(block)
        block += content
    return block + bytes(ALIGNMENT), places
