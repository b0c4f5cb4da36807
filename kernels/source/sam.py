"""SAM lines to FASTQ text. SAM/BAM specification, section 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel
from kernels.source.alignments import (
    CONSUMED,
    HEADER,
    NOT_A_READ,
    RECORDS,
    REPEATS,
    REVERSED,
    ROOM,
    SKIPPED,
    TROUBLE,
    WRITTEN,
    Bytes,
    Number,
    Report,
    Trouble,
    bad_name,
    begin_report,
    text_length,
    write_name,
    write_separator,
)

Positions = npt.NDArray[np.int64]

_LAYOUT, _NAME, _FLAGS, _SEQUENCE, _LENGTHS, _QUALITY, _NO_QUALITIES, _LATE_HEADER = (
    int(trouble) for trouble in Trouble if trouble
)
_AT = 64
_NEWLINE = 10
_RETURN = 13
_STAR = 42
_TAB = 9
_COLUMNS = 11
_DOT = 46
_N = 78
_HIGHEST_FLAGS = 0xFFFF

_PAIRS = dict(zip(b"ACGTUMRWSYKVHDBN", b"TGCAAKYWSRMBDHVN", strict=True))
# What a base is on the other strand; 0 for what is no base.
_OPPOSITE = np.zeros(256, np.uint8)
for _base in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
    _OPPOSITE[_base] = _PAIRS.get(_base, _base)
    _OPPOSITE[_base + 32] = _PAIRS.get(_base, _base) + 32
_OPPOSITE[ord("=")] = ord("=")
_OPPOSITE[ord(".")] = ord("N")


@inlined
def _number(data: Bytes, start: Number, stop: Number) -> Number:
    """A decimal number up to 65,535; -1 for anything else."""
    value = np.int64(0)
    for i in range(start, stop):
        if data[i] < 48 or data[i] > 57 or value > _HIGHEST_FLAGS:
            return -1
        value = 10 * value + (data[i] - 48)
    return value if start < stop and value <= _HIGHEST_FLAGS else -1


@inlined
def _write_bases(bases: Bytes, is_reversed: bool, text: Bytes) -> bool:
    """Writes the bases, a dot as N, which BAM makes of it too; false if there is anything among them that is none."""
    last = len(bases) - 1
    good = True
    for i in range(len(bases)):
        if _OPPOSITE[bases[i]] == 0:
            good = False
    if is_reversed:
        for i in range(len(bases)):
            text[i] = _OPPOSITE[bases[last - i]]
    else:
        for i in range(len(bases)):
            text[i] = _N if bases[i] == _DOT else bases[i]
    return good


@inlined
def _write_qualities(qualities: Bytes, is_reversed: bool, text: Bytes) -> bool:
    """Writes the qualities; false if one is outside 33..126."""
    last = len(qualities) - 1
    good = True
    for i in range(len(qualities)):
        if qualities[i] < 33 or qualities[i] > 126:
            good = False
    if is_reversed:
        for i in range(len(qualities)):
            text[i] = qualities[last - i]
    else:
        for i in range(len(qualities)):
            text[i] = qualities[i]
    return good


@inlined
def _find_columns(text: Bytes, edges: Positions) -> tuple[Number, Number]:
    """Finds the first line and its first columns.

    Args:
        text: uint8.
        edges: int64 [`_COLUMNS` + 1], receives where each column begins; as many as are followed by a tab.

    Returns:
        The place of the line's end, -1 if there is none, and the number of tabs that were looked at.
    """
    columns = 0
    for i in range(len(text)):
        byte = text[i]
        if byte <= _RETURN:
            if byte == _NEWLINE:
                return i, columns
            if byte == _TAB and columns < _COLUMNS:
                columns += 1
                edges[columns] = i + 1
    return -1, columns


@kernel("void(uint8[::1], int64, int64, uint8[::1], int64, int64[::1])")
def sam_to_fastq(data: Bytes, start: int, stop: int, target: Bytes, room: int, report: Report) -> None:
    """Writes the reads of the whole lines in ``data[start:stop]`` as FASTQ, until one does not fit.

    The same reads as `bam.bam_to_fastq` gives for the same records; it has the arguments.
    """
    begin_report(report)
    edges = np.zeros(_COLUMNS + 1, np.int64)  # where each column begins, and one past the end of the last
    at = np.int64(start)
    written = np.int64(0)
    while True:
        report[CONSUMED] = at - start
        report[WRITTEN] = written
        line, columns = _find_columns(data[at:stop], edges)
        if line < 0:
            return
        end = at + line
        line_end = end - 1 if line > 0 and data[end - 1] == _RETURN else end
        if line_end == at:
            at = np.int64(end + 1)
            continue
        if data[at] == _AT:
            if report[HEADER]:
                report[TROUBLE] = _LATE_HEADER
                return
            at = np.int64(end + 1)
            continue
        report[HEADER] = 1
        if columns < _COLUMNS:
            columns += 1
            edges[columns] = line_end - at + 1
        if columns < _COLUMNS:
            report[TROUBLE] = _LAYOUT
            return
        flags = _number(data, at + edges[1], at + edges[2] - 1)
        if flags < 0:
            report[TROUBLE] = _FLAGS
            return
        bases = edges[10] - 1 - edges[9]
        qualities = edges[11] - 1 - edges[10]
        sequence = data[at + edges[9] : at + edges[9] + bases]
        quality = data[at + edges[10] : at + edges[10] + qualities]
        if bases == 1 and sequence[0] == _STAR:
            bases = 0
        is_unscored = qualities == 1 and quality[0] == _STAR
        if flags & NOT_A_READ and (bases == 0 or is_unscored or not report[REPEATS]):
            if not is_unscored and bases != qualities:  # a lost line end, say, which took a read into this record
                report[TROUBLE] = _LENGTHS
                return
            report[SKIPPED] += 1
        else:
            name_length = edges[1] - 1
            if bad_name(data, at, name_length):
                report[TROUBLE] = _NAME
                return
            if is_unscored:
                if bases:
                    report[TROUBLE] = _NO_QUALITIES
                    return
                qualities = 0
            if bases != qualities:
                report[TROUBLE] = _LENGTHS
                return
            length = text_length(name_length, bases, flags)
            if written + length > room:
                report[ROOM] = length
                return
            is_reversed = flags & REVERSED != 0
            place = write_name(data, at, name_length, flags, target, written)
            if not _write_bases(sequence[:bases], is_reversed, target[place : place + bases]):
                report[TROUBLE] = _SEQUENCE
                return
            place = write_separator(target, place + bases)
            if not _write_qualities(quality[:bases], is_reversed, target[place : place + bases]):
                report[TROUBLE] = _QUALITY
                return
            target[place + bases] = _NEWLINE
            written += length
        report[RECORDS] += 1
        at = np.int64(end + 1)
