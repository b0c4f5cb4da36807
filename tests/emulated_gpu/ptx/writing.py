"""Writes the C of a module: a function for each kernel, and what the driver asks for by name.

``emu_entries`` are the names of its kernels; for each, ``emu_params_NAME`` are the number of its parameters and their
bytes, and ``emu_launch_NAME`` runs it.
"""

from __future__ import annotations

import re

from tests.emulated_gpu.ptx.instructions import label, statement
from tests.emulated_gpu.ptx.operands import Operands, UnknownOperand, c_name, c_type
from tests.emulated_gpu.ptx.reading import LABEL, Entry, Module, UnknownPtx, operands

_INSTRUCTION = re.compile(r"(?:@(!?%\w+)\s+)?([a-z][a-z0-9_.]*)\s*(.*)", re.DOTALL)
_OWN_NAME = re.compile(r"kernels4cuda\d+(\w+?)B\d")  # within what the compiler calls a kernel


def write(module: Module) -> str:
    """The module as C, for a compiler that wraps signed numbers around and lets pointers of all types meet.

    Raises:
        UnknownPtx: an instruction or an operand is not known.
    """
    text = ['#include "operations.h"']
    for name, each in module.globals.items():
        values = ", ".join(each.values) or "0"
        text.append(
            f"static {c_type(each.type)} g_{c_name(name)}[{each.count}] __attribute__((aligned({each.align})))"
            f" = {{{values}}};"
        )
    for entry in module.entries:
        text += _function(module, entry)
        text += _launch(module, entry)
    names = "".join(f'"{entry.name}", ' for entry in module.entries)
    text.append(f"const char *const emu_entries[] = {{{names}0}};")
    return "\n".join(text) + "\n"


def _function(module: Module, entry: Entry) -> list[str]:
    of = Operands(module, entry)
    body = [f"  {_line(of, number, words)}" for number, words in entry.statements]
    used = set(re.findall(r"\br_\w+", "\n".join(body)))
    registers = [
        f"  {_declaration(type_, c_name(name))}"
        for name, type_ in entry.registers.items()
        if f"r{c_name(name)}" in used
    ]
    return [f"static void run_{entry.name}(void) {{", *registers, *body, "  emu_exit();", "}"]


def _declaration(type_: str, name: str) -> str:
    """What a register holds before anything is put there is unlikely to go unnoticed."""
    if type_ == "pred":
        return f"uint8_t r{name} = 0;"
    return f"{c_type(type_)} r{name} = ({c_type(type_)})0xababababababababull;"


def _line(of: Operands, number: int, words: str) -> str:
    if found := LABEL.fullmatch(words):
        return f"{label(found[1])}:;"
    found = _INSTRUCTION.fullmatch(words)
    if not found:
        raise UnknownPtx(number, words)
    guard, operation, rest = found.groups()
    try:
        text = statement(operation, operands(rest), number, of)
        return f"if ({of.truth(guard)}) {{ {text} }}" if guard else text
    except (UnknownOperand, IndexError, KeyError, ValueError) as error:
        raise UnknownPtx(number, words, str(error)) from error


def _launch(module: Module, entry: Entry) -> list[str]:
    own = _OWN_NAME.search(entry.name)
    sizes = ", ".join(str(size) for _, size in entry.params)
    return [
        f'static const emu_kernel kernel_{entry.name} = {{"{own[1] if own else entry.name}", run_{entry.name}}};',
        f"const int emu_params_{entry.name}[] = {{{len(entry.params)}, {sizes}}};",
        f"int emu_launch_{entry.name}(const unsigned *grid, const unsigned *block, size_t dynamic, void **params) {{",
        f"  return emu_launch(&kernel_{entry.name}, grid, block, {module.dynamic_offset}, dynamic, params);",
        "}",
    ]
