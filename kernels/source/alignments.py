"""What the kernels that turn alignment records into FASTQ text have in common."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined

Bytes = npt.NDArray[np.uint8]
Report = npt.NDArray[np.int64]
Number = int | np.int64


class Trouble(IntEnum):
    """Why a record cannot be read. ``NONE``: no trouble."""

    NONE = 0
    LAYOUT = 1
    NAME = 2
    FLAGS = 3
    SEQUENCE = 4
    LENGTHS = 5
    QUALITY = 6
    NO_QUALITIES = 7
    LATE_HEADER = 8


class Field(IntEnum):
    """What each element of the report of such a kernel means.

    ``CONSUMED``, ``WRITTEN``: bytes of data used up and of text written by this call. ``TROUBLE``: a
    `Trouble`; the data consumed ends before the record that has it. ``WANTED``: bytes of data that
    the next record needs, 0 where that is not known. ``ROOM``: bytes of text the next record needs,
    where it did not fit. ``RECORDS``, ``SKIPPED``: records consumed, and those among them that
    were left out, over all calls. ``HEADER``: 1 once the header has been passed. ``REPEATS``: set to 1 before
    the first call to have secondary and supplementary records with bases and qualities taken for reads too.
    The last four stand from call to call.
    """

    CONSUMED = 0
    WRITTEN = 1
    TROUBLE = 2
    WANTED = 3
    ROOM = 4
    RECORDS = 5
    SKIPPED = 6
    HEADER = 7
    REPEATS = 8


REPORT_SIZE = len(Field)

CONSUMED, WRITTEN, TROUBLE, WANTED, ROOM, RECORDS, SKIPPED, HEADER, REPEATS = (int(field) for field in Field)

PAIRED = 0x1
REVERSED = 0x10
FIRST = 0x40
LAST = 0x80
NOT_A_READ = 0x900
"""Secondary or supplementary: another alignment of a read whose own record stands elsewhere."""

_AT = 64
_NEWLINE = 10
_PLUS = 43
_SLASH = 47
_ONE = 49


@inlined
def text_length(name: Number, bases: Number, flags: Number) -> Number:
    """Bytes of a read's FASTQ text."""
    return name + 2 * bases + 6 + (2 if mate_number(flags) else 0)


@inlined
def mate_number(flags: Number) -> Number:
    """1 or 2 for a read of a pair, 0 for any other."""
    if flags & PAIRED and (flags & FIRST != 0) != (flags & LAST != 0):
        return 1 if flags & FIRST else 2
    return 0


@inlined
def write_name(data: Bytes, start: Number, length: Number, flags: Number, target: Bytes, at: Number) -> Number:
    """Writes the header line, with the mate's number; returns where the sequence goes."""
    target[at] = _AT
    name, text = data[start : start + length], target[at + 1 : at + 1 + length]
    for i in range(len(name)):
        text[i] = name[i]
    at += 1 + length
    mate = mate_number(flags)
    if mate:
        target[at] = _SLASH
        target[at + 1] = _ONE + mate - 1
        at += 2
    target[at] = _NEWLINE
    return at + 1


@inlined
def write_separator(target: Bytes, at: Number) -> Number:
    """Writes what stands between sequence and qualities; returns where the qualities go."""
    target[at] = _NEWLINE
    target[at + 1] = _PLUS
    target[at + 2] = _NEWLINE
    return at + 3


@inlined
def bad_name(data: Bytes, start: Number, length: Number) -> bool:
    """Whether a read's name is empty or holds anything but visible characters."""
    name = data[start : start + length]
    bad = len(name) == 0
    for i in range(len(name)):
        if name[i] < 33 or name[i] > 126:
            bad = True
    return bad


@inlined
def begin_report(report: Report) -> None:
    """Clears what concerns one call."""
    report[CONSUMED] = 0
    report[WRITTEN] = 0
    report[TROUBLE] = 0
    report[WANTED] = 0
    report[ROOM] = 0
