"""What can be set, read from the JSON schema of a stage's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

Schema = Mapping[str, Any]


class Kind(StrEnum):
    """What a value is, and so how it is edited."""

    WHOLE = "whole number"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"
    LIST = "list"
    GROUP = "group"


_KINDS = {
    "integer": Kind.WHOLE,
    "number": Kind.NUMBER,
    "boolean": Kind.SWITCH,
    "string": Kind.TEXT,
    "array": Kind.LIST,
    "object": Kind.GROUP,
}

_HUGE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be set.

    Attributes:
        key: its name in definitions.
        title: what people call it.
        help: what it does, in a sentence.
        kind: what its value is.
        unit: of a number, or an empty string.
        least: the smallest number allowed, ``None`` where there is none.
        most: the largest one.
        default: what holds where nothing is set; ``None`` for an optional one, and where it must be set.
        is_optional: whether it may be empty.
        is_required: whether it must be set.
        choices: what can be chosen, in order.
        words: what people call each choice, where that is not the choice itself.
        empty_word: what stands where nothing is set.
        shown_for: key and value of a field beside it without which this one means nothing; an empty value stands for
            any.
        item: what each entry of a list is.
        fields: what a group is made of.
    """

    key: str
    title: str
    help: str = ""
    kind: Kind = Kind.TEXT
    unit: str = ""
    least: float | None = None
    most: float | None = None
    default: JsonValue = None
    is_optional: bool = False
    is_required: bool = False
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    empty_word: str = ""
    shown_for: tuple[str, str] | None = None
    item: Field | None = None
    fields: tuple[Field, ...] = ()

    @property
    def hint(self) -> str:
        """The range in words, such as ``0 to 93``, or an empty string."""
        # What only a computer word limits is no limit to people.
        least = None if self.least is None or self.least <= -_HUGE else self.least
        most = None if self.most is None or self.most >= _HUGE else self.most
        if least is not None and most is not None:
            return f"{_figure(least)} to {_figure(most)}"
        if least is not None:
            return f"{_figure(least)} or more" if least else ""
        return "" if most is None else f"{_figure(most)} or less"

    def empty(self) -> JsonValue:
        """What a new entry begins with: the default, or nothing yet."""
        if self.kind is Kind.GROUP:
            return {field.key: field.empty() for field in self.fields if field.is_required}
        return "" if self.default is None and self.kind is Kind.TEXT else self.default


def fields_of(schema: Schema) -> tuple[Field, ...]:
    """The fields of a model, in its order.

    Args:
        schema: what ``model_json_schema`` gives.
    """
    return _fields(schema, schema.get("$defs", {}))


def _fields(schema: Schema, models: Schema) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(
        _field(key, field, models, is_required=key in required) for key, field in schema.get("properties", {}).items()
    )


def _field(key: str, schema: Schema, models: Schema, *, is_required: bool = False) -> Field:
    whole, is_optional = _resolved(schema, models)
    kind = Kind.CHOICE if "enum" in whole else _KINDS.get(str(whole.get("type")), Kind.TEXT)
    items = whole.get("items")
    return Field(
        key=key,
        title=str(schema.get("title") or whole.get("title") or key.replace("_", " ").capitalize()),
        help=str(schema.get("description") or ""),
        kind=kind,
        unit=str(schema.get("unit") or whole.get("unit") or ""),
        least=whole.get("minimum", whole.get("exclusiveMinimum")),
        most=whole.get("maximum", whole.get("exclusiveMaximum")),
        default=schema.get("default"),
        is_optional=is_optional,
        is_required=is_required,
        choices=tuple(str(choice) for choice in whole.get("enum", ())),
        shown_for=tuple(schema["shown_for"]) if "shown_for" in schema else None,
        item=None if items is None else _field("", items, models),
        fields=_fields(whole, models) if kind is Kind.GROUP else (),
    )


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"


def _resolved(schema: Schema, models: Schema) -> tuple[Schema, bool]:
    """The schema of the value itself, with references followed, and whether it may also be nothing."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    is_optional = bool(options) and len(options) < len(schema["anyOf"])
    if options:
        schema = {**schema, **options[0]}
    if "const" in schema:
        return {**schema, "enum": [schema["const"]]}, is_optional
    reference = schema.get("$ref")
    return (models[reference.rsplit("/", 1)[-1]] if reference else schema), is_optional
