"""`record_table` held to the naive parser: same reads, same fault, same place, however the text is cut."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.parse.record_faults import REPORT_SIZE, Fault, Field
from kernels.parse.records import record_table
from kernels.select import line_index
from tests.naive_parser import Blame, Parsed, Read, parse
from tests.strategies import fastq_texts, mutated

SMALL_TEXTS = [
    b"@a\nACGT\n+\nIIII\n@b\n\n+\n\n@c 1\nA\n+c\n@\n",
    b"\n@a\r\nAC\r\nG\r\n+a\r\n@+\r\n~\r\n\r\n@b\nA\n+\n+",
    b"@a\nACGT\n+\nIII\n@b\nA\n+\nI\n",
    b"@a\nA\n+\nI\n@b\nA C\n+\nIII\n",
    b"@a\nA\n+\nI\n@b\nACG\n+x\nIII\n",
    b"@a\nAC\n\n+\nIII\n",
    b"@a\n\n+\n",
    b"@a\n@b\nACGT\n+\nIIII\n@c\nA\n+\nI\n",
]

# What faults are made of.
_LINE_ENDS = [b"\n", b"\n", b"\n", b"\r\n", b"\r"]
_SCRAPS = [b"@", b"+", b"@a", b"@a b", b"+a", b"+b", b"A", b"ACGT", b"IIII", b" ", b"\0"]
scrap_texts = st.lists(st.sampled_from(_LINE_ENDS + _SCRAPS), max_size=25).map(b"".join)


@dataclass(frozen=True)
class Tabled:
    """What `record_table` makes of one text."""

    reads: list[Read]
    blame: Blame | None
    used_bytes: int
    used_lines: int


def tabled(text: bytes, *, at_end: bool = True) -> Tabled:
    """Calls the kernel as the parser does, and cuts the reads out of the buffer."""
    terminated = text.endswith(b"\n")
    buffer = np.frombuffer(bytearray(text + b"\n"), np.uint8)
    stop = len(text) + (at_end and not terminated and bool(text))
    newlines, oddities = np.empty((2, stop), np.int32)
    n_newlines, n_odd = line_index(buffer, stop, newlines, oddities)
    columns = np.full((5, n_newlines // 4 + 2), -1, np.int32)
    names, name_lengths, sequences, qualities, lengths = (column[:-1] for column in columns)
    report = np.full(REPORT_SIZE, -1, np.int64)
    found = record_table(
        buffer, newlines, n_newlines, oddities, n_odd, at_end, terminated,
        names, name_lengths, sequences, qualities, lengths, report,
    )  # fmt: skip
    assert (columns[:, found:] == -1).all(), "written past the last record"
    used = int(report[Field.BYTES])
    assert bytes(buffer[used : len(text)]) == text[used:], "unfinished records changed"
    joined = bytes(buffer)
    reads = [
        Read(joined[n : n + n_length], joined[s : s + length], joined[q : q + length])
        for n, n_length, s, q, length in columns[:, :found].T.tolist()
    ]
    fault = Fault(int(report[Field.FAULT]))
    place = min(int(report[Field.OFFSET]), len(text))
    blame = Blame(fault, int(found), int(report[Field.LINE]), place) if fault else None
    return Tabled(reads, blame, min(used, len(text)), int(report[Field.LINES]))


def tabled_in_pieces(pieces: Iterable[bytes]) -> Parsed:
    """The whole of a text that arrives in pieces; what is unfinished waits for the next."""
    reads: list[Read] = []
    waiting = b""
    n_bytes = n_lines = 0
    for piece, at_end in itertools.chain(((piece, False) for piece in pieces), [(b"", True)]):
        part = tabled(waiting + piece, at_end=at_end)
        if part.blame:
            blame = part.blame
            place = Blame(blame.fault, len(reads) + blame.record, n_lines + blame.line, n_bytes + blame.offset)
            return Parsed((*reads, *part.reads), place)
        reads += part.reads
        waiting = (waiting + piece)[part.used_bytes :]
        n_bytes += part.used_bytes
        n_lines += part.used_lines
    assert not waiting
    return Parsed(tuple(reads), None)


def test_by_hand() -> None:
    text = b"\n@a 1\nACGT\n+a\n@II!\n@b\r\nac\r\nN\r\n+\r\n+~\r\n@\r\n\n@c\n\n+\n\n"
    result = tabled(text)
    assert result.reads == [Read(b"a 1", b"ACGT", b"@II!"), Read(b"b", b"acN", b"+~@"), Read(b"c", b"", b"")]
    assert (result.blame, result.used_bytes, result.used_lines) == (None, len(text), 16)


def test_a_fault_by_hand() -> None:
    result = tabled(b"@a\nAC\n+\nII\n@b\nACG\n+\nI I\n")
    assert result.reads == [Read(b"a", b"AC", b"II")]
    assert result.blame == Blame(Fault.QUALITY_BYTE, record=1, line=7, offset=21)
    assert (result.used_bytes, result.used_lines) == (11, 4)


def test_what_is_unfinished_is_no_fault_before_the_end() -> None:
    text = b"@a\nAC\n+\nII\n@b\nACG\n+\nII"
    assert tabled(text, at_end=False).blame is None
    assert tabled(text, at_end=False).used_bytes == 11
    assert tabled(text).blame == Blame(Fault.TRUNCATED, record=1, line=7, offset=len(text))


@given(drawn=fastq_texts())
def test_finds_the_reads_that_a_valid_text_was_made_of(drawn: tuple[list[Read], bytes]) -> None:
    reads, text = drawn
    assert parse(text) == Parsed(tuple(reads), None)
    assert tabled_in_pieces([text]) == Parsed(tuple(reads), None)


@settings(max_examples=300)
@given(text=st.one_of(fastq_texts().flatmap(lambda drawn: mutated(drawn[1])), scrap_texts))
def test_agrees_with_the_naive_parser_on_any_text(text: bytes) -> None:
    assert tabled_in_pieces([text]) == parse(text)


@settings(max_examples=150)
@given(
    text=st.one_of(fastq_texts(most=4).flatmap(lambda drawn: mutated(drawn[1])), scrap_texts),
    cuts=st.lists(st.integers(0, 200), max_size=8),
)
def test_it_does_not_matter_how_the_text_is_cut(text: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in itertools.pairwise(places)]
    assert tabled_in_pieces(pieces) == parse(text)


@pytest.mark.parametrize("text", SMALL_TEXTS)
def test_every_cut_and_byte_by_byte(text: bytes) -> None:
    expected = parse(text)
    for cut in range(len(text) + 1):
        assert tabled_in_pieces([text[:cut], text[cut:]]) == expected
    for size in (1, 2, 3):
        assert tabled_in_pieces([text[i : i + size] for i in range(0, len(text), size)]) == expected


@pytest.mark.parametrize("text", SMALL_TEXTS)
def test_every_beginning_as_a_whole_file(text: bytes) -> None:
    for end in range(len(text)):
        assert tabled_in_pieces([text[:end]]) == parse(text[:end]), end


@pytest.mark.parametrize("text", SMALL_TEXTS)
def test_every_two_cuts(text: bytes) -> None:
    expected = parse(text)
    for first, second in itertools.combinations(range(0, len(text) + 1, 2), 2):
        assert tabled_in_pieces([text[:first], text[first:second], text[second:]]) == expected
