"""Instructions that work numbers out."""

from __future__ import annotations

from tests.emulated_gpu.ptx.instruction import Instruction, only
from tests.emulated_gpu.ptx.operands import UnknownOperand, bits, c_type, unsigned

LOGIC = {"and": "&", "or": "|", "xor": "^"}
"""What C has for words of PTX."""


def addition(i: Instruction) -> str:
    """Of two numbers, or subtraction."""
    only(i)
    sign = "+" if i.words[0] == "add" else "-"
    type_ = unsigned(i.type)
    return i.put(f"({c_type(i.type)})({i.value(1, type_)} {sign} {i.value(2, type_)})")


def product(i: Instruction) -> str:
    """Of two numbers: its lower half, its upper half or all of it; plus a third for ``mad``."""
    how = i.words[1]
    only(i, how)
    type_, plain = i.type, unsigned(i.type)
    if how == "lo":
        product = f"({c_type(plain)})((uint64_t){i.value(1, plain)} * (uint64_t){i.value(2, plain)})"
    elif how == "hi":
        wide = f"{'' if type_[0] == 's' else 'unsigned '}__int128"
        product = f"({c_type(type_)})((({wide}){i.value(1)} * ({wide}){i.value(2)}) >> {bits(type_)})"
    elif how == "wide":
        wide = f"{type_[0]}{2 * bits(type_)}"
        product = f"({c_type(wide)})(({c_type(wide)}){i.value(1)} * ({c_type(wide)}){i.value(2)})"
        type_ = wide
    else:
        raise UnknownOperand(how)
    if i.words[0] == "mad":
        product = f"({c_type(type_)})(({c_type(unsigned(type_))}){product} + {i.value(3, unsigned(type_))})"
    return i.put(product)


def quotient(i: Instruction) -> str:
    """Or what is left over. By zero is told, as no kernel means it."""
    only(i)
    sign = "/" if i.words[0] == "div" else "%"
    text = f'if (({i.value(2)}) == 0) emu_fault("line {i.line}: division by zero"); '
    if i.type[0] == "s":  # the least number by -1 is too large, which C leaves undefined
        negative = f"({c_type(i.type)})(0 - {i.value(1, unsigned(i.type))})" if sign == "/" else "0"
        text += f"if (({i.value(2)}) == -1) {i.put(negative)} else "
    return text + i.put(f"({i.value(1)}) {sign} ({i.value(2)})")


def negation(i: Instruction) -> str:
    """Of a number."""
    only(i)
    return i.put(f"({c_type(i.type)})(0 - {i.value(1, unsigned(i.type))})")


def absolute(i: Instruction) -> str:
    """A number without its sign."""
    only(i)
    plain = i.value(1, unsigned(i.type))
    return i.put(f"({c_type(i.type)})({i.value(1)} < 0 ? 0 - {plain} : {plain})")


def extreme(i: Instruction) -> str:
    """The lesser or the greater of two numbers."""
    only(i)
    sign = "<" if i.words[0] == "min" else ">"
    return i.put(f"{i.value(1)} {sign} {i.value(2)} ? {i.value(1)} : {i.value(2)}")


def logic(i: Instruction) -> str:
    """Bit by bit, of two numbers or two predicates."""
    only(i)
    sign = LOGIC[i.words[0]]
    if i.type == "pred":
        return i.put(f"{i.of.truth(i.a[1])} {sign} {i.of.truth(i.a[2])}")
    return i.put(f"{i.value(1)} {sign} {i.value(2)}")


def complement(i: Instruction) -> str:
    """Of each bit, or of a predicate."""
    only(i)
    if i.type == "pred":
        return i.put(f"!{i.of.truth(i.a[1])}")
    return i.put(f"({c_type(i.type)})~{i.value(1)}")


def any_logic(i: Instruction) -> str:
    """What a table of eight bits says of three numbers, bit by bit."""
    only(i)
    table = int(i.a[4], 0)
    terms = [
        " & ".join(f"{'' if row >> (2 - number) & 1 else '~'}({i.value(number + 1)})" for number in range(3))
        for row in range(8)
        if table >> row & 1
    ]
    return i.put(" | ".join(f"({term})" for term in terms) or "0")


def shift(i: Instruction) -> str:
    """Of a number, by as many bits as it has and more."""
    only(i)
    plain, by = unsigned(i.type), i.value(2, "u32")
    if i.words[0] == "shl":
        return i.put(f"({c_type(plain)})shifted_left({i.value(1, plain)}, {by})")
    if i.type[0] == "s":
        return i.put(f"({c_type(i.type)})shifted_right_signed({i.value(1)}, {by})")
    return i.put(f"({c_type(plain)})shifted_right({i.value(1, plain)}, {by})")


def funnel_shift(i: Instruction) -> str:
    """Of two numbers side by side."""
    direction, rule = i.words[1:3]
    if direction not in {"l", "r"} or rule not in {"wrap", "clamp"} or i.type != "b32":
        raise UnknownOperand(".".join(i.words))
    by = i.value(3, "u32")
    by = f"({by} & 31)" if rule == "wrap" else f"({by} > 32 ? 32 : {by})"
    both = f"((uint64_t){i.value(2)} << 32 | {i.value(1)})"
    return i.put(f"(uint32_t)({both} << {by} >> 32)" if direction == "l" else f"(uint32_t)({both} >> {by})")


def population(i: Instruction) -> str:
    """How many bits are set."""
    only(i)
    return i.put(f"(uint32_t)__builtin_popcountll({i.value(1)})")


def leading_zeros(i: Instruction) -> str:
    """Bits above the highest that is set."""
    only(i)
    width, long_ = bits(i.type), "ll" if bits(i.type) == 64 else ""
    return i.put(f"{i.value(1)} ? (uint32_t)__builtin_clz{long_}({i.value(1)}) : {width}u")


def highest_bit(i: Instruction) -> str:
    """Its number, or how far it is from the top."""
    if i.type not in {"u32", "u64"}:
        raise UnknownOperand(i.type)
    width, long_ = bits(i.type), "ll" if i.type == "u64" else ""
    zeros = f"(uint32_t)__builtin_clz{long_}({i.value(1)})"
    found = zeros if "shiftamt" in i.words else f"{width - 1}u - {zeros}"
    return i.put(f"{i.value(1)} ? {found} : 0xffffffffu")


def reversal(i: Instruction) -> str:
    """Of the order of bits."""
    only(i)
    return i.put(f"reversed_{i.type}({i.value(1)})")


def insertion(i: Instruction) -> str:
    """Of some bits of one number into another."""
    only(i)
    return i.put(f"inserted_{i.type}({i.value(1)}, {i.value(2)}, {i.value(3, 'u32')}, {i.value(4, 'u32')})")


def extraction(i: Instruction) -> str:
    """Of some bits of a number."""
    only(i)
    return i.put(f"extracted_{i.type}({i.value(1)}, {i.value(2, 'u32')}, {i.value(3, 'u32')})")


def permutation(i: Instruction) -> str:
    """Of the bytes of two numbers."""
    only(i)
    return i.put(f"permuted({i.value(1)}, {i.value(2)}, {i.value(3)})")


def dot_product(i: Instruction) -> str:
    """Of four bytes and four bytes, plus a number."""
    only(i, "u32")
    return i.put(f"dot_product({i.value(1)}, {i.value(2)}, {i.value(3)})")
