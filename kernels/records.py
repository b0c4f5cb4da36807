"""From lines to records: the one place that knows what valid FASTQ is.

Four-line and wrapped records, LF and CRLF, blank lines between records, empty reads.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int32]
Report = npt.NDArray[np.int64]

_AT = 64
_PLUS = 43
_RETURN = 13
_SPACE = 32
_TAB = 9


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

_BYTES, _LINES, _FAULT, _OFFSET, _LINE, _BASES, _QUALITIES = (int(field) for field in Field)
_HEADER, _NO_SEQUENCE, _BLANK, _SEQUENCE_BYTE, _MISSING, _NAMES, _QUALITY_BYTE, _LENGTHS, _TRUNCATED, _SEPARATOR = (
    int(fault) for fault in Fault if fault
)


@inlined
def _line_end(buffer: Bytes, start: int, newline: int) -> int:
    """End of a line's text: its newline, or the carriage return before it."""
    if newline > start and buffer[newline - 1] == _RETURN:
        return newline - 1
    return newline


@inlined
def _blame(report: Report, fault: int, offset: int, line: int) -> None:
    report[_FAULT] = fault
    report[_OFFSET] = offset
    report[_LINE] = line


@inlined
def _separator_repeats_name(buffer: Bytes, name: int, name_end: int, text: int, text_end: int) -> bool:
    """Whether the text after ``+`` is the whole header or as many of its first words."""
    length = text_end - text
    if length > name_end - name:
        return False
    for i in range(length):
        if buffer[name + i] != buffer[text + i]:
            return False
    return name + length == name_end or buffer[name + length] == _SPACE or buffer[name + length] == _TAB


@inlined
def _join_lines(buffer: Bytes, newlines: Positions, first: int, last: int) -> None:
    """Moves the text of lines first + 1 .. last up to the end of line first."""
    target = _line_end(buffer, newlines[first - 1] + 1, newlines[first])
    for line in range(first + 1, last + 1):
        start = newlines[line - 1] + 1
        for i in range(start, _line_end(buffer, start, newlines[line])):
            buffer[target] = buffer[i]
            target += 1


