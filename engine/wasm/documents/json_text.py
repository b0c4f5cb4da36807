"""JSON that plugins get and give."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue

from engine.wasm.documents.abi import MOST_BYTES
from engine.wasm.errors import OutputRefused, PluginError

_MOST_DEPTH = 100

Document = dict[str, JsonValue]


def text_of(plugin: str, document: Mapping[str, JsonValue]) -> bytes:
    """A document as UTF-8.

    Raises:
        PluginError: it is too large, or holds what JSON cannot.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise PluginError(f"{plugin}: the document is not JSON: {error}.", plugin=plugin) from error
    if len(text) > MOST_BYTES:
        raise PluginError(f"{plugin}: the document is larger than {MOST_BYTES >> 20} MiB.", plugin=plugin)
    return text


def parse_patch(plugin: str, text: bytes) -> Document:
    """What a plugin wrote: an object to merge.

    Raises:
        OutputRefused: it is not JSON, not an object, or nested too deeply, or holds what no JSON can be made of again:
            numbers beyond all others, or halves of characters.
    """
    try:
        value = json.loads(text.decode(), parse_constant=_no_constant)
        _check_depth(value, _MOST_DEPTH)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise OutputRefused(f"{plugin}: what it wrote is not JSON: {error}.", plugin=plugin) from error
    if not isinstance(value, dict):
        raise OutputRefused(f"{plugin}: what it wrote is not a JSON object.", plugin=plugin)
    return value


def merged(document: Mapping[str, JsonValue], patch: Mapping[str, JsonValue]) -> Document:
    """A document with a patch in it: objects are merged, ``null`` removes, all else is replaced (RFC 7396)."""
    result = dict(document)
    for name, value in patch.items():
        before = result.get(name)
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(before if isinstance(before, dict) else {}, value)
        else:
            result[name] = value
    return result


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number of JSON")


def _check_depth(value: object, left: int) -> None:
    if not left:
        raise ValueError(f"it is nested more than {_MOST_DEPTH} deep")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(inner, left - 1)
