"""FASTQ of two-base colours, as SOLiD sequencers wrote it, to FASTQ of bases."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from kernels.jit import inlined, kernel

Bytes = npt.NDArray[np.uint8]
Report = npt.NDArray[np.int64]
Number = int | np.int64


class ColourTrouble(IntEnum):
    """What can be wrong with a record."""

    NONE = 0
    HEADER = 1
    COLOURS = 2
    SEPARATOR = 3
    LENGTHS = 4


class ColourField(IntEnum):
    """What `colours_to_fastq` tells, by its place in the report.

    `FOUND`, `SCANNED` and the ends of lines are of the record that is not whole yet, relative to its beginning; the
    next call goes on there. `RECORDS` and `LINES` go on counting from call to call.
    """

    CONSUMED = 0
    WRITTEN = 1
    RECORDS = 2
    LINES = 3
    TROUBLE = 4
    ROOM = 5
    COLOURS = 6
    QUALITIES = 7
    FOUND = 8
    SCANNED = 9
    ENDS = 10


REPORT_SIZE = ColourField.ENDS + 4
"""Entries of a report, int64, all 0 before the first call."""

_CONSUMED, _WRITTEN, _RECORDS, _LINES, _TROUBLE, _ROOM, _COLOURS, _QUALITIES, _FOUND, _SCANNED, _ENDS = (
    int(field) for field in ColourField
)
_NO_HEADER, _NO_COLOURS, _NO_SEPARATOR, _OTHER_LENGTHS = (int(trouble) for trouble in ColourTrouble if trouble)
_AT = 64
_NEWLINE = 10
_RETURN = 13
_PLUS = 43
_N = 78

# Of each byte: its number as a base or a known colour, `_NOT_KNOWN` for a colour that is none, `_ODD` for any other.
_NOT_KNOWN = 4
_ODD = 8  # a bit that no other code has
_CODES = np.full(256, _ODD, np.uint8)
_CODES[list(b"456.")] = _NOT_KNOWN
for _number, _colour in enumerate(b"0123"):
    _CODES[_colour] = _number
_PRIMERS = np.full(256, _ODD, np.uint8)
for _number, (_upper, _lower) in enumerate(zip(b"ACGT", b"acgt", strict=True)):
    _PRIMERS[[_upper, _lower]] = _number
_BASES = np.frombuffer(b"ACGT", np.uint8).copy()


@inlined
def _is_blank(line: Bytes) -> bool:
    good = True
    for i in range(len(line)):
        good &= line[i] == 32 or 9 <= line[i] <= 13
    return good


@inlined
def _shown(line: Bytes) -> Bytes:
    """The line without the carriage return of its end."""
    return line[: len(line) - 1] if len(line) > 0 and line[len(line) - 1] == _RETURN else line


@inlined
def _are_colours(read: Bytes) -> bool:
    if len(read) == 0:
        return True
    odd = _PRIMERS[read[0]]
    for i in range(1, len(read)):
        odd |= _CODES[read[i]]
    return bool(odd < _ODD)


@inlined
def _is_separator(separator: Bytes, header: Bytes) -> bool:
    if len(separator) == 0 or separator[0] != _PLUS:
        return False
    if len(separator) == 1:
        return True
    if len(separator) != len(header):
        return False
    same = True
    for i in range(1, len(header)):
        same &= separator[i] == header[i]
    return same


@inlined
def _write_line(line: Bytes, text: Bytes, at: Number) -> Number:
    for i in range(len(line)):
        text[at + i] = line[i]
    text[at + len(line)] = _NEWLINE
    return at + len(line) + 1


@inlined
def _write_bases(read: Bytes, text: Bytes, at: Number) -> Number:
    """Writes the bases that the colours lead to, from the primer's base on; past an unknown colour, all N."""
    if len(read) > 0:
        number = _PRIMERS[read[0]]
        for i in range(1, len(read)):
            # Neither bit of an unknown colour can be taken back by a known one: 4 stays.
            number = (number ^ (_CODES[read[i]] & 3)) | (number & 4) | (_CODES[read[i]] & 4)
            text[at] = _N if number & 4 else _BASES[number & 3]
            at += 1
    text[at] = _NEWLINE
    return at + 1