@kernel(
    "int64(uint8[::1], int32[::1], int64, int32[::1], int64, boolean, boolean,"
    "int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int64[::1])"
)
def record_table(
    buffer: Bytes,
    newlines: Positions,
    n_newlines: int,
    oddities: Positions,
    n_odd: int,
    at_end: bool,
    terminated: bool,
    name_starts: Positions,
    name_lengths: Positions,
    sequence_starts: Positions,
    quality_starts: Positions,
    lengths: Positions,
    report: Report,
) -> int:
    """Finds and validates the records of a text, up to the first fault or unfinished record, or as many as fit.

    Sequence and quality of a wrapped record are joined in place, so that every read is
    contiguous. The text of unfinished records is left as it is.

    Args:
        buffer: uint8 [n], text.
        newlines: int32, offset of every newline of the text, as `line_index` gives them.
        n_newlines: number of newlines.
        oddities: int32, offset of every byte outside 33..126, as `line_index` gives them.
        n_odd: number of oddities.
        at_end: nothing follows; an unfinished record is then a fault. The text ends with a newline.
        terminated: that last newline stands in the file and was not added.
        name_starts: int32 [n], to fill; see ``ReadBatch``. No more than n records are looked at;
            n_newlines // 4 + 1 is enough for all.
        name_lengths: likewise.
        sequence_starts: likewise.
        quality_starts: likewise.
        lengths: likewise.
        report: int64 [REPORT_SIZE], to fill; see `Field`.

    Returns:
        The number of records found.
    """
    count = 0
    line = 0
    start = 0
    odd = 0
    report[:] = 0
    while True:
        while line < n_newlines and _line_end(buffer, start, newlines[line]) == start:
            start = newlines[line] + 1
            line += 1
        report[_BYTES] = start
        report[_LINES] = line
        if line >= n_newlines or count >= len(lengths):
            return count

        name_end = _line_end(buffer, start, newlines[line])
        if buffer[start] != _AT:
            _blame(report, _HEADER, start, line)
            return count

        first_base_line = line + 1
        if first_base_line >= n_newlines:
            break
        sequence = newlines[line] + 1
        end = _line_end(buffer, sequence, newlines[first_base_line])
        if buffer[sequence] == _PLUS:
            _blame(report, _NO_SEQUENCE, sequence, first_base_line)
            return count
        if buffer[sequence] == _AT:
            _blame(report, _MISSING, sequence, first_base_line)
            return count
        while odd < n_odd and oddities[odd] < sequence:
            odd += 1
        if odd < n_odd and oddities[odd] < end:
            _blame(report, _SEQUENCE_BYTE, oddities[odd], first_base_line)
            return count
        bases = end - sequence
        separator_line = first_base_line + 1
        while separator_line < n_newlines:
            at = newlines[separator_line - 1] + 1
            if buffer[at] == _PLUS:
                break
            end = _line_end(buffer, at, newlines[separator_line])
            if buffer[at] == _AT:
                if separator_line == first_base_line + 3:  # four lines: the third is the one at fault
                    _blame(report, _SEPARATOR, newlines[first_base_line] + 1, first_base_line + 1)
                else:
                    _blame(report, _MISSING, at, separator_line)
                return count
            if end == at or bases == 0:
                _blame(report, _BLANK, at if end == at else sequence, separator_line if end == at else first_base_line)
                return count
            while odd < n_odd and oddities[odd] < at:
                odd += 1
            if odd < n_odd and oddities[odd] < end:
                _blame(report, _SEQUENCE_BYTE, oddities[odd], separator_line)
                return count
            bases += end - at
            separator_line += 1
        if separator_line >= n_newlines:
            break

        at = newlines[separator_line - 1] + 1
        end = _line_end(buffer, at, newlines[separator_line])
        if end - at > 1 and not _separator_repeats_name(buffer, start + 1, name_end, at + 1, end):
            _blame(report, _NAMES, at, separator_line)
            return count

        first_quality_line = separator_line + 1
        quality = newlines[separator_line] + 1
        last_quality_line = first_quality_line
        if first_quality_line >= n_newlines:
            # An empty read whose empty last line has no newline: "@name\n\n+\n" and the end.
            if not (at_end and terminated and bases == 0):
                break
            last_quality_line = separator_line
        else:
            qualities = 0
            while True:
                at = newlines[last_quality_line - 1] + 1
                end = _line_end(buffer, at, newlines[last_quality_line])
                while odd < n_odd and oddities[odd] < at:
                    odd += 1
                if odd < n_odd and oddities[odd] < end:
                    _blame(report, _QUALITY_BYTE, oddities[odd], last_quality_line)
                    return count
                qualities += end - at
                if qualities >= bases or end == at or last_quality_line + 1 >= n_newlines:
                    break
                # One line of bases and a short line of qualities: a header that follows is a header.
                if separator_line == first_base_line + 1 and buffer[newlines[last_quality_line] + 1] == _AT:
                    break
                last_quality_line += 1
            report[_BASES] = bases
            report[_QUALITIES] = qualities
            if qualities < bases and end > at and last_quality_line + 1 >= n_newlines:
                break
            if qualities != bases:
                _blame(report, _LENGTHS, quality, first_quality_line)
                return count

        if separator_line > first_base_line + 1:
            _join_lines(buffer, newlines, first_base_line, separator_line - 1)
        if last_quality_line > first_quality_line:
            _join_lines(buffer, newlines, first_quality_line, last_quality_line)
        name_starts[count] = start + 1
        name_lengths[count] = name_end - start - 1
        sequence_starts[count] = sequence
        quality_starts[count] = quality
        lengths[count] = bases
        count += 1
        start = newlines[last_quality_line] + 1
        line = last_quality_line + 1
    if at_end:
        _blame(report, _TRUNCATED, newlines[n_newlines - 1] + 1, n_newlines - 1)
    return count
