"""Python, by way of Numba and LLVM, to a module of the read-stage ABI.

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

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import carray, types  # type: ignore[attr-defined] # there, though not said to be exported

from engine.wasm.python.objects import TOP_OF_STACK, UnresolvedError, module_of
from engine.wasm.python.source import FUNCTION, PARTS, Declared, PluginFunction, SourceError, read_source
from engine.wasm.stage.abi import DESCRIPTOR, EXPORTS

FILE_NAME = "plugin.py"

_compile_entry: Any = numba.cfunc  # typed as taking less than it does
_TRIPLE = "wasm32-unknown-unknown"
_FEATURES = "+bulk-memory,+sign-ext,+mutable-globals,+nontrapping-fptoint,+simd128"
_TYPES = {"integer": types.int64, "choice": types.int64, "number": types.float64, "boolean": types.boolean}
_PART = types.Array(types.uint8, 1, "C")
_BYTES, _COLUMN = types.CPointer(types.uint8), types.CPointer(types.uint32)
_ARGUMENTS: dict[str, Any] = {
    "text": _BYTES, "name_starts": _COLUMN, "name_lengths": _COLUMN, "sequence_starts": _COLUMN,
    "quality_starts": _COLUMN, "lengths": _COLUMN, "keep": _BYTES, "trim_starts": _COLUMN, "trim_ends": _COLUMN,
    "read_metrics": types.CPointer(types.float32), "parameters": types.CPointer(types.int64),
}  # fmt: skip
_BUILTINS = (
    "abs", "bool", "divmod", "enumerate", "float", "int", "len", "max", "min", "pow", "range", "reversed", "round",
    "sum", "tuple", "zip", "True", "False", "None", "ValueError", "IndexError",
)  # fmt: skip
_STARTS = {"name": "name_starts", "bases": "sequence_starts", "qualities": "quality_starts"}
_STORES = {
    "filter": "if not result: keep[read] = 0",
    "metric": "read_metrics[read] = result",
    "trim": "trim_starts[read] = result[0]; trim_ends[read] = result[1]",
    "nothing": "pass",
}


def translate(text: str, parameters: Sequence[Declared]) -> bytes:
    """The module.

    Args:
        text: the source, with a function ``process`` of one read.
        parameters: the manifest's, in its order.

    Raises:
        SourceError: it cannot be translated.
    """
    function = read_source(text, parameters)
    kinds = {parameter.name: _TYPES.get(parameter.type) for parameter in parameters}
    signature = tuple(_PART if name in PARTS else kinds[name] for name in function.arguments)
    user = _compiled(text, function, signature)
    entry = _entry(function, [parameter.name for parameter in parameters], kinds, user)
    arguments = (*_ARGUMENTS.values(), types.int64)
    try:
        wrapped = _compile_entry(types.void(*arguments), nopython=True, error_model="numpy")(entry)
    except numba.core.errors.NumbaError as error:
        raise SourceError(f"{FUNCTION} does not return what it says", function.line) from error
    library = wrapped._library
    return _module(library.get_llvm_str(), wrapped._wrapper_name)


def _compiled(text: str, function: PluginFunction, signature: tuple[Any, ...]) -> Any:
    lines = text.splitlines(keepends=True)
    linecache.cache[FILE_NAME] = (len(text), None, lines, FILE_NAME)
    allowed = {name: getattr(builtins, name) for name in _BUILTINS if hasattr(builtins, name)}
    allowed["__import__"] = _import
    names: dict[str, Any] = {"__builtins__": allowed, "__name__": "plugin"}
    code = compile(function.tree, FILE_NAME, "exec", flags=annotations.compiler_flag, dont_inherit=True)
    exec(code, names)  # noqa: S102 - imports, constants and definitions only: the tree has been checked
    for name, value in names.items():
        if isinstance(value, type(_import)) and name != FUNCTION:
            names[name] = numba.njit(error_model="numpy", boundscheck=True)(value)
    user = numba.njit(error_model="numpy", boundscheck=True)(names[FUNCTION])
    try:
        user.compile(signature)
    except numba.core.errors.NumbaError as error:
        raise SourceError(_first_words(error), _line(error)) from error
    return user


def _import(name: str, *_: object) -> Any:
    return {"math": math, "numpy": np}[name]


def _entry(function: PluginFunction, parameters: list[str], kinds: dict[str, Any], user: Any) -> Callable[..., Any]:
    """The loop over a batch, which reads the columns and does what the result says."""
    lines = [f"def entry({', '.join(_ARGUMENTS)}, reads):"]
    lines += [f"    {name} = carray({name}, reads)" for name in _ARGUMENTS if name not in {"text", "parameters"}]
    lines += ["    text = carray(text, 1 << 31)", f"    slots = carray(parameters, {max(len(parameters), 1)})"]
    for place, name in enumerate(parameters):
        if name in function.arguments:
            value = f"slots[{place}]"
            if kinds[name] == types.float64:
                value = f"slots.view(float64)[{place}]"
            elif kinds[name] == types.boolean:
                value = f"slots[{place}] != 0"
            lines.append(f"    {name}_value = {value}")
    lines += ["    for read in range(reads):", "        if keep[read] == 0:", "            continue"]
    for part in function.parts:
        length = "name_lengths" if part == "name" else "lengths"
        lines += [
            f"        {part}_start = int64({_STARTS[part]}[read])",
            f"        {part}_value = text[{part}_start : {part}_start + int64({length}[read])]",
        ]
    values = ", ".join(f"{name}_value" for name in function.arguments)
    lines += [f"        result = user({values})", f"        {_STORES[function.result]}"]
    names: dict[str, Any] = {"carray": carray, "int64": np.int64, "float64": np.float64, "user": user}
    exec("\n".join(lines), names)  # noqa: S102 - made here, of names that have been checked
    made: Callable[..., Any] = names["entry"]
    return made


def _module(text: str, wrapper: str) -> bytes:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(_TRIPLE).create_target_machine(
        cpu="generic", features=_FEATURES, opt=3, reloc="static", codemodel="default"
    )
    inner = wrapper.removeprefix("cfunc.")
    text = re.sub(r"^target datalayout = .*$", f'target datalayout = "{machine.target_data}"', text, flags=re.MULTILINE)
    text = re.sub(r"^target triple = .*$", f'target triple = "{_TRIPLE}"', text, flags=re.MULTILINE)
    text = re.sub(r'"(target-cpu|target-features|tune-cpu|probe-stack|frame-pointer)"(="[^"]*")?', "", text)
    text = text.replace(" = common ", " = internal ")  # there is no such thing in WebAssembly
    module = llvm.parse_assembly(text + _glue(inner))
    module.verify()
    for function in module.functions:
        if not function.is_declaration and function.name not in EXPORTS:
            function.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    passes = builder.getModulePassManager()
    passes.run(module, builder)
    # Asked first: on instructions of another processor LLVM ends the process.
    outside = [function.name for function in module.functions if function.is_declaration and _is_outside(function.name)]
    try:
        if outside:
            raise UnresolvedError(outside)
        return module_of(machine.emit_object(module), tuple(EXPORTS))
    except UnresolvedError as error:
        raise SourceError(_outside_words(error.names)) from error
    except ValueError as error:
        raise SourceError(str(error)) from error


def _glue(inner: str) -> str:
    """The exports, in LLVM's language: they take the descriptor apart and call the loop."""
    fields: Any = DESCRIPTOR.fields
    loads = []
    for place, name in enumerate(_ARGUMENTS):
        loads += [
            f"  %a{place} = getelementptr i8, ptr %batch, i32 {fields[name][1]}",
            f"  %v{place} = load ptr, ptr %a{place}",
        ]
    arguments = ", ".join(f"ptr %v{place}" for place in range(len(_ARGUMENTS)))
    message = b"the Python function raised an exception (is an index outside of a read?)\0"
    body = "\n".join(loads)
    size = len(message)
    letters = "".join(f"\\{byte:02x}" for byte in message)
    return f"""
@lanescope_message = internal constant [{size} x i8] c"{letters}"

define i32 @lanescope_abi() {{
  ret i32 1
}}

declare i32 @llvm.wasm.memory.size.i32(i32)
declare i32 @llvm.wasm.memory.grow.i32(i32, i32)
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)

define i32 @lanescope_reserve(i32 %bytes) {{
  %wide = zext i32 %bytes to i64
  %end = add i64 %wide, {TOP_OF_STACK + 65535}
  %pages = lshr i64 %end, 16
  %short = trunc i64 %pages to i32
  %have = call i32 @llvm.wasm.memory.size.i32(i32 0)
  %fits = icmp ule i32 %short, %have
  br i1 %fits, label %done, label %grow
grow:
  %more = sub i32 %short, %have
  %before = call i32 @llvm.wasm.memory.grow.i32(i32 0, i32 %more)
  %failed = icmp eq i32 %before, -1
  br i1 %failed, label %none, label %done
done:
  ret i32 {TOP_OF_STACK}
none:
  ret i32 0
}}

define i32 @lanescope_process(ptr %batch) {{
  %result = alloca i64
  %raised = alloca ptr
{body}
  %na = getelementptr i8, ptr %batch, i32 {fields["reads"][1]}
  %n32 = load i32, ptr %na
  %n = zext i32 %n32 to i64
  %status = call i32 @"{inner}"(ptr %result, ptr %raised, {arguments}, i64 %n)
  %bad = icmp sgt i32 %status, 0
  br i1 %bad, label %complain, label %well
complain:
  %ma = getelementptr i8, ptr %batch, i32 {fields["message"][1]}
  %m = load ptr, ptr %ma
  call void @llvm.memcpy.p0.p0.i32(ptr %m, ptr @lanescope_message, i32 {size}, i1 false)
  ret i32 1
well:
  ret i32 0
}}
"""


def _outside_words(names: Sequence[str]) -> str:
    if any(name.startswith("NRT_") for name in names):
        return "it makes arrays of its own, which plugins cannot: work on the read's own bases and qualities"
    return f"it uses {', '.join(sorted(names))}, which is not there in the sandbox"


def _line(error: Any) -> int:
    # Of functions that call one another the innermost is named first, and only in the text.
    inner = re.search(rf"at {re.escape(FILE_NAME)} \((\d+)\)", str(error))
    if inner:
        return int(inner.group(1))
    place = getattr(error, "loc", None)
    return int(place.line) if place is not None and place.filename == FILE_NAME else 0


def _is_outside(name: str) -> bool:
    return not name.startswith("llvm.") or name.startswith("llvm.x86.")


def _first_words(error: Exception) -> str:
    """The gist of Numba's many lines."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in plain.splitlines() if line.strip() and not line.startswith("Failed in nopython")]
    call = next((line.removeprefix(">>> ") for line in lines if line.startswith(">>> ")), "")
    if call:
        return f"there is no {call.replace('unicode_type', 'text')} here"
    return lines[0].rstrip(".") if lines else type(error).__name__
