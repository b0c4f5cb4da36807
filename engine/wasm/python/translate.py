"""Python, by way of Numba and LLVM, to a module of WebAssembly.

To be run in a process of its own: LLVM ends the process on some code that it cannot translate, and Numba reads
its settings once.
"""

from __future__ import annotations

import builtins
import linecache
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np
from numba import carray, types  # type: ignore[attr-defined] # there, though not said to be exported

from engine.wasm.python.interfaces import DOCUMENTS, READS, Interface
from engine.wasm.python.lowering import module_from
from engine.wasm.python.source import FUNCTION, SOURCE_NAME, Declared, PluginFunction, SourceError, read_source
from engine.wasm.python.untypable import reason_at

_compile_entry: Any = numba.cfunc  # typed as taking less than it does
_TYPES = {"integer": types.int64, "choice": types.int64, "number": types.float64, "boolean": types.boolean}
_PART = types.Array(types.uint8, 1, "C")
_BYTES, _COLUMN = types.CPointer(types.uint8), types.CPointer(types.uint32)
_WHOLE, _ANY = types.CPointer(types.int64), types.CPointer(types.float32)
_DOCUMENT = {"keep": _COLUMN, "has_number": _COLUMN, "number": types.CPointer(types.float64)}
_COLUMNS = {"text": _BYTES, "keep": _BYTES, "read_metrics": _ANY, "parameters": _WHOLE, "fields": _WHOLE}
_BUILTINS = (
    "abs", "bool", "divmod", "enumerate", "float", "int", "len", "max", "min", "pow", "range", "reversed", "round",
    "sum", "tuple", "zip", "True", "False", "None", "ValueError", "IndexError",
)  # fmt: skip
_MOST_SLOTS = 1 << 16
_STARTS = {"name": "name_starts", "bases": "sequence_starts", "qualities": "quality_starts"}


def translate(text: str, parameters: Sequence[Declared], fields: Sequence[Declared] | None = None) -> bytes:
    """The module.

    Args:
        text: the source, with a function ``process`` of one read or document.
        parameters: the manifest's, in its order.
        fields: of a plugin over documents, the manifest's, in its order; ``None`` for one over reads.

    Raises:
        SourceError: it cannot be translated.
    """
    interface = READS if fields is None else DOCUMENTS
    function = read_source(text, parameters, fields)
    kinds = {each.name: _TYPES.get(each.type) for each in (*parameters, *(fields or ()))}
    signature = tuple(_PART if name in function.parts else kinds[name] for name in function.arguments)
    user = _compiled(text, function, signature)
    slots = {each.name: f"parameters[{place}]" for place, each in enumerate(parameters)}
    slots |= {each.name: f"fields[{place}]" for place, each in enumerate(fields or ())}
    entry = _entry(interface, function, slots, kinds, user)
    special = _COLUMNS | (_DOCUMENT if fields is not None else {})
    arguments = (*(special.get(name, _COLUMN) for name in interface.columns), types.int64)
    try:
        wrapped = _compile_entry(types.void(*arguments), nopython=True, error_model="numpy")(entry)
    except numba.core.errors.NumbaError as error:
        raise SourceError(f"{FUNCTION} does not return what it says", function.line) from error
    inner = wrapped._wrapper_name.removeprefix("cfunc.")
    try:
        return module_from(wrapped._library.get_llvm_str(), inner, interface)
    except SourceError as error:
        words, line = reason_at(function.tree, 0) if error.is_python else ("", 0)
        raise SourceError(words or str(error), line, is_python=error.is_python) from error


def _compiled(text: str, function: PluginFunction, signature: tuple[Any, ...]) -> Any:
    lines = text.splitlines(keepends=True)
    linecache.cache[SOURCE_NAME] = (len(text), None, lines, SOURCE_NAME)
    allowed = {name: getattr(builtins, name) for name in _BUILTINS if hasattr(builtins, name)}
    allowed["__import__"] = _import
    names: dict[str, Any] = {"__builtins__": allowed, "__name__": "plugin"}
    code = compile(function.tree, SOURCE_NAME, "exec", flags=annotations.compiler_flag, dont_inherit=True)
    exec(code, names)  # noqa: S102 - imports, constants and definitions only: the tree has been checked
    for name, value in names.items():
        if isinstance(value, type(_import)) and name != FUNCTION:
            names[name] = numba.njit(error_model="numpy", boundscheck=True)(value)
    user = numba.njit(error_model="numpy", boundscheck=True)(names[FUNCTION])
    try:
        user.compile(signature)
    except numba.core.errors.NumbaError as error:
        said, line = _first_words(error), _line(error)
        is_name = said.startswith(("NameError", "Untyped global name", "Unknown attribute"))
        words, place = ("", line) if is_name else reason_at(function.tree, line)
        raise SourceError(words or said, place, is_python=True) from error
    return user


def _import(name: str, *_: object) -> Any:
    return {"math": math, "numpy": np}[name]


def _entry(
    interface: Interface, function: PluginFunction, slots: dict[str, str], kinds: dict[str, Any], user: Any
) -> Callable[..., Any]:
    """The loop over a batch, which reads the columns and does what the result says."""
    sizes = {"text": "1 << 31", "parameters": str(_MOST_SLOTS), "fields": str(_MOST_SLOTS)}
    lines = [f"def entry({', '.join(interface.columns)}, rows):"]
    lines += [f"    {name} = carray({name}, {sizes.get(name, 'rows')})" for name in interface.columns]
    for name, slot in slots.items():
        if name in function.arguments:
            value = slot
            if kinds[name] == types.float64:
                value = slot.replace("[", ".view(float64)[")
            elif kinds[name] == types.boolean:
                value = f"{slot} != 0"
            lines.append(f"    {name}_value = {value}")
    lines.append("    for row in range(rows):")
    if interface is READS:
        lines += ["        if keep[row] == 0:", "            continue"]
    for part in function.parts:
        length = "name_lengths" if part == "name" else "lengths"
        lines += [
            f"        {part}_start = int64({_STARTS[part]}[row])",
            f"        {part}_value = text[{part}_start : {part}_start + int64({length}[row])]",
        ]
    values = ", ".join(f"{name}_value" for name in function.arguments)
    lines += [f"        result = user({values})", f"        {interface.stores[function.result]}"]
    names: dict[str, Any] = {"carray": carray, "int64": np.int64, "float64": np.float64, "user": user}
    exec("\n".join(lines), names)  # noqa: S102 - made here, of names that have been checked
    made: Callable[..., Any] = names["entry"]
    return made


def _line(error: Any) -> int:
    # Of functions that call one another the innermost is named first, and only in the text.
    inner = re.search(rf"at {re.escape(SOURCE_NAME)} \((\d+)\)", str(error))
    if inner:
        return int(inner.group(1))
    place = getattr(error, "loc", None)
    return int(place.line) if place is not None and place.filename == SOURCE_NAME else 0


def _first_words(error: Exception) -> str:
    """The gist of Numba's many lines."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip() and not line.startswith("Failed in nopython")]
    call = next((line.removeprefix(">>> ") for line in lines if line.startswith(">>> ")), "")
    if call:
        return f"there is no {call.replace('unicode_type', 'text')} here"
    return lines[0].rstrip(".") if lines else type(error).__name__
