"""From lines to records: the one place that knows what valid FASTQ is.

Four-line and wrapped records, LF and CRLF, blank lines between records, empty reads.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.parse.record_faults import Fault, Field, Report, blame
from kernels.parse.record_lines import is_blank, join_lines, line_end, wrapped_qualities

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int32]

_AT = 64
_PLUS = 43
_SPACE = 32
_TAB = 9

_BYTES, _LINES, _FAULT = int(Field.BYTES), int(Field.LINES), int(Field.FAULT)
_HEADER, _NO_SEQUENCE, _BLANK, _SEQUENCE_BYTE, _MISSING, _NAMES, _QUALITY_BYTE, _, _TRUNCATED, _SEPARATOR = (
    int(fault) for fault in Fault if fault
)


@inlined
def _is_white(byte: int) -> bool:
    return byte in (_SPACE, _TAB)


@inlined
def _separator_repeats_name(buffer: Bytes, name: int, name_end: int, text: int, text_end: int) -> bool:
    """Whether the text after ``+`` is the whole header, or as many of its first words; white space around it apart."""
    while text < text_end and _is_white(buffer[text]):
        text += 1
    while text < text_end and _is_white(buffer[text_end - 1]):
        text_end -= 1
    if text == text_end:
        return True
    while name < name_end and _is_white(buffer[name]):
        name += 1
    length = text_end - text
    if length > name_end - name:
        return False
    for i in range(length):
        if buffer[name + i] != buffer[text + i]:
            return False
    return name + length == name_end or _is_white(buffer[name + length])


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
        while line < n_newlines and buffer[start] != _AT and is_blank(buffer, start, newlines[line]):
            start = newlines[line] + 1
            line += 1
        report[_BYTES] = start
        report[_LINES] = line
        if line >= n_newlines or count >= len(lengths):
            return count

        name_end = line_end(buffer, start, newlines[line])
        if buffer[start] != _AT:
            blame(report, _HEADER, start, line)
            return count

        first_base_line = line + 1
        if first_base_line >= n_newlines:
            break
        sequence = newlines[line] + 1
        end = line_end(buffer, sequence, newlines[first_base_line])
        if buffer[sequence] == _PLUS:
            blame(report, _NO_SEQUENCE, sequence, first_base_line)
            return count
        if buffer[sequence] == _AT:
            blame(report, _MISSING, sequence, first_base_line)
            return count
        while odd < n_odd and oddities[odd] < sequence:
            odd += 1
        if odd < n_odd and oddities[odd] < end:
            blame(report, _SEQUENCE_BYTE, oddities[odd], first_base_line)
            return count
        bases = end - sequence
        separator_line = first_base_line + 1
        while separator_line < n_newlines:
            at = newlines[separator_line - 1] + 1
            if buffer[at] == _PLUS:
                break
            end = line_end(buffer, at, newlines[separator_line])
            if buffer[at] == _AT:
                if separator_line == first_base_line + 3:  # four lines: the third is the one at fault
                    blame(report, _SEPARATOR, newlines[first_base_line] + 1, first_base_line + 1)
                else:
                    blame(report, _MISSING, at, separator_line)
                return count
            if end == at or bases == 0:
                blame(report, _BLANK, at if end == at else sequence, separator_line if end == at else first_base_line)
                return count
            while odd < n_odd and oddities[odd] < at:
                odd += 1
            if odd < n_odd and oddities[odd] < end:
                blame(report, _SEQUENCE_BYTE, oddities[odd], separator_line)
                return count
            bases += end - at
            separator_line += 1
        if separator_line >= n_newlines:
            break

        at = newlines[separator_line - 1] + 1
        end = line_end(buffer, at, newlines[separator_line])
        if end - at > 1 and not _separator_repeats_name(buffer, start + 1, name_end, at + 1, end):
            blame(report, _NAMES, at, separator_line)
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
            end = line_end(buffer, quality, newlines[first_quality_line])
            while odd < n_odd and oddities[odd] < quality:
                odd += 1
            if odd < n_odd and oddities[odd] < end:
                blame(report, _QUALITY_BYTE, oddities[odd], first_quality_line)
                return count
            if end - quality != bases:
                is_one_line = separator_line == first_base_line + 1
                last_quality_line = wrapped_qualities(
                    buffer,
                    newlines,
                    n_newlines,
                    oddities[odd:n_odd],
                    at_end,
                    first_quality_line,
                    bases,
                    is_one_line,
                    report,
                )
                if last_quality_line < 0:
                    if report[_FAULT] == 0:
                        break
                    return count

        if separator_line > first_base_line + 1:
            join_lines(buffer, newlines, first_base_line, separator_line - 1)
        if last_quality_line > first_quality_line:
            join_lines(buffer, newlines, first_quality_line, last_quality_line)
        name_starts[count] = start + 1
        name_lengths[count] = name_end - start - 1
        sequence_starts[count] = sequence
        quality_starts[count] = quality
        lengths[count] = bases
        count += 1
        start = newlines[last_quality_line] + 1
        line = last_quality_line + 1
    if at_end:
        blame(report, _TRUNCATED, newlines[n_newlines - 1] + 1, n_newlines - 1)
    return count
