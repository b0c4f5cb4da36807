"""What users can set on a plugin."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model, model_validator

from engine.wasm.errors import PluginError

_SLOT = 8
_LONGEST_TEXT = 100_000

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class Parameter(BaseModel):
    """One thing to set, as the manifest declares it.

    Attributes:
        name: as files and code spell it.
        type: what it is.
        default: its value unless the user says otherwise.
        minimum: least value of a number, itself allowed; shortest text.
        maximum: greatest value of a number, itself allowed; longest text.
        choices: what a ``choice`` offers.
        unit: unit of a number, as shown.
        title: name for people; empty for the name itself.
        help: what it does, in a sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier
    type: Literal["integer", "number", "boolean", "choice", "text"]
    default: bool | int | float | str
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    title: str = ""
    help: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices are for parameters of the type choice, and those need some")
        if len(set(self.choices)) != len(self.choices):
            raise ValueError("two of the choices are the same")
        if hasattr(BaseModel, self.name):
            raise ValueError(f"{self.name} cannot be the name of a parameter; choose another")
        for bound in (self.minimum, self.maximum):
            if bound is not None and not _is_bound(bound, of_text=self.type == "text"):
                raise ValueError(f"{bound} cannot be the least or the greatest of a {self.type}")
        parameter_model("Parameter", (self,))()
        return self

    def field(self) -> tuple[Any, Any]:
        """Type and field for a model of the values."""
        extra: dict[str, Any] = {"unit": self.unit}
        words: dict[str, Any] = {"title": self.title or self.name, "description": self.help}
        words["json_schema_extra"] = extra
        if self.type == "boolean":
            return bool, Field(self.default, strict=True, **words)
        if self.type == "choice":
            return Literal[self.choices], Field(self.default, **words)
        if self.type == "text":
            longest = int(self.maximum if self.maximum is not None else 1000)
            return str, Field(self.default, min_length=int(self.minimum or 0), max_length=longest, **words)
        if self.type == "integer":
            least, most = _whole(self.minimum, -(1 << 63)), _whole(self.maximum, (1 << 63) - 1)
            return int, Field(self.default, strict=True, ge=least, le=most, **words)
        return float, Field(self.default, ge=self.minimum, le=self.maximum, allow_inf_nan=False, **words)


def _is_bound(bound: float, *, of_text: bool) -> bool:
    return 0 <= bound <= _LONGEST_TEXT if of_text else math.isfinite(bound)


def _whole(bound: float | None, otherwise: int) -> int:
    return otherwise if bound is None else int(bound)


def parameter_model(title: str, parameters: Sequence[Parameter]) -> type[BaseModel]:
    """The model of a plugin's parameters: checks values, knows defaults, and describes itself as JSON schema."""
    fields: dict[str, Any] = {parameter.name: parameter.field() for parameter in parameters}
    config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
    model: type[BaseModel] = create_model(title, __config__=config, **fields)
    return model


def parameter_values(plugin: str, parameters: Sequence[Parameter], values: Mapping[str, object]) -> dict[str, Any]:
    """The value of every parameter by name: the one given, or its default.

    Raises:
        PluginError: a value is out of range, of the wrong type or of no parameter.
    """
    try:
        return parameter_model("Parameters", parameters)(**values).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise PluginError(
            f"{plugin}: the parameter {where} cannot be set so: {first['msg']}.", plugin=plugin,
            hint="Choose another value for it.",
        ) from error  # fmt: skip


def encode_parameters(plugin: str, parameters: Sequence[Parameter], values: Mapping[str, object]) -> bytes:
    """Values as a guest reads them: 8 bytes each in the manifest's order, texts behind.

    An integer is int64, a number float64, a boolean int64 0 or 1, a choice int64, the place among
    the choices; a text is its offset in the block and its length in bytes, uint32 each. All little-endian.

    Raises:
        PluginError: a value is out of range, of the wrong type or of no parameter.
    """
    checked = parameter_values(plugin, parameters, values)
    slots, texts = bytearray(), bytearray()
    for parameter in parameters:
        value = checked[parameter.name]
        if parameter.type == "number":
            slots += struct.pack("<d", value)
        elif parameter.type == "text":
            text = value.encode()
            slots += struct.pack("<II", _SLOT * len(parameters) + len(texts), len(text))
            texts += text
        else:
            slots += struct.pack("<q", parameter.choices.index(value) if parameter.type == "choice" else int(value))
    return bytes(slots + texts)
