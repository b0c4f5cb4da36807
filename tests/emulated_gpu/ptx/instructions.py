"""Instructions of PTX as statements of C; what each does is told in NVIDIA's "Parallel Thread Execution ISA"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.emulated_gpu.ptx import accesses, arithmetic, lanes
from tests.emulated_gpu.ptx.instruction import Instruction, only
from tests.emulated_gpu.ptx.operands import Operands, UnknownOperand, bits, c_name, c_type, unsigned
from tests.emulated_gpu.ptx.reading import operands

_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_COMPARISONS |= {"lo": "<", "ls": "<=", "hi": ">", "hs": ">="}
_FENCES = {"membar.gl", "membar.cta", "fence.acq_rel.cta", "fence.acq_rel.gpu", "fence.sc.cta"}


def statement(operation: str, a: Sequence[str], line: int, of: Operands) -> str:
    """What an instruction does.

    Raises:
        UnknownOperand: or the instruction itself is unknown.
    """
    words = operation.split(".")
    write = _WRITERS.get(words[0])
    if not write:
        raise UnknownOperand(operation)
    return write(Instruction(words, a, line, of))


def label(name: str) -> str:
    """A place to go to, by a name that C allows."""
    return f"at_{c_name(name)}"


def _choice(i: Instruction) -> str:
    only(i)
    return i.put(f"{i.of.truth(i.a[3])} ? {i.value(1)} : {i.value(2)}")


def _comparison(i: Instruction) -> str:
    target, *opposite = i.a[0].split("|")
    base = f"({i.value(1)} {_COMPARISONS[i.words[1]]} {i.value(2)})"
    if len(i.words) == 3:
        return i.of.put(target, base) + "".join(i.of.put(each, f"!{base}") for each in opposite)
    only(i, i.words[1], i.words[2])
    sign = arithmetic.LOGIC[i.words[2]]
    text = f"int other_ = {i.of.truth(i.a[3])}, this_ = {base}; " + i.of.put(target, f"this_ {sign} other_")
    return f"{{ {text}{''.join(i.of.put(each, f'!this_ {sign} other_') for each in opposite)} }}"


def _conversion(i: Instruction) -> str:
    only(i, i.words[1])
    return i.put(f"({c_type(i.words[1])})({i.value(1)})")


def _address_conversion(i: Instruction) -> str:
    if "global" not in i.words or i.type != "u64":
        raise UnknownOperand(".".join(i.words))
    return i.put(i.value(1))


def _move(i: Instruction) -> str:
    only(i)
    if i.type == "pred":
        return i.put(i.of.truth(i.a[1]))
    if i.a[1].startswith("{"):
        parts = operands(i.a[1][1:-1])
        width = bits(i.type) // len(parts)
        values = (f"(uint64_t){i.of.value(part, f'u{width}')} << {width * n}" for n, part in enumerate(parts))
        return i.put(" | ".join(values))
    if i.a[0].startswith("{"):
        parts = operands(i.a[0][1:-1])
        width = bits(i.type) // len(parts)
        puts = (i.of.put(part, f"(uint{width}_t)(all_ >> {width * n})") for n, part in enumerate(parts))
        return f"{{ uint64_t all_ = {i.value(1, unsigned(i.type))}; {''.join(puts)} }}"
    return i.put(i.value(1))


def _fence(i: Instruction) -> str:
    if ".".join(i.words) not in _FENCES:
        raise UnknownOperand(".".join(i.words))
    return ";"


def _branch(i: Instruction) -> str:
    return f"goto {label(i.a[0])};"


def _return(_i: Instruction) -> str:
    return "emu_exit();"


def _trap(i: Instruction) -> str:
    return f'emu_fault("line {i.line}: trap");'


_WRITERS: dict[str, Callable[[Instruction], str]] = {
    "abs": arithmetic.absolute,
    "add": arithmetic.addition,
    "and": arithmetic.logic,
    "atom": accesses.atomic,
    "bar": lanes.barrier,
    "barrier": lanes.barrier,
    "bfe": arithmetic.extraction,
    "bfi": arithmetic.insertion,
    "bfind": arithmetic.highest_bit,
    "bra": _branch,
    "brev": arithmetic.reversal,
    "clz": arithmetic.leading_zeros,
    "cvt": _conversion,
    "cvta": _address_conversion,
    "div": arithmetic.quotient,
    "dp4a": arithmetic.dot_product,
    "exit": _return,
    "fence": _fence,
    "ld": accesses.load,
    "lop3": arithmetic.any_logic,
    "mad": arithmetic.product,
    "max": arithmetic.extreme,
    "membar": _fence,
    "min": arithmetic.extreme,
    "mov": _move,
    "mul": arithmetic.product,
    "neg": arithmetic.negation,
    "not": arithmetic.complement,
    "or": arithmetic.logic,
    "popc": arithmetic.population,
    "prmt": arithmetic.permutation,
    "red": accesses.atomic,
    "redux": lanes.reduction,
    "rem": arithmetic.quotient,
    "ret": _return,
    "selp": _choice,
    "setp": _comparison,
    "shf": arithmetic.funnel_shift,
    "shfl": lanes.shuffle,
    "shl": arithmetic.shift,
    "shr": arithmetic.shift,
    "st": accesses.store,
    "sub": arithmetic.addition,
    "trap": _trap,
    "vote": lanes.vote,
    "xor": arithmetic.logic,
}
