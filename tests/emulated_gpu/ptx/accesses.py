"""Instructions that read and write memory."""

from __future__ import annotations

from tests.emulated_gpu.ptx.instruction import Instruction, only
from tests.emulated_gpu.ptx.operands import UnknownOperand, bits, c_type, unsigned
from tests.emulated_gpu.ptx.reading import operands

_EASED = {"nc", "volatile", "relaxed", "weak", "cta", "gpu", "sys"}
"""What says how soon others see memory; here they do at once."""


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


def load(i: Instruction) -> str:
    """From memory, or from the parameters of the kernel."""
    if i.words[1] == "param":
        only(i, "param")
        return i.of.put_loaded(i.a[0], i.type, f"*(const {c_type(i.type)} *){i.of.param(i.a[1])}")
    count = _count_of_access(i)
    targets = [i.a[0]] if count == 1 else operands(i.a[0][1:-1])
    puts = (i.of.put_loaded(target, i.type, f"from_[{n}]") for n, target in enumerate(targets))
    return f"{{ const {c_type(i.type)} *from_ = {_place(i, i.a[1], count, 'EMU_READ')}; {' '.join(puts)} }}"


def store(i: Instruction) -> str:
    """One number or several side by side."""
    count = _count_of_access(i)
    sources = [i.a[1]] if count == 1 else operands(i.a[1][1:-1])
    puts = (f"to_[{n}] = {i.of.value(source, i.type)};" for n, source in enumerate(sources))
    return f"{{ {c_type(i.type)} *to_ = {_place(i, i.a[0], count, 'EMU_WRITE')}; {' '.join(puts)} }}"


def atomic(i: Instruction) -> str:
    """Reads, changes and writes; threads are never stopped within it."""
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
