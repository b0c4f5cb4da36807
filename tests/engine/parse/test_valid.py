"""Everything that is valid FASTQ is read, and read right."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.naive_parser import Read, parse
from tests.parsing import SIZES, parse_file, parse_text
from tests.strategies import fastq_texts

A = Read(b"a", b"ACGT", b"IIII")
B = Read(b"b", b"AC", b"!~")

VALID = {
    "four lines": (b"@a\nACGT\n+\nIIII\n@b\nAC\n+\n!~\n", [A, B]),
    "CRLF": (b"@a\r\nACGT\r\n+\r\nIIII\r\n@b\r\nAC\r\n+\r\n!~\r\n", [A, B]),
    "LF and CRLF mixed": (b"@a\nACGT\r\n+\nIIII\r\n@b\r\nAC\n+\r\n!~\n", [A, B]),
    "no last newline": (b"@a\nACGT\n+\nIIII\n@b\nAC\n+\n!~", [A, B]),
    "no last newline, CRLF": (b"@a\r\nACGT\r\n+\r\nIIII\r\n@b\r\nAC\r\n+\r\n!~", [A, B]),
    "half a last CRLF": (b"@a\r\nACGT\r\n+\r\nIIII\r", [A]),
    "name repeated": (b"@a\nACGT\n+a\nIIII\n", [A]),
    "whole header repeated": (b"@a 1:N:0\nACGT\n+a 1:N:0\nIIII\n", [Read(b"a 1:N:0", b"ACGT", b"IIII")]),
    "first word of the header repeated": (b"@a 1\nAC\n+a\nII\n", [Read(b"a 1", b"AC", b"II")]),
    "first word before a tab repeated": (b"@a\t1\nAC\n+a\nII\n", [Read(b"a\t1", b"AC", b"II")]),
    "white space around a separator's name, or without one": (
        b"@a\nACGT\n+ \nIIII\n@b\nAC\n+\tb \t\r\n!~\n@ a 1 \nA\n+a 1\nI\n@ a 1 \nA\n+ a\t\nI\n",
        [A, B, Read(b" a 1 ", b"A", b"I"), Read(b" a 1 ", b"A", b"I")],
    ),
    "wrapped": (b"@a\nAC\nGT\n+\nII\nII\n@b\nA\nC\n+b\n!\n~\n", [A, B]),
    "wrapped, CRLF": (b"@a\r\nAC\r\nGT\r\n+\r\nII\r\nII\r\n", [A]),
    "wrapped, no last newline": (b"@a\nAC\nGT\n+\nII\nII", [A]),
    "wrapped unevenly": (b"@a\nA\nCGT\n+\nIII\nI\n", [A]),
    "wrapped sequence, qualities on one line": (b"@a\nAC\nGT\n+\nIIII\n@b\nAC\n+\n!~\n", [A, B]),
    "qualities wrapped, sequence on one line": (b"@a\nACGT\n+\nI\nI\nII\n@b\nAC\n+\n!~\n", [A, B]),
    "qualities wrapped after one line of bases, one of them begins with @": (
        b"@a\nACGT\n+\nII\n@I\n@b\nAC\n+\n!\n@\n\n@a\nACGT\n+\nI\n@+\n@",
        [Read(b"a", b"ACGT", b"II@I"), Read(b"b", b"AC", b"!@"), Read(b"a", b"ACGT", b"I@+@")],
    ),
    "four-line and wrapped records": (b"@a\nACGT\n+\nIIII\n@b\nA\nC\n+\n!\n~\n@a\nACGT\n+\nIIII\n", [A, B, A]),
    "blank lines before, between and at the end": (b"\n\n@a\nACGT\n+\nIIII\n\n\n@b\nAC\n+\n!~\n\n\n\n", [A, B]),
    "blank lines, CRLF": (b"\r\n@a\r\nACGT\r\n+\r\nIIII\r\n\r\n@b\r\nAC\r\n+\r\n!~\r\n\r\n", [A, B]),
    "blank line at the end without newline": (b"@a\nACGT\n+\nIIII\n\n\r", [A]),
    "lines of white space alone": (b" \n@a\nACGT\n+\nIIII\n\t \r\n@b\nAC\n+\n!~\n\x0b\x0c\n ", [A, B]),
    "empty read": (b"@a\n\n+\n\n@b\nAC\n+\n!~\n", [Read(b"a", b"", b""), B]),
    "empty read, CRLF": (b"@a\r\n\r\n+\r\n\r\n@b\r\nAC\r\n+\r\n!~\r\n", [Read(b"a", b"", b""), B]),
    "empty read, blank lines after": (b"@a\n\n+\n\n\n\n@b\nAC\n+\n!~\n", [Read(b"a", b"", b""), B]),
    "empty read at the end": (b"@b\nAC\n+\n!~\n@a\n\n+\n\n", [B, Read(b"a", b"", b"")]),
    "empty read at the end, no last newline": (b"@b\nAC\n+\n!~\n@a\n\n+\n", [B, Read(b"a", b"", b"")]),
    "empty read at the end, name repeated, CRLF": (b"@a\r\n\r\n+a\r\n\r\n", [Read(b"a", b"", b"")]),
    "nothing but empty reads": (b"@a\n\n+\n\n@a\n\n+\n\n", [Read(b"a", b"", b"")] * 2),
    "lower case": (b"@a\nacgtn\n+\nIIIII\n", [Read(b"a", b"acgtn", b"IIIII")]),
    "ambiguity codes and gaps": (
        b"@a\nRYSWKMBDHVN.-*\n+\nIIIIIIIIIIIIII\n",
        [Read(b"a", b"RYSWKMBDHVN.-*", b"I" * 14)],
    ),
    "@ as first quality": (
        b"@a\nACGT\n+\n@III\n@b\nAC\n+\n@@\n",
        [Read(b"a", b"ACGT", b"@III"), Read(b"b", b"AC", b"@@")],
    ),
    "+ as first quality": (
        b"@a\nACGT\n+\n+III\n@b\nAC\n+\n++\n",
        [Read(b"a", b"ACGT", b"+III"), Read(b"b", b"AC", b"++")],
    ),
    "@ alone and + alone as qualities": (
        b"@a\nA\n+\n@\n@b\nC\n+\n+\n",
        [Read(b"a", b"A", b"@"), Read(b"b", b"C", b"+")],
    ),
    "a quality line that looks like a header": (b"@b\nAC\n+\n@b\n@b\nAC\n+\n!~\n", [Read(b"b", b"AC", b"@b"), B]),
    "@ first on wrapped quality lines": (b"@a\nAC\nGT\n+\n@I\n@I\n@b\nAC\n+\n!~\n", [Read(b"a", b"ACGT", b"@I@I"), B]),
    "+ first on wrapped quality lines": (b"@a\nAC\nGT\n+\n+I\n+I\n@b\nAC\n+\n!~\n", [Read(b"a", b"ACGT", b"+I+I"), B]),
    "every quality": (
        b"@a\n" + b"A" * 94 + b"\n+\n" + bytes(range(33, 127)) + b"\n",
        [Read(b"a", b"A" * 94, bytes(range(33, 127)))],
    ),
    "no name": (b"@\nAC\n+\n!~\n", [Read(b"", b"AC", b"!~")]),
    "a header of two @": (b"@@a\nAC\n+@a\n!~\n", [Read(b"@a", b"AC", b"!~")]),
    "bytes above 127 in the header": (
        "@Probe_µ_№7\nAC\n+\n!~\n".encode() + b"@\xff\xfe\nAC\n+\n!~\n",
        [Read("Probe_µ_№7".encode(), b"AC", b"!~"), Read(b"\xff\xfe", b"AC", b"!~")],
    ),
    "control characters in the header": (b"@a\0\x01\t\x7f \nAC\n+\n!~\n", [Read(b"a\0\x01\t\x7f ", b"AC", b"!~")]),
    "a carriage return inside the header": (b"@a\rb\nAC\n+\n!~\n", [Read(b"a\rb", b"AC", b"!~")]),
    "nothing": (b"", []),
    "nothing but blank lines": (b"\n\r\n\n", []),
    "nothing but white space": (b" \n\t", []),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", VALID)
def test_is_read_right(case: str, size: int) -> None:
    text, reads = VALID[case]
    assert parse_text(text, size) == (reads, None)


@pytest.mark.parametrize("case", [case for case in VALID if case != "nothing"])
def test_is_read_right_from_files(case: str, tmp_path: Path) -> None:
    text, reads = VALID[case]
    (tmp_path / "plain.fastq").write_bytes(text)
    (tmp_path / "compressed.fastq.gz").write_bytes(gzip.compress(text[:9]) + gzip.compress(text[9:]))
    assert parse_file(tmp_path / "plain.fastq", size=16) == (reads, None)
    assert parse_file(tmp_path / "compressed.fastq.gz", size=16) == (reads, None)


@pytest.mark.parametrize("case", VALID)
def test_the_naive_parser_is_right_too(case: str) -> None:
    text, reads = VALID[case]
    assert parse(text).blame is None
    assert list(parse(text).reads) == reads


@settings(max_examples=100)
@given(drawn=fastq_texts(), size=st.integers(1, 200), piece=st.integers(1, 50))
def test_any_layout_is_read_right(drawn: tuple[list[Read], bytes], size: int, piece: int) -> None:
    reads, text = drawn
    assert parse_text(text, size, piece) == (reads, None)
