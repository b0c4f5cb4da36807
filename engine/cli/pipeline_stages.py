"""What pipelines can be made of: ``lanescope pipeline stages [STAGE]``."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.cli.console import printable
from engine.errors import LanescopeError

if TYPE_CHECKING:
    from engine.stages.catalogue import StageKind

_GROUPS = {"trim": "Trim", "filter": "Drop", "change": "Change"}
_INDENT = "      "


class NoSuchStageError(LanescopeError):
    """None of Lanescope's own stages is called so."""

    title = "There is no such stage"
    hint = "List them with: lanescope pipeline stages"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("stage", metavar="STAGE", nargs="?", help="as a pipeline's file names it: tell what can be set")


def show_stages(arguments: argparse.Namespace) -> int:
    """Lists all stages of Lanescope's own, or prints what can be set for one.

    Returns:
        0.

    Raises:
        NoSuchStageError: there is no such stage.
    """
    from engine.stages.catalogue import KINDS

    if arguments.stage is None:
        for group, title in _GROUPS.items():
            print(f"{title}:")
            for kind in KINDS.values():
                if kind.group == group:
                    print(f"  {kind.name:<20} {_short(kind.help)}")
        print("What can be set for one: lanescope pipeline stages STAGE")
        print('Plugins are stages too, by type = "wasm" and udf_name = "PLUGIN": lanescope plugin list')
        return 0
    if arguments.stage not in KINDS:
        raise NoSuchStageError(printable(f"{arguments.stage}."))
    print("\n".join(_page(KINDS[arguments.stage])))
    return 0


def _page(kind: StageKind) -> Iterator[str]:
    schema = kind.parameters.model_json_schema()
    yield f"{kind.name}: {kind.title}"
    yield from _wrapped(kind.help)
    yield from _wrapped(f"After {kind.source}")
    yield from ("", "parameters:")
    yield from _fields(schema, schema)
    told: dict[str, list[str]] = {}
    for name, model in _inner(schema, schema["$defs"]) if "$defs" in schema else ():
        told.setdefault(model, []).append(name)
    for model, names in told.items():
        yield from ("", f"{' and '.join(dict.fromkeys(names))}, in braces:")
        yield from _fields(schema["$defs"][model], schema)


def _inner(model: dict[str, Any], models: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The parameters that are tables or lists of tables, those in tables behind them: names, and of which model."""
    for name, field in model["properties"].items():
        items = [field.get("items", {}), *field.get("anyOf", [])]
        for inner in (each["$ref"].rpartition("/")[2] for each in items if "$ref" in each):
            if "properties" in models[inner]:
                yield f"each of {name}" if "items" in field else name, inner
                yield from _inner(models[inner], models)


def _fields(model: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    for name, field in model["properties"].items():
        value = json.dumps(field["default"]) if field.get("default") is not None else "(none)"
        yield f"  {name} = {value if name not in model.get('required', ()) else '(has to be set)'}"
        yield from _wrapped(f"{field.get('description', '')} {_allowed(field, schema)}", _INDENT)


def _allowed(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """The choices, or the range and the unit, as a sentence."""
    either = [each for each in field.get("anyOf", []) if each.get("type") != "null"]
    field = {**field, **(either[0] if either else {})}
    if "$ref" in field:
        field = {**schema["$defs"][field["$ref"].rpartition("/")[2]], **field}
    if "enum" in field:
        return f"One of {', '.join(json.dumps(each) for each in field['enum'])}."
    low, high, unit = field.get("minimum"), field.get("maximum"), field.get("unit", "")
    if low is not None and high is not None:
        return f"{low:g} to {high:g} {unit}".rstrip() + "."
    return f"From {low:g} {unit}".rstrip() + " on." if low is not None else ""


def _short(words: str) -> str:
    """The first sentence."""
    return words.partition(". ")[0].partition(": ")[0].rstrip(".")


def _wrapped(words: str, indent: str = "") -> list[str]:
    return textwrap.wrap(words, 79, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
