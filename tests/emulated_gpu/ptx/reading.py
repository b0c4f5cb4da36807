"""Takes the text of PTX apart: what it keeps in memory, its kernels, their registers and their instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

IDENTIFIER = r"[A-Za-z_$%][A-Za-z0-9_$]*"

SIZES = {f"{kind}{bits}": bits // 8 for kind in "bus" for bits in (8, 16, 32, 64)}
"""Bytes of each type of whole numbers. There are no others: kernels count in whole numbers alone."""

LABEL = re.compile(r"(\$?[A-Za-z_$][A-Za-z0-9_$]*):(?!:)")
"""A place to jump to: its name, and a colon."""

_DIRECTIVES = re.compile(r"\.(version|target|address_size|file|loc|section|pragma)\b")
_ENTRY = re.compile(rf"(?:\.visible\s+|\.weak\s+)?\.entry\s+({IDENTIFIER})\s*\((.*)\)\s*(.*)$", re.DOTALL)
_LIMITS = re.compile(r"(\s*\.(maxntid|minnctapersm|reqntid|maxnreg)\s+[\d, ]+)*\s*")
_POINTER = r"(?:\.ptr\s+(?:\.[a-z]+\s+)?(?:\.align\s+\d+\s+)?)?"  # of use to NVIDIA's assembler alone
_NUMBER = re.compile(rf"\.param\s+\.([bus]\d+)\s+{_POINTER}({IDENTIFIER})")
_STRUCTURE = re.compile(rf"\.param\s+\.align\s+\d+\s+\.b8\s+({IDENTIFIER})\[(\d+)\]")
_REGISTERS = re.compile(r"\.reg\s+\.(pred|[busf]\d+)\s+(.*)")
_VARIABLE = re.compile(
    rf"((?:\.[a-z]+\s+)+?)(?:\.align\s+(\d+)\s+)?\.([bus]\d+)\s+({IDENTIFIER})(?:\[(\d*)\])?"
    r"(?:\s*=\s*\{?(.*?)\}?)?$",
    re.DOTALL,
)
_WHOLE = re.compile(r"-?(0[xX][0-9a-fA-F]+|\d+)")


class UnknownPtx(Exception):
    """PTX that the translator was never taught; nothing is guessed."""

    def __init__(self, line: int, text: str, why: str = "") -> None:
        super().__init__(f"line {line}: not known{f' ({why})' if why else ''}: {text}")


@dataclass(frozen=True)
class Global:
    """A variable of a module: bytes that its address is a multiple of, type, count, what it begins with."""

    align: int
    type: str
    count: int
    values: list[str]


@dataclass
class Entry:
    """A kernel.

    Attributes:
        params: name and bytes of each.
        registers: name to type, ``pred`` for a truth value.
        statements: number of a line and what stands there, a label with its colon or an instruction.
    """

    name: str
    params: list[tuple[str, int]]
    registers: dict[str, str] = field(default_factory=dict)
    statements: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Module:
    """All that a text says.

    Attributes:
        shared: name to offset of what has a size in shared memory.
        shared_size: bytes of all that.
        dynamic: name to alignment of what is as large as a launch has it.
    """

    globals: dict[str, Global] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)
    shared_size: int = 0
    dynamic: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    @property
    def dynamic_offset(self) -> int:
        """Where in shared memory that of the launch begins."""
        return _rounded(self.shared_size, max(16, *self.dynamic.values())) if self.dynamic else self.shared_size

    def add_shared(self, name: str, size: int, align: int) -> None:
        """Give a variable the next place in shared memory."""
        self.shared[name] = _rounded(self.shared_size, align)
        self.shared_size = self.shared[name] + size


def _rounded(number: int, multiple: int) -> int:
    return (number + multiple - 1) // multiple * multiple


def operands(text: str) -> list[str]:
    """What commas part, but for those within brackets."""
    found, depth, one = [], 0, ""
    for character in text:
        depth += (character in "{[(") - (character in "}])")
        if character == "," and not depth:
            found.append(one.strip())
            one = ""
        else:
            one += character
    return [*found, one.strip()] if one.strip() else found


def read(text: str) -> Module:
    """The module that a text is.

    Raises:
        UnknownPtx: a line is of a kind that is not known.
    """
    module, entry, depth = Module(), None, 0
    for line, statement in _statements(text):
        if statement in {"{", "}"}:
            depth += 1 if statement == "{" else -1
            entry = entry if depth else None
        elif _DIRECTIVES.match(statement):
            continue
        elif re.search(r"\.entry\b", statement):
            entry = _entry(line, statement)
            module.entries.append(entry)
        elif statement.startswith(".reg") and entry:
            entry.registers.update(_registers(line, statement))
        elif statement.startswith("."):
            _add_variable(module, line, statement)
        elif entry:
            entry.statements.append((line, statement))
        else:
            raise UnknownPtx(line, statement, "outside of kernels")
    return module


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with the number of the line where it begins."""
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    begun, start = "", 0
    for line, whole in enumerate(text.rstrip("\0").split("\n"), 1):
        rest = re.sub(r"//.*", "", whole)
        while rest.strip():
            if not begun:
                start, rest = line, rest.strip()
                alone = _alone(rest)
                if alone:
                    yield line, alone
                    rest = rest[len(alone) :]
                    continue
            is_head = re.search(r"\.(entry|func)\b", begun + rest)
            end = rest.find("{" if is_head else ";")
            if end < 0:
                begun += rest + " "
                break
            yield start, (begun + rest[:end]).strip()
            begun, rest = "", rest[end if is_head else end + 1 :]
    if begun.strip():
        raise UnknownPtx(start, begun, "unfinished")


