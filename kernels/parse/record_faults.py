"""What can be wrong with a record, and how `record_table` tells where."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined

Report = npt.NDArray[np.int64]


class Fault(IntEnum):
    """Why a record is not valid FASTQ. ``NONE``: no fault, or more text is needed to tell."""

    NONE = 0
    HEADER = 1
    NO_SEQUENCE = 2
    BLANK_IN_SEQUENCE = 3
    SEQUENCE_BYTE = 4
    SEPARATOR_MISSING = 5
    NAMES_DIFFER = 6
    QUALITY_BYTE = 7
    LENGTHS_DIFFER = 8
    TRUNCATED = 9
    SEPARATOR = 10


class Field(IntEnum):
    """What each element of the report of `record_table` means.

    ``BYTES`` and ``LINES``: text and lines taken up by the records found, from the start of the
    buffer. ``FAULT``: a `Fault`. ``OFFSET`` and ``LINE``: the byte and the line (from 0) at fault.
    ``BASES`` and ``QUALITIES``: their numbers in the record at fault, where it got that far.
    """

    BYTES = 0
    LINES = 1
    FAULT = 2
    OFFSET = 3
    LINE = 4
    BASES = 5
    QUALITIES = 6


REPORT_SIZE = len(Field)

_FAULT, _OFFSET, _LINE = int(Field.FAULT), int(Field.OFFSET), int(Field.LINE)


@inlined
def blame(report: Report, fault: int, offset: int, line: int) -> None:
    """Notes a fault and its place."""
    report[_FAULT] = fault
    report[_OFFSET] = offset
    report[_LINE] = line
