"""Operands of PTX as expressions of C."""

from __future__ import annotations

import re

from tests.emulated_gpu.ptx.reading import SIZES, Entry, Module

_AXES = "xyz"
_SPECIAL = {
    **{f"%tid.{axis}": f"emu_me->tid[{number}]" for number, axis in enumerate(_AXES)},
    **{f"%ntid.{axis}": f"emu_block.block[{number}]" for number, axis in enumerate(_AXES)},
    **{f"%ctaid.{axis}": f"emu_block.at[{number}]" for number, axis in enumerate(_AXES)},
    **{f"%nctaid.{axis}": f"emu_block.grid[{number}]" for number, axis in enumerate(_AXES)},
    "%laneid": "(emu_me->number & 31)",
    "%dynamic_smem_size": "((uint32_t)emu_block.dynamic_size)",
    "%total_smem_size": "((uint32_t)emu_block.shared_size)",
}
_LITERAL = re.compile(r"-?(0[xX][0-9a-fA-F]+|\d+)U?")
_ADDRESS = re.compile(r"\[\s*([^\s+\]]+)\s*(?:\+\s*(-?\w+))?\s*\]")


class UnknownOperand(Exception):
    """An operand of a kind that is not known, or not here."""


def c_type(type_: str) -> str:
    """Of a type of PTX."""
    return f"{'int' if type_[0] == 's' else 'uint'}{bits(type_)}_t"


def bits(type_: str) -> int:
    """Width of a type of whole numbers."""
    if type_ not in SIZES:
        raise UnknownOperand(f"type {type_}")
    return 8 * SIZES[type_]


def unsigned(type_: str) -> str:
    """The type of that width without a sign."""
    return f"u{type_[1:]}"


def c_name(name: str) -> str:
    """A register, or anything else, by a name that C allows."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


class Operands:
    """Those of one kernel."""

    def __init__(self, module: Module, entry: Entry) -> None:
        self._module, self._entry = module, entry

    def value(self, operand: str, type_: str) -> str:
        """A number, as one of the type."""
        return f"({c_type(type_)}){self._number(operand)}"

    def _number(self, operand: str) -> str:
        if operand in _SPECIAL:
            return _SPECIAL[operand]
        if operand.startswith("%"):
            self.width(operand)
            return f"r{c_name(operand)}"
        if _LITERAL.fullmatch(operand):
            return f"0x{int(operand.rstrip('U'), 0) & ((1 << 64) - 1):x}ull"
        if operand in self._module.shared:
            return f"(EMU_SHARED_BASE + {self._module.shared[operand]}u)"
        if operand in self._module.dynamic:
            return f"(EMU_SHARED_BASE + {self._module.dynamic_offset}u)"
        if operand in self._module.globals:
            return f"(uintptr_t)&g_{c_name(operand)}"
        raise UnknownOperand(operand)

    def width(self, register: str) -> int:
        """Bits of a register that holds a number."""
        return bits(self._entry.registers.get(register, "none"))

    def truth(self, operand: str) -> str:
        """A predicate, or the negation of one."""
        if operand.startswith("!"):
            return f"!{self.truth(operand[1:])}"
        if re.fullmatch(r"-?\d+", operand):
            return str(int(int(operand) != 0))
        if self._entry.registers.get(operand) != "pred":
            raise UnknownOperand(operand)
        return f"r{c_name(operand)}"

    def put(self, target: str, expression: str) -> str:
        """A statement that gives a register a value; ``_`` for none."""
        if target == "_":
            return f"(void)({expression});"
        if target not in self._entry.registers:
            raise UnknownOperand(target)
        truth = "!!" if self._entry.registers[target] == "pred" else ""
        return f"r{c_name(target)} = {truth}({expression});"

    def put_loaded(self, target: str, type_: str, expression: str) -> str:
        """The same for what comes from memory, which a wider register takes by the type's own sign."""
        if target != "_" and self.width(target) < bits(type_):
            raise UnknownOperand(f"{target}, too narrow")
        return self.put(target, f"({c_type(type_)})({expression})")

    def address(self, operand: str) -> str:
        """What stands in brackets."""
        found = _ADDRESS.fullmatch(operand)
        if not found:
            raise UnknownOperand(operand)
        return f"({self.value(found[1], 'u64')} + {int(found[2] or '0', 0)})"

    def param(self, operand: str) -> str:
        """Where a parameter, or a part of one, is."""
        found = _ADDRESS.fullmatch(operand)
        names = [name for name, _ in self._entry.params]
        if not found or found[1] not in names:
            raise UnknownOperand(operand)
        return f"((const char *)emu_block.params[{names.index(found[1])}] + {found[2] or 0})"
