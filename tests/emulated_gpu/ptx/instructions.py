"""Instructions of PTX as statements of C; what each does is told in NVIDIA's "Parallel Thread Execution ISA"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.emulated_gpu.ptx.operands import Operands, UnknownOperand, bits, c_name, c_type, unsigned
from tests.emulated_gpu.ptx.reading import operands

ENDS = {"bra", "bra.uni", "ret", "exit", "trap"}
"""After these nothing goes on, or elsewhere."""

_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_COMPARISONS |= {"lo": "<", "ls": "<=", "hi": ">", "hs": ">="}
_LOGIC = {"and": "&", "or": "|", "xor": "^"}
_FENCES = {"membar.gl", "membar.cta", "fence.acq_rel.cta", "fence.acq_rel.gpu", "fence.sc.cta"}

# The numbers of these are those of runtime.h.
_SHUFFLES = {"up": 0, "down": 1, "bfly": 2, "idx": 3}
_VOTES = {"ballot": 8, "any": 9, "all": 10}
_REDUCTIONS = {"add": 16, "min": 17, "max": 18, "and": 19, "or": 20, "xor": 21}
_WARP_BARRIER = 32

_EASED = {"nc", "volatile", "relaxed", "weak", "cta", "gpu", "sys"}
"""What says how soon others see memory; here they do at once."""


@dataclass(frozen=True)
class Instruction:
    """One of them.

    Attributes:
        words: what its name consists of, between points; the last is the type, most often.
        a: operands, the one that is written first.
        line: of the PTX.
        of: operands of its kernel.
    """

    words: Sequence[str]
    a: Sequence[str]
    line: int
    of: Operands

    @property
    def type(self) -> str:
        """What numbers are taken for."""
        return self.words[-1]

    def value(self, number: int, type_: str = "") -> str:
        """An operand by its number, as an expression; by default of the instruction's type."""
        return self.of.value(self.a[number], type_ or self.type)

    def put(self, expression: str) -> str:
        """The statement that writes what comes out."""
        return self.of.put(self.a[0], expression)


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


def _only(i: Instruction, *words: str) -> None:
    """Refuses an instruction that has other words than these between its name and its type."""
    if tuple(i.words[1:-1]) != words:
        raise UnknownOperand(".".join(i.words))


def _sum(i: Instruction) -> str:
    _only(i)
    sign = "+" if i.words[0] == "add" else "-"
    type_ = unsigned(i.type)
    return i.put(f"({c_type(i.type)})({i.value(1, type_)} {sign} {i.value(2, type_)})")


def _product(i: Instruction) -> str:
    how = i.words[1]
    _only(i, how)
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


def _quotient(i: Instruction) -> str:
    _only(i)
    sign = "/" if i.words[0] == "div" else "%"
    text = f'if (({i.value(2)}) == 0) emu_fault("line {i.line}: division by zero"); '
    if i.type[0] == "s":  # the least number by -1 is too large, which C leaves undefined
        negative = f"({c_type(i.type)})(0 - {i.value(1, unsigned(i.type))})" if sign == "/" else "0"
        text += f"if (({i.value(2)}) == -1) {i.put(negative)} else "
    return text + i.put(f"({i.value(1)}) {sign} ({i.value(2)})")


def _negation(i: Instruction) -> str:
    _only(i)
    return i.put(f"({c_type(i.type)})(0 - {i.value(1, unsigned(i.type))})")


def _absolute(i: Instruction) -> str:
    _only(i)
    plain = i.value(1, unsigned(i.type))
    return i.put(f"({c_type(i.type)})({i.value(1)} < 0 ? 0 - {plain} : {plain})")


def _extreme(i: Instruction) -> str:
    _only(i)
    sign = "<" if i.words[0] == "min" else ">"
    return i.put(f"{i.value(1)} {sign} {i.value(2)} ? {i.value(1)} : {i.value(2)}")


def _logic(i: Instruction) -> str:
    _only(i)
    sign = _LOGIC[i.words[0]]
    if i.type == "pred":
        return i.put(f"{i.of.truth(i.a[1])} {sign} {i.of.truth(i.a[2])}")
    return i.put(f"{i.value(1)} {sign} {i.value(2)}")


def _not(i: Instruction) -> str:
    _only(i)
    if i.type == "pred":
        return i.put(f"!{i.of.truth(i.a[1])}")
    return i.put(f"({c_type(i.type)})~{i.value(1)}")


def _any_logic(i: Instruction) -> str:
    _only(i)
    table = int(i.a[4], 0)
    terms = [
        " & ".join(f"{'' if row >> (2 - number) & 1 else '~'}({i.value(number + 1)})" for number in range(3))
        for row in range(8)
        if table >> row & 1
    ]
    return i.put(" | ".join(f"({term})" for term in terms) or "0")


