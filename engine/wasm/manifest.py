"""What a plugin says about itself in ``plugin.toml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from engine.toml_text import load_toml
from engine.wasm.documents.abi import NAME as DOCUMENTS
from engine.wasm.documents.abi import DocumentKind
from engine.wasm.documents.fields import DocumentField
from engine.wasm.errors import ModuleRefused, PluginError
from engine.wasm.limits import Limits
from engine.wasm.parameters import Parameter
from engine.wasm.stage.abi import NAME, Change, Need
from engine.wasm.stage.metrics import Metric

FILE_NAME = "plugin.toml"
MOST_BYTES = 256 << 10
"""Size of the largest manifest that is read."""

_MIB = 1 << 20
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}

PluginName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=100)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]

Capability = Literal["log"]
"""What a plugin may ask for; files, clock, environment, randomness and network are not among them."""


class ManifestLimits(BaseModel):
    """How much the plugin wants to take, at most what Lanescope ever gives.

    Attributes:
        memory_mib: linear memory of each worker's instance, in MiB.
        call_seconds: time for one batch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_mib: int = Field(default=256, ge=1, le=2048)
    call_seconds: float = Field(default=10.0, gt=0, le=300)


class Manifest(BaseModel):
    """A plugin's manifest.

    Attributes:
        name: lower case, words joined by ``-``; also the name of its folder.
        title: name for people.
        version: as its author counts.
        abi: the interface that the module is made for.
        description: what it does, in a sentence.
        author: whom to ask.
        licence: SPDX identifier.
        module: file name of the module.
        sha256: of the module, 64 hexadecimal digits.
        needs: which parts of reads it looks at; the fewer, the faster.
        changes: what it does to reads.
        name_growth: bytes by which a name may grow, for plugins that change names.
        capabilities: what it asks for; the user has to grant it.
        limits: how much it may take.
        parameters: what users can set.
        metrics: what it counts.
        documents: of a plugin over documents, of which kinds.
        fields: of a plugin over documents, the numbers that it gets apart from the text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PluginName
    title: Line = Field(min_length=1)
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,3}([-+.][0-9A-Za-z.-]+)?$", max_length=40)]
    abi: Literal["read-stage/1", "document/1"] = NAME
    description: Line = ""
    author: Line = ""
    licence: Line = ""
    module: FileName = "plugin.wasm"
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    needs: tuple[Need, ...] = ("names", "bases", "qualities")
    changes: tuple[Change, ...] = ("keep",)
    name_growth: int = Field(default=0, ge=0, le=1000)
    capabilities: tuple[Capability, ...] = ()
    limits: ManifestLimits = ManifestLimits()
    parameters: tuple[Parameter, ...] = ()
    metrics: tuple[Metric, ...] = ()
    documents: tuple[DocumentKind, ...] = ()
    fields: tuple[DocumentField, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.name in _RESERVED:
            raise ValueError(f"{self.name} cannot be a folder on every system")
        _no_twins("parameters", [parameter.name for parameter in self.parameters])
        _no_twins("metrics", [metric.name for metric in self.metrics])
        _no_twins("changes", self.changes)
        _no_twins("needs", self.needs)
        _no_twins(
            "parameters and fields", [*(each.name for each in self.parameters), *(each.name for each in self.fields)]
        )
        if (self.abi == DOCUMENTS) != bool(self.documents):
            raise ValueError(f"documents names the kinds that a plugin of the ABI {DOCUMENTS} takes, and no other")
        if self.fields and self.abi != DOCUMENTS:
            raise ValueError(f"fields are for plugins of the ABI {DOCUMENTS}")
        if self.metrics and self.abi == DOCUMENTS:
            raise ValueError("metrics are for plugins over reads")
        unseen = {"bases", "qualities"} & set(self.changes) - set(self.needs)
        if unseen:
            raise ValueError(f"it changes {' and '.join(sorted(unseen))}, which it does not need")
        return self

    def guest_limits(self) -> Limits:
        """The limits of an instance."""
        return Limits(memory_bytes=self.limits.memory_mib * _MIB, call_seconds=self.limits.call_seconds)

    def check_document(self, kind: DocumentKind) -> None:
        """Makes sure that the plugin takes documents of a kind.

        Raises:
            PluginError: it does not.
        """
        if kind not in self.documents:
            kinds = " and ".join(self.documents)
            raise PluginError(f"{self.name}: it works on documents of the kind {kinds}, not {kind}.", plugin=self.name)


def _no_twins(what: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"two of the {what} have the same name")


def parse_manifest(text: bytes, where: str) -> Manifest:
    """Reads a manifest.

    Args:
        text: the content of ``plugin.toml``.
        where: what to call the plugin while its name is not known.

    Raises:
        ModuleRefused: it is not TOML, or something in it is missing, unknown or out of range.
    """
    hint = f"Mend its {FILE_NAME}, or ask its author to."
    if len(text) > MOST_BYTES:
        raise ModuleRefused(f"{where}: {FILE_NAME} is larger than {MOST_BYTES >> 10} KiB.", plugin=where, hint=hint)
    try:
        return Manifest.model_validate(load_toml(text.decode()))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        reason = first["msg"].removeprefix("Value error, ")
        raise ModuleRefused(f"{where}: {FILE_NAME}, {place}: {reason}.", plugin=where, hint=hint) from error
    except ValueError as error:
        raise ModuleRefused(f"{where}: {FILE_NAME} is not TOML: {error}.", plugin=where, hint=hint) from error
