"""Faults of FASTQ in sentences for a person."""

from __future__ import annotations

from kernels.parse.record_faults import Fault

_SENTENCES = {
    Fault.HEADER: "a record has to begin with @, but this line begins with {byte}.",
    Fault.NO_SEQUENCE: "the header is followed by + at once: the sequence line is missing.",
    Fault.BLANK_IN_SEQUENCE: "a blank line stands inside a sequence.",
    Fault.SEQUENCE_BYTE: "{byte} cannot stand in a sequence.",
    Fault.SEPARATOR_MISSING: "the next record begins before this one's separator line (+) and qualities.",
    Fault.SEPARATOR: "the third line of a record has to begin with +, but this one begins with {byte}.",
    Fault.NAMES_DIFFER: "the separator line (+) repeats another name than the record's own.",
    Fault.QUALITY_BYTE: "{byte} cannot stand among the qualities (allowed are ! to ~, codes 33 to 126).",
    Fault.LENGTHS_DIFFER: "the sequence has {bases:,} bases but there are {qualities:,} qualities.",
    Fault.TRUNCATED: "the file ends in the middle of this record: it is truncated.",
}
_NAMES = {
    0: "a zero byte",
    9: "a tab",
    10: "the end of the line",
    13: "a carriage return",
    32: "a space",
    127: "a delete",
}


def describe(fault: Fault, byte: int, bases: int, qualities: int) -> str:
    """One sentence that says what is wrong.

    Args:
        fault: what `record_table` found; not ``NONE``.
        byte: the byte at fault, 0..255.
        bases: length of the sequence, where it is known.
        qualities: length of the quality string, where it is known.
    """
    return _SENTENCES[fault].format(byte=_byte_name(byte), bases=bases, qualities=qualities)


def _byte_name(byte: int) -> str:
    if byte in _NAMES:
        return _NAMES[byte]
    if 32 < byte < 127:
        return f"“{chr(byte)}”"
    return f"the byte {byte} (0x{byte:02X})"
