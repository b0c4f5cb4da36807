"""Instructions by which threads wait for each other and take from each other."""

from __future__ import annotations

from tests.emulated_gpu.ptx.instruction import Instruction, only
from tests.emulated_gpu.ptx.operands import UnknownOperand

# The numbers of these are those of runtime.h.
_SHUFFLES = {"up": 0, "down": 1, "bfly": 2, "idx": 3}
_VOTES = {"ballot": 8, "any": 9, "all": 10}
_REDUCTIONS = {"add": 16, "min": 17, "max": 18, "and": 19, "or": 20, "xor": 21}
_WARP_BARRIER = 32


def barrier(i: Instruction) -> str:
    """For all threads of a block, or those of a warp that a mask names."""
    if list(i.words) == ["bar", "warp", "sync"]:
        return _together(i, _WARP_BARRIER, "0", i.a[0]) + ";"
    if i.words[1] != "sync" or list(i.a) != ["0"]:
        raise UnknownOperand(".".join(i.words))
    return f"emu_barrier({i.line});"


def _together(i: Instruction, kind: int, value: str, mask: str) -> str:
    return f"emu_shuffle({i.line}, {kind}, {value}, 0, 0, {i.of.value(mask, 'u32')}, 0)"


def shuffle(i: Instruction) -> str:
    """What another lane has."""
    kind = _SHUFFLES[i.words[2]]
    only(i, "sync", i.words[2])
    target, *is_valid = i.a[0].split("|")
    arguments = ", ".join(i.value(number, "u32") for number in range(1, 5))
    puts = i.of.put(target, "taken_") + "".join(i.of.put(each, "is_valid_") for each in is_valid)
    return f"{{ int is_valid_; uint32_t taken_ = emu_shuffle({i.line}, {kind}, {arguments}, &is_valid_); {puts} }}"


def vote(i: Instruction) -> str:
    """What the lanes of a mask say together of a predicate."""
    only(i, "sync", i.words[2])
    return i.put(_together(i, _VOTES[i.words[2]], i.of.truth(i.a[1]), i.a[2]))


def reduction(i: Instruction) -> str:
    """Of a number of each lane of a mask."""
    only(i, "sync", i.words[2])
    if i.type not in {"u32", "b32"}:
        raise UnknownOperand(".".join(i.words))
    return i.put(_together(i, _REDUCTIONS[i.words[2]], i.value(1), i.a[2]))
