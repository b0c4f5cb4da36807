"""BAM records to FASTQ text. SAM/BAM specification, section 4.2."""

from __future__ import annotations

import numpy as np

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
    WANTED,
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

_LAYOUT, _NAME, _QUALITY, _NO_QUALITIES = (
    int(trouble) for trouble in (Trouble.LAYOUT, Trouble.NAME, Trouble.QUALITY, Trouble.NO_QUALITIES)
)
_FIXED = 32  # bytes of a record before its name, without its length
_MISSING = 255
_HIGHEST = 93
_NEWLINE = 10

BASES = b"=ACMGRSVTWYHKDBN"
"""What each four-bit code stands for."""

# Two bases a byte, as they stand and as read from the other strand, the second base first: there,
# each code has its bits in reverse order.
_FORWARD = np.array([[BASES[byte >> 4], BASES[byte & 15]] for byte in range(256)], np.uint8)
_OPPOSITE = [int(f"{code:04b}"[::-1], 2) for code in range(16)]
_REVERSE = np.array([[BASES[_OPPOSITE[byte & 15]], BASES[_OPPOSITE[byte >> 4]]] for byte in range(256)], np.uint8)


@inlined
def _integer(data: Bytes, at: Number) -> Number:
    """A little-endian int32."""
    value = np.int64(data[at]) | np.int64(data[at + 1]) << 8 | np.int64(data[at + 2]) << 16
    value |= np.int64(data[at + 3]) << 24
    return value - (1 << 32) if value >= 1 << 31 else value


@inlined
def _header_length(data: Bytes, start: Number, stop: Number) -> Number:
    """Bytes of the header; 0 if it goes on after `stop`; -1 if it cannot be one."""
    if start + 8 > stop:
        return 0
    text = _integer(data, start + 4)
    if text < 0:
        return -1
    at = start + 8 + text
    if at + 4 > stop:
        return 0
    references = _integer(data, at)
    at += 4
    if references < 0:
        return -1
    for _ in range(references):
        if at + 4 > stop:
            return 0
        name = _integer(data, at)
        if name < 0:
            return -1
        at += 8 + name
    return at - start if at <= stop else 0


@inlined
def _write_bases(packed: Bytes, is_reversed: bool, text: Bytes) -> None:
    """Unpacks the bases.

    Args:
        packed: uint8 [(bases + 1) // 2].
        is_reversed: turn them back.
        text: uint8 [bases].
    """
    pairs = len(text) // 2
    is_odd = len(text) & 1
    if not is_reversed:
        for i in range(pairs):
            text[2 * i] = _FORWARD[packed[i], 0]
            text[2 * i + 1] = _FORWARD[packed[i], 1]
        if is_odd:
            text[2 * pairs] = _FORWARD[packed[pairs], 0]
        return
    if is_odd:
        text[0] = _REVERSE[packed[pairs], 1]
    turned = text[is_odd:]
    for i in range(pairs):
        turned[2 * i] = _REVERSE[packed[pairs - 1 - i], 0]
        turned[2 * i + 1] = _REVERSE[packed[pairs - 1 - i], 1]


@inlined
def _write_qualities(numbers: Bytes, is_reversed: bool, text: Bytes) -> bool:
    """Writes the qualities as text; false, and nothing written, if one is too high for that."""
    highest = np.uint8(0)
    for i in range(len(numbers)):
        highest = max(highest, numbers[i])
    if highest > _HIGHEST:
        return False
    last = len(text) - 1
    if is_reversed:
        for i in range(len(text)):
            text[i] = numbers[last - i] + np.uint8(33)
    else:
        for i in range(len(text)):
            text[i] = numbers[i] + np.uint8(33)
    return True


@kernel("void(uint8[::1], int64, int64, uint8[::1], int64, int64[::1])")
def bam_to_fastq(data: Bytes, start: int, stop: int, target: Bytes, room: int, report: Report) -> None:
    """Writes the reads of the whole records in ``data[start:stop]`` as FASTQ, until one does not fit.

    Every sequenced read comes once and as it came from the machine: secondary and supplementary
    records are skipped unless they are wanted, reads from the reverse strand are turned back. A mate gets ``/1`` or
    ``/2`` after its name. A read without bases is an empty read.

    Args:
        data: uint8, a piece of an uncompressed BAM file; the first piece begins with its header.
        start: where the piece begins.
        stop: where it ends.
        target: uint8 [>= room], receives the text.
        room: bytes of text that may be written.
        report: int64 [REPORT_SIZE], zeros before the first call; see `alignments.Field`.
    """
    begin_report(report)
    at = np.int64(start)
    if not report[HEADER]:
        header = _header_length(data, start, stop)
        if header <= 0:
            report[TROUBLE] = _LAYOUT if header < 0 else 0
            return
        at += np.int64(header)
        report[HEADER] = 1
    written = np.int64(0)
    while True:
        report[CONSUMED] = at - start
        report[WRITTEN] = written
        if at + 4 > stop:
            return
        size = _integer(data, at)
        if size < _FIXED:
            report[TROUBLE] = _LAYOUT
            return
        if at + 4 + size > stop:
            report[WANTED] = 4 + size
            return
        record = at + 4
        name_length = np.int64(data[record + 8])
        cigar = np.int64(data[record + 12]) | np.int64(data[record + 13]) << 8
        flags = np.int64(data[record + 14]) | np.int64(data[record + 15]) << 8
        bases = _integer(data, record + 16)
        name = record + _FIXED
        sequence = name + name_length + 4 * cigar
        qualities = sequence + (bases + 1) // 2
        if bases < 0 or name_length == 0 or qualities + bases > record + size or data[name + name_length - 1] != 0:
            report[TROUBLE] = _LAYOUT
            return
        is_bare = bases == 0 or data[qualities] == _MISSING
        if flags & NOT_A_READ and (is_bare or not report[REPEATS]):
            report[SKIPPED] += 1
        else:
            if bad_name(data, name, name_length - 1):
                report[TROUBLE] = _NAME
                return
            if bases and data[qualities] == _MISSING:
                report[TROUBLE] = _NO_QUALITIES
                return
            length = text_length(name_length - 1, bases, flags)
            if written + length > room:
                report[ROOM] = length
                return
            is_reversed = flags & REVERSED != 0
            place = write_name(data, name, name_length - 1, flags, target, written)
            _write_bases(data[sequence:qualities], is_reversed, target[place : place + bases])
            place = write_separator(target, place + bases)
            numbers = data[qualities : qualities + bases]
            if not _write_qualities(numbers, is_reversed, target[place : place + bases]):
                report[TROUBLE] = _QUALITY
                return
            target[place + bases] = _NEWLINE
            written += length
        report[RECORDS] += 1
        at += np.int64(4 + size)
