"""Everything that is not FASTQ is refused with its place and a sentence, and the reads before it are kept."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.errors import FastqFormatError
from tests.naive_parser import Read, parse
from tests.parsing import SIZES, parse_file, parse_text

GOOD = Read(b"one", b"ACGT", b"IIII")
BEFORE = b"@one\nACGT\n+\nIIII\n" * 2
AFTER = b"@end\nACGT\n+\nIIII\n"


@dataclass(frozen=True)
class Case:
    """A bad record; the line (from 1) and the byte (from 0) at fault are those within it."""

    text: bytes
    line: int
    offset: int
    reason: str
    before: bytes = BEFORE
    after: bytes = AFTER


HEADER = "a record has to begin with @, but this line begins with {}."
NO_SEQUENCE = "the header is followed by + at once: the sequence line is missing."
BLANK = "a blank line stands inside a sequence."
IN_SEQUENCE = "{} cannot stand in a sequence."
NO_SEPARATOR = "the next record begins before this one's separator line (+) and qualities."
SEPARATOR = "the third line of a record has to begin with +, but this one begins with {}."
OTHER_NAME = "the separator line (+) repeats another name than the record's own."
IN_QUALITIES = "{} cannot stand among the qualities (allowed are ! to ~, codes 33 to 126)."
LENGTHS = "the sequence has {} bases but there are {} qualities."
TRUNCATED = "the file ends in the middle of this record: it is truncated."

INVALID = {
    # A header without @.
    "no @": Case(b"bad\nACGT\n+\nIIII\n", 1, 0, HEADER.format("“b”")),
    "FASTA": Case(b">bad\nACGT\n", 1, 0, HEADER.format("“>”")),
    "space before @": Case(b" @bad\nACGT\n+\nIIII\n", 1, 0, HEADER.format("a space")),
    "byte order mark": Case(b"\xef\xbb\xbf@bad\nACGT\n+\nIIII\n", 1, 0, HEADER.format("the byte 239 (0xEF)"), b""),
    "zero bytes between records": Case(b"\0\0@bad\nACGT\n+\nIIII\n", 1, 0, HEADER.format("a zero byte")),
    "header line missing": Case(b"ACGT\n+\nIIII\n", 1, 0, HEADER.format("“A”")),
    "blank line, then no @": Case(b"\n\r\nbad\nACGT\n+\nIIII\n", 3, 3, HEADER.format("“b”")),
    # A sequence that is not there, or has a hole.
    "sequence line missing": Case(b"@bad\n+\nIIII\n", 2, 5, NO_SEQUENCE),
    "sequence line missing, name repeated": Case(b"@bad\n+bad\nIIII\n", 2, 5, NO_SEQUENCE),
    "header alone, next record": Case(b"@bad\n", 2, 5, NO_SEPARATOR),
    "header twice": Case(b"@bad\n@bad\nACGT\n+\nIIII\n", 2, 5, NO_SEPARATOR),
    "header alone, wrong lengths would fit": Case(b"@bad\n@bad\nACGT\n+\nIIIIIIII\n", 2, 5, NO_SEPARATOR),
    "blank line inside a wrapped sequence": Case(b"@bad\nAC\n\nGT\n+\nIIII\n", 3, 8, BLANK),
    "blank line before the separator": Case(b"@bad\nACGT\n\n+\nIIII\n", 3, 10, BLANK),
    "blank line before the sequence": Case(b"@bad\n\nACGT\n+\nIIII\n", 2, 5, BLANK),
    "blank CRLF line before the sequence": Case(b"@bad\r\n\r\nACGT\r\n+\r\nIIII\r\n", 2, 6, BLANK),
    "two blank lines for a sequence": Case(b"@bad\n\n\n+\n\n", 3, 6, BLANK),
    # A separator without +, or no separator.
    "separator without +": Case(b"@bad\nACGT\nbad\nIIII\n", 3, 10, SEPARATOR.format("“b”")),
    "separator is -": Case(b"@bad\nACGT\n-\nIIII\n", 3, 10, SEPARATOR.format("“-”")),
    "separator line missing": Case(b"@bad\nACGT\nIIII\n", 4, 15, NO_SEPARATOR),
    "separator and qualities missing": Case(b"@bad\nACGT\n", 3, 10, NO_SEPARATOR),
    "space before +": Case(b"@bad\nACGT\n +\nIIII\n", 3, 10, IN_SEQUENCE.format("a space")),
    # A separator that repeats another name.
    "other name": Case(b"@bad\nACGT\n+other\nIIII\n", 3, 10, OTHER_NAME),
    "longer name": Case(b"@bad\nACGT\n+bad1\nIIII\n", 3, 10, OTHER_NAME),
    "shorter name": Case(b"@bad\nACGT\n+ba\nIIII\n", 3, 10, OTHER_NAME),
    "other case": Case(b"@bad\nACGT\n+BAD\nIIII\n", 3, 10, OTHER_NAME),
    "other comment": Case(b"@bad 1\nACGT\n+bad 2\nIIII\n", 3, 12, OTHER_NAME),
    "name of the record before": Case(b"@bad\nACGT\n+one\nIIII\n", 3, 10, OTHER_NAME),
    "white space inside a name": Case(b"@bad\nACGT\n+b ad\nIIII\n", 3, 10, OTHER_NAME),
    "other name, wrapped": Case(b"@bad\nAC\nGT\n+bed\nII\nII\n", 4, 11, OTHER_NAME),
    # Lengths.
    "a quality too few": Case(b"@bad\nACGT\n+\nIII\n", 4, 12, LENGTHS.format(4, 3)),
    "a quality too many": Case(b"@bad\nACGT\n+\nIIIII\n", 4, 12, LENGTHS.format(4, 5)),
    "no qualities": Case(b"@bad\nACGT\n+\n\n", 4, 12, LENGTHS.format(4, 0)),
    # The next record is taken for qualities until there are enough: @end, ACGT, + and IIII.
    "quality line missing": Case(b"@bad\nACGTACGTAC\n+\n", 4, 18, LENGTHS.format(10, 13)),
    "qualities of an empty read": Case(b"@bad\n\n+\nI\n", 4, 8, LENGTHS.format(0, 1)),
    "quality line of an empty read missing": Case(b"@bad\n\n+\n", 4, 8, LENGTHS.format(0, 4)),
    "blank line before the qualities": Case(b"@bad\nACGT\n+\n\nIIII\n", 4, 12, LENGTHS.format(4, 0)),
    "blank line inside wrapped qualities": Case(b"@bad\nAC\nGT\n+\nII\n\nII\n", 5, 13, LENGTHS.format(4, 2)),
    "wrapped, a quality too many": Case(b"@bad\nAC\nGT\n+\nII\nIII\n", 5, 13, LENGTHS.format(4, 5)),
    "wrapped, a quality too few": Case(b"@bad\nAC\nGT\n+\nII\nI\n", 5, 13, LENGTHS.format(4, 7)),
    "short of as many qualities as the next header has letters": Case(
        b"@bad\nACGTACG\n+\nIII\n", 4, 15, LENGTHS.format(7, 3)
    ),
    "short, and the next header has a space": Case(
        b"@bad\nACGT\n+\nIII\n@next 1\nAC\n+\nII\n", 4, 12, LENGTHS.format(4, 3)
    ),
    "short, and the file ends with the next header": Case(
        b"@bad\nACGT\n+\nI\n@n", 4, 12, LENGTHS.format(4, 1), after=b""
    ),
    "white space alone inside a wrapped sequence": Case(
        b"@bad\nAC\n \nGT\n+\nIIII\n", 3, 8, IN_SEQUENCE.format("a space")
    ),
    "white space alone for a header": Case(b" \nACGT\n+\nIIII\n", 2, 2, HEADER.format("“A”")),
    "thousands of bases": Case(b"@bad\n" + b"A" * 1234 + b"\n+\nI\n", 4, 1242, LENGTHS.format("1,234", 1)),
    # Bytes that cannot stand there.
    "space in the sequence": Case(b"@bad\nAC T\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("a space")),
    "space after the sequence": Case(b"@bad\nACGT \n+\nIIIII\n", 2, 9, IN_SEQUENCE.format("a space")),
    "tab in the sequence": Case(b"@bad\nAC\tT\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("a tab")),
    "zero byte in the sequence": Case(b"@bad\nAC\0T\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("a zero byte")),
    "carriage return in the sequence": Case(b"@bad\nAC\rT\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("a carriage return")),
    "two carriage returns": Case(b"@bad\nACGT\r\r\n+\nIIII\n", 2, 9, IN_SEQUENCE.format("a carriage return")),
    "delete in the sequence": Case(b"@bad\nAC\x7fT\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("a delete")),
    "byte 128 in the sequence": Case(b"@bad\nAC\x80T\n+\nIIII\n", 2, 7, IN_SEQUENCE.format("the byte 128 (0x80)")),
    "space in a wrapped sequence": Case(b"@bad\nAC\nG \n+\nII\nII\n", 3, 9, IN_SEQUENCE.format("a space")),
    "space in the qualities": Case(b"@bad\nACGT\n+\nII I\n", 4, 14, IN_QUALITIES.format("a space")),
    "space after the qualities": Case(b"@bad\nACGT\n+\nIIII \n", 4, 16, IN_QUALITIES.format("a space")),
    "tab in the qualities": Case(b"@bad\nACGT\n+\nII\tI\n", 4, 14, IN_QUALITIES.format("a tab")),
    "zero byte in the qualities": Case(b"@bad\nACGT\n+\nII\0I\n", 4, 14, IN_QUALITIES.format("a zero byte")),
    "escape in the qualities": Case(b"@bad\nACGT\n+\nII\x1bI\n", 4, 14, IN_QUALITIES.format("the byte 27 (0x1B)")),
    "delete in the qualities": Case(b"@bad\nACGT\n+\nII\x7fI\n", 4, 14, IN_QUALITIES.format("a delete")),
    "byte 255 in the qualities": Case(b"@bad\nACGT\n+\n\xffIII\n", 4, 12, IN_QUALITIES.format("the byte 255 (0xFF)")),
    "carriage return in the qualities": Case(
        b"@bad\nACGT\n+\nI\rII\n", 4, 13, IN_QUALITIES.format("a carriage return")
    ),
    "space in wrapped qualities": Case(b"@bad\nAC\nGT\n+\nII\n I\n", 6, 16, IN_QUALITIES.format("a space")),
    # The end.
    "ends in the header": Case(b"@ba", 1, 3, TRUNCATED, after=b""),
    "ends after the header": Case(b"@bad\n", 1, 5, TRUNCATED, after=b""),
    "ends in the sequence": Case(b"@bad\nAC", 2, 7, TRUNCATED, after=b""),
    "ends after the sequence": Case(b"@bad\nACGT\n", 2, 10, TRUNCATED, after=b""),
    "ends in the separator": Case(b"@bad\nACGT\n+", 3, 11, TRUNCATED, after=b""),
    "ends after the separator": Case(b"@bad\nACGT\n+\n", 3, 12, TRUNCATED, after=b""),
    "ends in the qualities": Case(b"@bad\nACGT\n+\nII", 4, 14, TRUNCATED, after=b""),
    "ends in wrapped qualities": Case(b"@bad\nAC\nGT\n+\nII\n", 5, 16, TRUNCATED, after=b""),
    "an empty read ends after its separator's +": Case(b"@bad\n\n+", 3, 7, TRUNCATED, after=b""),
    "an empty read ends after its sequence": Case(b"@bad\n\n", 2, 6, TRUNCATED, after=b""),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", INVALID)
def test_is_refused_with_place_and_sentence(name: str, size: int) -> None:
    case = INVALID[name]
    reads, error = parse_text(case.before + case.text + case.after, size)
    check(case, reads, error)


@pytest.mark.parametrize("name", INVALID)
def test_is_refused_from_files_all_the_same(name: str, tmp_path: Path) -> None:
    case = INVALID[name]
    text = case.before + case.text + case.after
    (tmp_path / "plain.fastq").write_bytes(text)
    (tmp_path / "compressed.fastq.gz").write_bytes(gzip.compress(text[:9]) + gzip.compress(text[9:]))
    for path in sorted(tmp_path.iterdir()):
        check(case, *parse_file(path, size=64), path=path)


def check(case: Case, reads: list[Read], error: Exception | None, path: Path = Path("reads.fastq")) -> None:
    n_before = 2 if case.before else 0
    assert reads == [GOOD] * n_before
    assert isinstance(error, FastqFormatError)
    place = (n_before + 1, 4 * n_before + case.line, len(case.before) + case.offset)
    assert (error.record, error.line, error.offset) == place
    assert error.reason == case.reason
    assert error.path == path
    expected = f"{path.name}, record {place[0]:,}, line {place[1]:,}, byte {place[2]:,}: {case.reason}"
    assert str(error) == expected
    assert error.title == "This is not valid FASTQ"
    assert error.hint


@pytest.mark.parametrize("name", INVALID)
def test_the_naive_parser_agrees(name: str) -> None:
    case = INVALID[name]
    n_before = 2 if case.before else 0
    parsed = parse(case.before + case.text + case.after)
    assert parsed.reads == (GOOD,) * n_before
    assert parsed.blame is not None
    assert parsed.blame.record == n_before
    assert (parsed.blame.line, parsed.blame.offset) == (4 * n_before + case.line - 1, len(case.before) + case.offset)


def test_places_far_into_a_file_are_counted_right(tmp_path: Path) -> None:
    path = tmp_path / "long.fastq"
    path.write_bytes(BEFORE * 5000 + b"\n\r\n" + b"@bad\nAC T\n+\nIIII\n" + AFTER)
    for size in (100, 1 << 12, 1 << 20):
        reads, error = parse_file(path, size)
        assert len(reads) == 10_000
        assert isinstance(error, FastqFormatError)
        assert (error.record, error.line, error.offset) == (10_001, 40_004, 34 * 5000 + 3 + 7)
        assert "record 10,001, line 40,004, byte 170,010: a space cannot stand in a sequence." in str(error)
