"""From lines to records, on a device: those of four lines, of which nearly all files are made.

Where a text has anything else (a wrapped record, a blank line, a fault, a record that is not whole) the kernel for the
CPU goes on: see `record_table`.
"""

from __future__ import annotations

import numpy as np
from numba import cuda

from kernels.cuda.launching import DeviceArray, Stream, blocks, launch, on_device, threads, within_device
from kernels.parse.record_faults import REPORT_SIZE, Field

FOUND = REPORT_SIZE
"""Where the number of records stands in a report."""

_THREADS = 128
_AT, _PLUS, _RETURN, _SPACE, _TAB = b"@+\r \t"
_BYTES, _LINES = int(Field.BYTES), int(Field.LINES)


@within_device
def _start(newlines: DeviceArray, line: int) -> int:
    return 0 if line == 0 else newlines[line - 1] + 1


@within_device
def _line_end(buffer: DeviceArray, start: int, newline: int) -> int:
    """End of a line's text: its newline, or the carriage return before it."""
    if newline > start and buffer[newline - 1] == _RETURN:
        return newline - 1
    return newline


@within_device
def _is_odd(oddities: DeviceArray, count: int, start: int, end: int) -> bool:
    """Whether a byte in start..end - 1 is among the oddities."""
    least = 0
    beyond = count
    while least < beyond:
        middle = (least + beyond) // 2
        if oddities[middle] < start:
            least = middle + 1
        else:
            beyond = middle
    return least < count and oddities[least] < end


@within_device
def _repeats_name(buffer: DeviceArray, name: int, name_end: int, text: int, text_end: int) -> bool:
    """Whether the text after ``+`` is nothing, the whole header, or as many of its first words."""
    length = text_end - text
    if length == 0:
        return True
    if length > name_end - name:
        return False
    for i in range(length):
        if buffer[name + i] != buffer[text + i]:
            return False
    return name + length == name_end or buffer[name + length] == _SPACE or buffer[name + length] == _TAB


@on_device
def _begin(counts: DeviceArray, room: int, report: DeviceArray) -> None:
    """As many records as there are four lines, until one proves to be another."""
    for field in range(len(report)):
        report[field] = 0
    found = counts[0] // 4
    if found > room:
        found = np.int64(room)
    report[FOUND] = found


@on_device
def _look(
    buffer: DeviceArray,
    newlines: DeviceArray,
    counts: DeviceArray,
    oddities: DeviceArray,
    name_starts: DeviceArray,
    name_lengths: DeviceArray,
    sequence_starts: DeviceArray,
    quality_starts: DeviceArray,
    lengths: DeviceArray,
    report: DeviceArray,
) -> None:
    most = counts[0] // 4
    if most > len(lengths):
        most = np.int64(len(lengths))
    for record in range(cuda.grid(1), most, cuda.gridsize(1)):
        name = _start(newlines, 4 * record)
        name_end = _line_end(buffer, name, newlines[4 * record])
        bases = newlines[4 * record] + 1
        bases_end = _line_end(buffer, bases, newlines[4 * record + 1])
        mark = newlines[4 * record + 1] + 1
        mark_end = _line_end(buffer, mark, newlines[4 * record + 2])
        qualities = newlines[4 * record + 2] + 1
        qualities_end = _line_end(buffer, qualities, newlines[4 * record + 3])
        is_plain = (
            buffer[name] == _AT
            and buffer[bases] != _PLUS
            and buffer[bases] != _AT
            and buffer[mark] == _PLUS
            and bases_end - bases == qualities_end - qualities
        )
        if (
            not is_plain
            or _is_odd(oddities, counts[1], bases, bases_end)
            or _is_odd(oddities, counts[1], qualities, qualities_end)
            or not _repeats_name(buffer, name + 1, name_end, mark + 1, mark_end)
        ):
            cuda.atomic.min(report, FOUND, np.int64(record))
            continue
        name_starts[record] = name + 1
        name_lengths[record] = name_end - name - 1
        sequence_starts[record] = bases
        quality_starts[record] = qualities
        lengths[record] = bases_end - bases


@on_device
def _end(newlines: DeviceArray, report: DeviceArray) -> None:
    report[_LINES] = 4 * report[FOUND]
    report[_BYTES] = _start(newlines, 4 * report[FOUND])


def record_table(
    buffer: DeviceArray,
    newlines: DeviceArray,
    counts: DeviceArray,
    oddities: DeviceArray,
    name_starts: DeviceArray,
    name_lengths: DeviceArray,
    sequence_starts: DeviceArray,
    quality_starts: DeviceArray,
    lengths: DeviceArray,
    report: DeviceArray,
    stream: Stream = 0,
) -> None:
    """Finds and validates records of four lines, up to the first that is anything else.

    They are what `kernels.parse.records.record_table` finds there, and in the text that begins where they end that
    kernel finds the rest, and any fault: most often there is a part of a record left, and nothing else.

    Args:
        buffer: uint8, text.
        newlines: int32, what `line_index` gives, of a text for which there was room.
        counts: int64, likewise: numbers of newlines and of oddities.
        oddities: int32, likewise.
        name_starts: int32 [n], to fill; see ``ReadBatch``. No more than n records are looked at. Rows past those found
            may hold anything.
        name_lengths: likewise.
        sequence_starts: likewise.
        quality_starts: likewise.
        lengths: likewise.
        report: int64 [REPORT_SIZE + 1], to fill: ``Field.BYTES`` and ``Field.LINES`` of the records found, at `FOUND`
            their number, zero elsewhere.
        stream: where the launches go.
    """
    launch(_begin, 1, 1, (counts, len(lengths), report), stream)
    if len(lengths):
        in_block = threads(_THREADS)
        columns = (name_starts, name_lengths, sequence_starts, quality_starts, lengths)
        arguments = (buffer, newlines, counts, oddities, *columns, report)
        launch(_look, blocks(len(lengths), in_block, in_block), in_block, arguments, stream)
    launch(_end, 1, 1, (newlines, report), stream)