def _shift(i: Instruction) -> str:
    _only(i)
    plain, by = unsigned(i.type), i.value(2, "u32")
    if i.words[0] == "shl":
        return i.put(f"({c_type(plain)})shifted_left({i.value(1, plain)}, {by})")
    if i.type[0] == "s":
        return i.put(f"({c_type(i.type)})shifted_right_signed({i.value(1)}, {by})")
    return i.put(f"({c_type(plain)})shifted_right({i.value(1, plain)}, {by})")


def _funnel_shift(i: Instruction) -> str:
    direction, rule = i.words[1:3]
    if direction not in {"l", "r"} or rule not in {"wrap", "clamp"} or i.type != "b32":
        raise UnknownOperand(".".join(i.words))
    by = i.value(3, "u32")
    by = f"({by} & 31)" if rule == "wrap" else f"({by} > 32 ? 32 : {by})"
    both = f"((uint64_t){i.value(2)} << 32 | {i.value(1)})"
    return i.put(f"(uint32_t)({both} << {by} >> 32)" if direction == "l" else f"(uint32_t)({both} >> {by})")


def _population(i: Instruction) -> str:
    _only(i)
    return i.put(f"(uint32_t)__builtin_popcountll({i.value(1)})")


def _leading_zeros(i: Instruction) -> str:
    _only(i)
    width, long_ = bits(i.type), "ll" if bits(i.type) == 64 else ""
    return i.put(f"{i.value(1)} ? (uint32_t)__builtin_clz{long_}({i.value(1)}) : {width}u")


def _highest_bit(i: Instruction) -> str:
    if i.type not in {"u32", "u64"}:
        raise UnknownOperand(i.type)
    width, long_ = bits(i.type), "ll" if i.type == "u64" else ""
    zeros = f"(uint32_t)__builtin_clz{long_}({i.value(1)})"
    found = zeros if "shiftamt" in i.words else f"{width - 1}u - {zeros}"
    return i.put(f"{i.value(1)} ? {found} : 0xffffffffu")


def _reversal(i: Instruction) -> str:
    _only(i)
    return i.put(f"reversed_{i.type}({i.value(1)})")


def _insertion(i: Instruction) -> str:
    _only(i)
    return i.put(f"inserted_{i.type}({i.value(1)}, {i.value(2)}, {i.value(3, 'u32')}, {i.value(4, 'u32')})")


def _extraction(i: Instruction) -> str:
    _only(i)
    return i.put(f"extracted_{i.type}({i.value(1)}, {i.value(2, 'u32')}, {i.value(3, 'u32')})")


def _permutation(i: Instruction) -> str:
    _only(i)
    return i.put(f"permuted({i.value(1)}, {i.value(2)}, {i.value(3)})")


def _dot_product(i: Instruction) -> str:
    _only(i, "u32")
    return i.put(f"dot_product({i.value(1)}, {i.value(2)}, {i.value(3)})")


def _choice(i: Instruction) -> str:
    _only(i)
    return i.put(f"{i.of.truth(i.a[3])} ? {i.value(1)} : {i.value(2)}")


def _comparison(i: Instruction) -> str:
    target, *opposite = i.a[0].split("|")
    base = f"({i.value(1)} {_COMPARISONS[i.words[1]]} {i.value(2)})"
    if len(i.words) == 3:
        return i.of.put(target, base) + "".join(i.of.put(each, f"!{base}") for each in opposite)
    _only(i, i.words[1], i.words[2])
    sign = _LOGIC[i.words[2]]
    text = f"int other_ = {i.of.truth(i.a[3])}, this_ = {base}; " + i.of.put(target, f"this_ {sign} other_")
    return f"{{ {text}{''.join(i.of.put(each, f'!this_ {sign} other_') for each in opposite)} }}"


def _conversion(i: Instruction) -> str:
    _only(i, i.words[1])
    return i.put(f"({c_type(i.words[1])})({i.value(1)})")


def _address_conversion(i: Instruction) -> str:
    if "global" not in i.words or i.type != "u64":
        raise UnknownOperand(".".join(i.words))
    return i.put(i.value(1))


def _move(i: Instruction) -> str:
    _only(i)
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


def _place(i: Instruction, address: str, count: int, how: str) -> str:
    """A pointer to shared or global memory, looked at as the access wants it."""
    is_shared = int("shared" in i.words)
    size = count * bits(i.type) // 8
    return f"({c_type(i.type)} *)emu_address({is_shared}, {i.of.address(address)}, {size}, {how}, {i.line})"


def _words_of_access(i: Instruction) -> list[str]:
    """What stands between name and type and has a meaning here."""
    words = [word for word in i.words[1:-1] if word not in _EASED]
    if not words or words[0] not in {"shared", "global"}:
        raise UnknownOperand(".".join(i.words))
    return words[1:]


def _count_of_access(i: Instruction) -> int:
    match _words_of_access(i):
        case []:
            return 1
        case ["v2" | "v4" as vector]:
            return int(vector[1])
    raise UnknownOperand(".".join(i.words))


