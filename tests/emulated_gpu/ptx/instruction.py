"""One instruction of PTX, and how its operands are come by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.emulated_gpu.ptx.operands import Operands, UnknownOperand


@dataclass(frozen=True)
class Instruction:
    """An instruction of a kernel.

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


def only(i: Instruction, *words: str) -> None:
    """Refuses an instruction that has other words than these between its name and its type."""
    if tuple(i.words[1:-1]) != words:
        raise UnknownOperand(".".join(i.words))
