"""Numbers of a document that a plugin gets without taking the text apart."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, StringConstraints

from engine.wasm.parameters import Identifier

_MOST_WHOLE = (1 << 63) - 1


class DocumentField(BaseModel):
    """A number in a document, as the manifest declares it.

    Attributes:
        name: as code spells it.
        path: where it is: names and places in lists, joined by dots, such as ``lanes.0.yield``.
        type: a ``number`` is float64, an ``integer`` int64, a ``boolean`` int64 0 or 1.
        default: what it is where the document has none; a number is not-a-number unless this says otherwise.
        help: what it means, in a sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Identifier
    path: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    type: Literal["number", "integer", "boolean"] = "number"
    default: bool | int | float | None = None
    help: str = ""


def encode_fields(fields: Sequence[DocumentField], document: Mapping[str, JsonValue]) -> bytes:
    """The fields as a guest reads them: 8 bytes each in the manifest's order, little-endian."""
    return b"".join(_encoded(field, _found(field.path, document)) for field in fields)


def field_values(fields: Sequence[DocumentField], document: Mapping[str, JsonValue]) -> dict[str, float | int | bool]:
    """The fields by name, as a guest in another language than WebAssembly's own gets them."""
    values: dict[str, float | int | bool] = {}
    for field in fields:
        code = _encoded(field, _found(field.path, document))
        value = struct.unpack("<d" if field.type == "number" else "<q", code)[0]
        values[field.name] = bool(value) if field.type == "boolean" else value
    return values


def _found(path: str, document: JsonValue | Mapping[str, JsonValue]) -> JsonValue | Mapping[str, JsonValue]:
    """What is there; ``None`` where nothing is."""
    place = document
    for step in path.split("."):
        if isinstance(place, Mapping):
            place = place.get(step)
        elif isinstance(place, list) and step.isdecimal() and int(step) < len(place):
            place = place[int(step)]
        else:
            return None
    return place


def _encoded(field: DocumentField, value: object) -> bytes:
    number = value if isinstance(value, int | float) else field.default
    if field.type == "number":
        try:
            return struct.pack("<d", math.nan if number is None else float(number))
        except OverflowError:  # a whole number of more digits than a float holds
            return struct.pack("<d", math.nan)
    whole = int(number) if number is not None and math.isfinite(number) else 0
    if field.type == "boolean":
        return struct.pack("<q", int(bool(whole)))
    return struct.pack("<q", max(-_MOST_WHOLE - 1, min(_MOST_WHOLE, whole)))
