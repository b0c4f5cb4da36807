"""FASTQ by splitting lines: slow, plain, and what the parser is held to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import accumulate
from typing import NoReturn

from kernels.parse.record_faults import Fault

_WHITE = b" \t\n\v\f"


@dataclass(frozen=True, slots=True)
class Read:
    """One read; the name is the header line without its ``@``."""

    name: bytes
    bases: bytes
    qualities: bytes


@dataclass(frozen=True, slots=True)
class Blame:
    """Why a text is not FASTQ, and where: record, line and byte from 0."""

    fault: Fault
    record: int
    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """The reads before the fault, and the fault if there is one."""

    reads: tuple[Read, ...]
    blame: Blame | None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    offset: int
    text: bytes


class _Refused(Exception):
    def __init__(self, fault: Fault, line: int, offset: int) -> None:
        self.fault, self.line, self.offset = fault, line, offset


def parse(text: bytes) -> Parsed:
    """Reads a whole file as "What valid FASTQ is" has it."""
    pieces = text.split(b"\n")
    offsets = accumulate((len(piece) + 1 for piece in pieces), initial=0)
    lines = deque(
        _Line(number, offset, piece.removesuffix(b"\r"))
        for number, (offset, piece) in enumerate(zip(offsets, pieces, strict=False))
    )
    if not pieces[-1]:
        lines.pop()  # what follows the last newline is no line
    reads: list[Read] = []
    end = (max(len(lines) - 1, 0), len(text))
    while True:
        while lines and not lines[0].text.strip(_WHITE):
            lines.popleft()
        if not lines:
            return Parsed(tuple(reads), None)
        try:
            reads.append(_record(lines, end, ends_with_newline=text.endswith(b"\n")))
        except _Refused as refused:
            return Parsed(tuple(reads), Blame(refused.fault, len(reads), refused.line, refused.offset))


def _record(lines: deque[_Line], end: tuple[int, int], *, ends_with_newline: bool) -> Read:
    def next_line() -> _Line:
        return _next_line(lines, end)

    header = next_line()
    if not header.text.startswith(b"@"):
        _refuse(Fault.HEADER, header)

    sequence: list[_Line] = []
    while not (line := next_line()).text.startswith(b"+"):
        if line.text.startswith(b"@"):
            if len(sequence) == 3:  # four lines: the third is the one at fault
                _refuse(Fault.SEPARATOR, sequence[1])
            _refuse(Fault.SEPARATOR_MISSING, line)
        if sequence and not line.text:
            _refuse(Fault.BLANK_IN_SEQUENCE, line)
        if sequence and not sequence[0].text:
            _refuse(Fault.BLANK_IN_SEQUENCE, sequence[0])
        _check_bytes(line, Fault.SEQUENCE_BYTE)
        sequence.append(line)
    if not sequence:
        _refuse(Fault.NO_SEQUENCE, line)
    bases = b"".join(line.text for line in sequence)

    name, repeated = header.text[1:], line.text[1:].strip(b" \t")
    words = name.lstrip(b" \t")
    if repeated not in {b"", words, *(words[:i] for i in range(len(words)) if words[i : i + 1] in {b" ", b"\t"})}:
        _refuse(Fault.NAMES_DIFFER, line)

    if not bases and not lines and ends_with_newline:
        return Read(name, b"", b"")  # an empty last line that has no newline of its own
    return Read(name, bases, _qualities(lines, end, len(bases), is_one_line=len(sequence) == 1))


def _qualities(lines: deque[_Line], end: tuple[int, int], size: int, *, is_one_line: bool) -> bytes:
    first = line = _next_line(lines, end)
    _check_bytes(line, Fault.QUALITY_BYTE)
    qualities = line.text
    is_header_like = False
    try:
        while len(qualities) < size and line.text:
            is_header_like |= is_one_line and bool(lines) and lines[0].text.startswith(b"@")
            line = _next_line(lines, end)
            _check_bytes(line, Fault.QUALITY_BYTE)
            qualities += line.text
    except _Refused:
        if is_header_like:  # it was the next header, and no line of qualities
            _refuse(Fault.LENGTHS_DIFFER, first)
        raise
    follows = lines[0].text if lines else b""
    if len(qualities) != size or (is_header_like and follows.strip(_WHITE) and not follows.startswith(b"@")):
        _refuse(Fault.LENGTHS_DIFFER, first)
    return qualities


def _next_line(lines: deque[_Line], end: tuple[int, int]) -> _Line:
    if not lines:
        raise _Refused(Fault.TRUNCATED, *end)
    return lines.popleft()


def _check_bytes(line: _Line, fault: Fault) -> None:
    for column, byte in enumerate(line.text):
        if not 33 <= byte <= 126:
            raise _Refused(fault, line.number, line.offset + column)


def _refuse(fault: Fault, line: _Line) -> NoReturn:
    raise _Refused(fault, line.number, line.offset)
