"""LLVM text of Numba's, made for this processor, to a module of WebAssembly."""

from __future__ import annotations

import re
import types
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
import numba

from engine.wasm.python import numerics
from engine.wasm.python.exports import exports_for
from engine.wasm.python.interfaces import Interface
from engine.wasm.python.numerics import NUMERICS
from engine.wasm.python.objects import UnresolvedError, module_of
from engine.wasm.python.raised import with_plain_words
from engine.wasm.python.source import SourceError

_compile_function: Any = numba.cfunc  # typed as taking less than it does
_TRIPLE = "wasm32-unknown-unknown"
_INSTRUCTIONS = ("sqrt", "floor", "ceil", "trunc", "rint")
_FEATURES = "+bulk-memory,+sign-ext,+mutable-globals,+nontrapping-fptoint,+simd128"


def module_from(text: str, inner: str, interface: Interface) -> bytes:
    """A module without imports.

    Args:
        text: LLVM text with the loop.
        inner: name of that loop.
        interface: what it takes.

    Raises:
        SourceError: it needs what a sandbox does not have.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(_TRIPLE).create_target_machine(
        cpu="generic", features=_FEATURES, opt=3, reloc="static", codemodel="default"
    )
    whole = with_plain_words(_moved(text, machine)) + exports_for(inner, interface)
    needed: set[str] = set()
    while True:
        try:
            return module_of(_code(whole, {*needed, *interface.exports}, needed, machine), interface.exports)
        except UnresolvedError as error:
            lacking = set(error.names) - needed
            if not lacking or not lacking <= {*NUMERICS, *_INSTRUCTIONS}:
                raise SourceError(_outside_words(error.names), is_python=True) from error
            needed |= lacking
        except ValueError as error:
            raise SourceError(str(error)) from error


def _moved(text: str, machine: Any) -> str:
    text = re.sub(r"^target datalayout = .*$", f'target datalayout = "{machine.target_data}"', text, flags=re.MULTILINE)
    text = re.sub(r"^target triple = .*$", f'target triple = "{_TRIPLE}"', text, flags=re.MULTILINE)
    text = re.sub(r'"(target-cpu|target-features|tune-cpu|probe-stack|frame-pointer)"(="[^"]*")?', "", text)
    return text.replace(" = common ", " = internal ")  # there is no such thing in WebAssembly


def _code(whole: str, kept: set[str], needed: set[str], machine: Any) -> bytes:
    module = llvm.parse_assembly(whole)
    for name in sorted(needed):
        module.link_in(llvm.parse_assembly(_moved(_numeric(name), machine)))
    module.verify()
    for function in module.functions:
        # What LLVM calls by name only later has to stay as well.
        if not function.is_declaration and function.name not in kept:
            function.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    passes = builder.getModulePassManager()
    passes.run(module, builder)
    # Asked first: on instructions of another processor LLVM ends the process.
    outside = [function.name for function in module.functions if function.is_declaration and _is_outside(function.name)]
    if outside:
        raise UnresolvedError(outside)
    code: bytes = machine.emit_object(module)
    return code


def _numeric(name: str) -> str:
    """LLVM text of a function under the name that code asks for."""
    if name in _INSTRUCTIONS:
        return f"""
declare double @llvm.{name}.f64(double)

define double @{name}(double %a) {{
  %result = call double @llvm.{name}.f64(double %a)
  ret double %result
}}
"""
    compiled: dict[str, Any] = dict(vars(numerics))
    for key, value in vars(numerics).items():
        if isinstance(value, types.FunctionType):
            again = types.FunctionType(value.__code__, compiled, key)
            compiled[key] = numba.njit(error_model="numpy")(again)
    function, count = NUMERICS[name]
    numbers = ", ".join(f"a{place}" for place in range(count))
    scope = {"function": compiled[function.__name__]}
    exec(f"def entry({numbers}):\n    return function({numbers})", scope)  # noqa: S102 - names made here
    double = numba.float64
    wrapped = _compile_function(double(*[double] * count), nopython=True, error_model="numpy")(scope["entry"])
    inner = wrapped._wrapper_name.removeprefix("cfunc.")
    taken = ", ".join(f"double %a{place}" for place in range(count))
    text: str = wrapped._library.get_llvm_str()
    return f"""{text}
define double @{name}({taken}) {{
  %result = alloca double
  %raised = alloca ptr
  %status = call i32 @"{inner}"(ptr %result, ptr %raised, {taken})
  %value = load double, ptr %result
  ret double %value
}}
"""


def _is_outside(name: str) -> bool:
    return not name.startswith("llvm.") or name.startswith("llvm.x86.")


def _outside_words(names: Sequence[str]) -> str:
    if any(name.startswith("NRT_") for name in names):
        return (
            "it makes arrays of its own, as sorted() and numpy.zeros() do: work on the read's own bases and qualities"
        )
    return f"it uses {', '.join(sorted(names))}, which is not there in the sandbox"
