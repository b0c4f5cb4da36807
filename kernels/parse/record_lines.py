"""The lines of a record: where they end, which are blank, and how wrapped ones belong together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined
from kernels.parse.record_faults import Fault, Field, Report, blame

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int32]

_AT = 64
_RETURN = 13
_SPACE = 32
_TAB = 9
_FORM_FEED = 12

_BASES, _QUALITIES = int(Field.BASES), int(Field.QUALITIES)
_QUALITY_BYTE, _LENGTHS = int(Fault.QUALITY_BYTE), int(Fault.LENGTHS_DIFFER)


@inlined
def line_end(buffer: Bytes, start: int, newline: int) -> int:
    """End of a line's text: its newline, or the carriage return before it."""
    if newline > start and buffer[newline - 1] == _RETURN:
        return newline - 1
    return newline


@inlined
def is_blank(buffer: Bytes, start: int, newline: int) -> bool:
    """Whether a line has nothing but white space, its newline apart."""
    end = line_end(buffer, start, newline)
    at = start
    while at < end and (buffer[at] == _SPACE or _TAB <= buffer[at] <= _FORM_FEED):
        at += 1
    return at == end


@inlined
def _begins_record(buffer: Bytes, newlines: Positions, line: int) -> bool:
    """Whether a line may follow a whole record: a header, or a blank line."""
    start = newlines[line - 1] + 1
    return buffer[start] == _AT or is_blank(buffer, start, newlines[line])


@inlined
def join_lines(buffer: Bytes, newlines: Positions, first: int, last: int) -> None:
    """Moves the text of lines first + 1 .. last up to the end of line first."""
    target = line_end(buffer, newlines[first - 1] + 1, newlines[first])
    for line in range(first + 1, last + 1):
        start = newlines[line - 1] + 1
        for i in range(start, line_end(buffer, start, newlines[line])):
            buffer[target] = buffer[i]
            target += 1


@inlined
def wrapped_qualities(
    buffer: Bytes,
    newlines: Positions,
    n_newlines: int,
    oddities: Positions,
    at_end: bool,
    first: int,
    bases: int,
    is_one_line: bool,
    report: Report,
) -> int:
    """The last line of qualities that are not all on the first; -1 if they are at fault or need more text.

    A line that begins with @ after one line of bases and too few qualities may be more of them or the next header:
    only what comes after it tells.
    """
    start = newlines[first - 1] + 1
    qualities = 0
    short = -1  # qualities before what may be a header
    odd = 0
    last = first
    while True:
        at = newlines[last - 1] + 1
        end = line_end(buffer, at, newlines[last])
        while odd < len(oddities) and oddities[odd] < at:
            odd += 1
        if odd < len(oddities) and oddities[odd] < end:
            if short < 0:
                blame(report, _QUALITY_BYTE, oddities[odd], last)
                return -1
            qualities = -1
            break
        qualities += end - at
        if qualities >= bases or end == at or last + 1 >= n_newlines:
            break
        if short < 0 and is_one_line and buffer[newlines[last] + 1] == _AT:
            short = qualities
        last += 1
    is_last = last + 1 >= n_newlines
    if qualities == bases:
        if short < 0:
            return last
        if is_last:
            return last if at_end else -1
        if _begins_record(buffer, newlines, last + 1):
            return last
    elif 0 <= qualities < bases and end > at and is_last and not (at_end and short >= 0):
        return -1
    report[_BASES] = bases
    report[_QUALITIES] = qualities if short < 0 else short
    blame(report, _LENGTHS, start, first)
    return -1