def _alone(rest: str) -> str:
    """What needs no semicolon behind it: a brace, a label, a line for the assembler; or nothing."""
    if rest[0] in "{}":
        return rest[0]
    label = LABEL.match(rest)
    if label:
        return label[0]
    return rest if _DIRECTIVES.match(rest) and not rest.startswith(".pragma") else ""


def _entry(line: int, statement: str) -> Entry:
    found = _ENTRY.match(statement)
    if not found or not _LIMITS.fullmatch(found[3]):
        raise UnknownPtx(line, statement)
    entry = Entry(found[1], [])
    for param in operands(found[2]):
        if number := _NUMBER.fullmatch(param):
            entry.params.append((number[2], SIZES[number[1]]))
        elif structure := _STRUCTURE.fullmatch(param):
            entry.params.append((structure[1], int(structure[2])))
        else:
            raise UnknownPtx(line, param, "parameter")
    return entry


def _registers(line: int, statement: str) -> Iterator[tuple[str, str]]:
    found = _REGISTERS.fullmatch(statement)
    if not found:
        raise UnknownPtx(line, statement)
    for name in operands(found[2]):
        many = re.fullmatch(r"(%[A-Za-z_]+)<(\d+)>", name)
        names = [f"{many[1]}{number}" for number in range(int(many[2]))] if many else [name]
        yield from ((each, found[1]) for each in names)


def _add_variable(module: Module, line: int, statement: str) -> None:
    found = _VARIABLE.match(statement)
    if not found or found[3] not in SIZES:
        raise UnknownPtx(line, statement)
    where, name, count, begins_with = found[1].split(), found[4], found[5], found[6]
    size = SIZES[found[3]]
    align = int(found[2] or size)
    if ".shared" in where and (count == "" or ".extern" in where):
        module.dynamic[name] = align
    elif ".shared" in where:
        module.add_shared(name, size * int(count or 1), align)
    elif ".global" in where or ".const" in where:
        values = [value.strip() for value in begins_with.split(",")] if begins_with else []
        if not all(_WHOLE.fullmatch(value) for value in values):
            raise UnknownPtx(line, statement, "initial value")
        module.globals[name] = Global(align, found[3], int(count or 1), values)
    else:
        raise UnknownPtx(line, statement)