@kernel("void(uint8[::1], int64, int64, uint8[::1], int64, int64[::1])")
def colours_to_fastq(data: Bytes, start: int, stop: int, target: Bytes, room: int, report: Report) -> None:
    """Writes the whole records in ``data[start:stop]`` as FASTQ of bases, until one does not fit or is not valid.

    A record has four lines: a header, a base and colours or nothing, a separator, and as many qualities as colours, or
    one more, of which the first is left out then. Lines of white space between records are passed over.

    Args:
        data: uint8, text; every line of it that counts is ended.
        start: where the record begins that comes next.
        stop: where the text ends.
        target: uint8, receives the text.
        room: bytes that may be written there.
        report: int64 [`REPORT_SIZE`], what the last call left; see `ColourField`. `CONSUMED` bytes from ``start`` on
            are done with, `WRITTEN` bytes were written. `TROUBLE`: a `ColourTrouble` of the record after. `ROOM`: the
            record after needs so many bytes; 0 where there is no whole one.
    """
    at = np.int64(start)
    written: Number = np.int64(0)
    report[_TROUBLE] = 0
    report[_ROOM] = 0
    while True:
        report[_CONSUMED] = at - start
        report[_WRITTEN] = written
        found = report[_FOUND]
        i = at + report[_SCANNED]
        while found < 4 and i < stop:
            if data[i] == _NEWLINE:
                report[_ENDS + found] = i - at
                found += 1
                if found == 1 and _is_blank(data[at:i]):
                    at = i + 1
                    found = 0
                    report[_LINES] += 1
            i += 1
        report[_CONSUMED] = at - start
        report[_FOUND] = found
        report[_SCANNED] = i - at
        if found < 4:
            return
        header = _shown(data[at : at + report[_ENDS]])
        read = _shown(data[at + report[_ENDS] + 1 : at + report[_ENDS + 1]])
        separator = _shown(data[at + report[_ENDS + 1] + 1 : at + report[_ENDS + 2]])
        quality = _shown(data[at + report[_ENDS + 2] + 1 : at + report[_ENDS + 3]])
        colours = max(len(read) - 1, 0)
        report[_COLOURS] = colours
        report[_QUALITIES] = len(quality)
        if len(header) == 0 or header[0] != _AT:
            report[_TROUBLE] = _NO_HEADER
        elif not _are_colours(read):
            report[_TROUBLE] = _NO_COLOURS
        elif not _is_separator(separator, header):
            report[_TROUBLE] = _NO_SEPARATOR
        elif len(quality) != colours and len(quality) != len(read):
            report[_TROUBLE] = _OTHER_LENGTHS
        if report[_TROUBLE]:
            return
        needed = len(header) + 2 * colours + 5
        if written + needed > room:
            report[_ROOM] = needed
            return
        written = _write_line(header, target, written)
        written = _write_bases(read, target, written)
        target[written] = _PLUS
        target[written + 1] = _NEWLINE
        written = _write_line(quality[len(quality) - colours :], target, written + 2)
        at += report[_ENDS + 3] + 1
        report[_RECORDS] += 1
        report[_LINES] += 4
        report[_FOUND] = 0
        report[_SCANNED] = 0


_STEPS = {"A": "ACGT", "C": "CATG", "G": "GTAC", "T": "TGCA"}


def bases_of_reference(read: bytes) -> bytes:
    """The bases of a read of colours, one fewer than its letters, as the primer's base is none of its own."""
    base, bases = read[:1].decode().upper(), ""
    for colour in read[1:].decode():
        base = _STEPS[base][int(colour)] if base != "N" and colour in "0123" else "N"
        bases += base
    return bases.encode()


def colours_to_fastq_reference(text: bytes) -> tuple[bytes, int, int, int, ColourTrouble]:
    """What `colours_to_fastq` makes of a text, however it is cut, with enough room.

    Returns:
        The text written, the bytes consumed, the records and lines among them, and what is wrong with the record after.
    """
    lines = text.split(b"\n")[:-1]
    written, consumed, records, at = b"", 0, 0, 0
    trouble = ColourTrouble.NONE
    while at < len(lines):
        if not lines[at].strip():
            consumed += len(lines[at]) + 1
            at += 1
            continue
        if at + 4 > len(lines):
            break
        header, read, separator, quality = (line.removesuffix(b"\r") for line in lines[at : at + 4])
        trouble = _trouble_reference(header, read, separator, quality)
        if trouble:
            break
        bases = bases_of_reference(read)
        written += b"%b\n%b\n+\n%b\n" % (header, bases, quality[len(quality) - len(bases) :])
        consumed += sum(len(line) + 1 for line in lines[at : at + 4])
        records += 1
        at += 4
    return written, consumed, records, at, trouble


def _trouble_reference(header: bytes, read: bytes, separator: bytes, quality: bytes) -> ColourTrouble:
    if not header.startswith(b"@"):
        return ColourTrouble.HEADER
    if read and not (read[:1] in b"ACGTacgt" and all(letter in b"0123456." for letter in read[1:])):
        return ColourTrouble.COLOURS
    if separator not in (b"+", b"+" + header[1:]):
        return ColourTrouble.SEPARATOR
    return ColourTrouble.NONE if len(quality) in (max(len(read) - 1, 0), len(read)) else ColourTrouble.LENGTHS