def _load(i: Instruction) -> str:
    if i.words[1] == "param":
        _only(i, "param")
        return i.of.put_loaded(i.a[0], i.type, f"*(const {c_type(i.type)} *){i.of.param(i.a[1])}")
    count = _count_of_access(i)
    targets = [i.a[0]] if count == 1 else operands(i.a[0][1:-1])
    puts = (i.of.put_loaded(target, i.type, f"from_[{n}]") for n, target in enumerate(targets))
    return f"{{ const {c_type(i.type)} *from_ = {_place(i, i.a[1], count, 'EMU_READ')}; {' '.join(puts)} }}"


def _store(i: Instruction) -> str:
    count = _count_of_access(i)
    sources = [i.a[1]] if count == 1 else operands(i.a[1][1:-1])
    puts = (f"to_[{n}] = {i.of.value(source, i.type)};" for n, source in enumerate(sources))
    return f"{{ {c_type(i.type)} *to_ = {_place(i, i.a[0], count, 'EMU_WRITE')}; {' '.join(puts)} }}"


def _atomic(i: Instruction) -> str:
    (what,) = _words_of_access(i)
    target, address, first, *more = i.a if i.words[0] == "atom" else ["_", *i.a]
    plain = c_type(unsigned(i.type))
    new = {
        "add": f"({plain})was_ + ({plain})given_",
        "min": "was_ < given_ ? was_ : given_",
        "max": "was_ > given_ ? was_ : given_",
        "and": "was_ & given_",
        "or": "was_ | given_",
        "xor": "was_ ^ given_",
        "exch": "given_",
        "cas": f"was_ == given_ ? {i.of.value(more[0], i.type) if more else ''} : was_",
    }[what]
    type_ = c_type(i.type)
    place = _place(i, address, 1, "EMU_READ | EMU_WRITE | EMU_ATOMIC")
    return (
        f"{{ {type_} given_ = {i.of.value(first, i.type)}, *at_ = {place}, was_ = *at_; "
        f"*at_ = {new}; {i.of.put(target, 'was_')} }}"
    )


def _barrier(i: Instruction) -> str:
    if list(i.words) == ["bar", "warp", "sync"]:
        return _together(i, _WARP_BARRIER, "0", i.a[0]) + ";"
    if i.words[1] != "sync" or list(i.a) != ["0"]:
        raise UnknownOperand(".".join(i.words))
    return f"emu_barrier({i.line});"


def _together(i: Instruction, kind: int, value: str, mask: str) -> str:
    return f"emu_shuffle({i.line}, {kind}, {value}, 0, 0, {i.of.value(mask, 'u32')}, 0)"


def _shuffle(i: Instruction) -> str:
    kind = _SHUFFLES[i.words[2]]
    _only(i, "sync", i.words[2])
    target, *is_valid = i.a[0].split("|")
    arguments = ", ".join(i.value(number, "u32") for number in range(1, 5))
    puts = i.of.put(target, "taken_") + "".join(i.of.put(each, "is_valid_") for each in is_valid)
    return f"{{ int is_valid_; uint32_t taken_ = emu_shuffle({i.line}, {kind}, {arguments}, &is_valid_); {puts} }}"


def _vote(i: Instruction) -> str:
    _only(i, "sync", i.words[2])
    return i.put(_together(i, _VOTES[i.words[2]], i.of.truth(i.a[1]), i.a[2]))


def _reduction(i: Instruction) -> str:
    _only(i, "sync", i.words[2])
    if i.type not in {"u32", "b32"}:
        raise UnknownOperand(".".join(i.words))
    return i.put(_together(i, _REDUCTIONS[i.words[2]], i.value(1), i.a[2]))


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
    "abs": _absolute,
    "add": _sum,
    "and": _logic,
    "atom": _atomic,
    "bar": _barrier,
    "barrier": _barrier,
    "bfe": _extraction,
    "bfi": _insertion,
    "bfind": _highest_bit,
    "bra": _branch,
    "brev": _reversal,
    "clz": _leading_zeros,
    "cvt": _conversion,
    "cvta": _address_conversion,
    "div": _quotient,
    "dp4a": _dot_product,
    "exit": _return,
    "fence": _fence,
    "ld": _load,
    "lop3": _any_logic,
    "mad": _product,
    "max": _extreme,
    "membar": _fence,
    "min": _extreme,
    "mov": _move,
    "mul": _product,
    "neg": _negation,
    "not": _not,
    "or": _logic,
    "popc": _population,
    "prmt": _permutation,
    "red": _atomic,
    "redux": _reduction,
    "rem": _quotient,
    "ret": _return,
    "selp": _choice,
    "setp": _comparison,
    "shf": _funnel_shift,
    "shfl": _shuffle,
    "shl": _shift,
    "shr": _shift,
    "st": _store,
    "sub": _sum,
    "trap": _trap,
    "vote": _vote,
    "xor": _logic,
}
