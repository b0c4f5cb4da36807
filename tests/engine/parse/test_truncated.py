"""A text cut off at any byte is refused unless nothing but the last line end is gone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.errors import CompressedStreamError, FastqFormatError
from tests.naive_parser import Read, parse
from tests.parsing import parse_file, parse_text
from tests.strategies import four_lines

READS = [Read(b"a 1:N:0", b"ACGTNac", b"@II+I~!"), Read(b"b", b"GG", b"+@"), Read(b"c/1", b"T", b"@")]
FOUR_LINES = b"".join(map(four_lines, READS))
WRAPPED = b"@a 1:N:0\nACG\nTNa\nc\n+a\n@II\n+I~\n!\n@b\nG\nG\n+b\n+\n@\n@c/1\nT\n+\n@\n"
TEXTS = {
    "four lines": FOUR_LINES,
    "CRLF": FOUR_LINES.replace(b"\n", b"\r\n"),
    "wrapped": WRAPPED,
    "wrapped, CRLF": WRAPPED.replace(b"\n", b"\r\n"),
}


def whole_records(text: bytes) -> dict[int, int]:
    """Number of reads by the lengths to which a text may be cut and still be whole."""
    ends = {0: 0}
    for n_reads in range(1, len(READS) + 1):
        following = b"@" + READS[n_reads].name if n_reads < len(READS) else b""
        end = text.index(following, max(ends)) if following else len(text)
        line_end = 2 if b"\r\n" in text else 1
        ends |= {end - missing: n_reads for missing in range(line_end + 1)}
    return ends


@pytest.mark.parametrize("size", [16, 1 << 16])
@pytest.mark.parametrize("name", TEXTS)
def test_at_every_byte(name: str, size: int) -> None:
    text = TEXTS[name]
    whole = whole_records(text)
    for end in range(len(text) + 1):
        reads, error = parse_text(text[:end], size)
        if end in whole:
            assert (reads, error) == (READS[: whole[end]], None), end
        else:
            assert isinstance(error, FastqFormatError), end
            n_reads = max(n for at, n in whole.items() if at <= end)
            assert reads == READS[:n_reads], end
            assert error.reason == "the file ends in the middle of this record: it is truncated."
            assert (error.record, error.offset) == (n_reads + 1, end)
            assert error.line == text[: end - 1].count(b"\n") + 1


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_empty_reads_at_every_byte(ends: bytes) -> None:
    text = b"@a\n\n+\n\n@b\n\n+b\n\n".replace(b"\n", ends)
    for end in range(len(text) + 1):
        reads, error = parse_text(text[:end], 8)
        expected = parse(text[:end])
        assert reads == list(expected.reads), end
        assert (error is None) == (expected.blame is None), end
    # The separator's line end makes the empty quality line; without it there is none.
    quality_of_a = text.index(b"+") + 1
    assert parse_text(text[:quality_of_a])[1] is not None
    assert parse_text(text[: quality_of_a + len(ends)]) == ([Read(b"a", b"", b"")], None)


@pytest.mark.parametrize("text", [FOUR_LINES, b""])
def test_gzip_at_every_byte(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    compressed = gzip.compress(text, mtime=0)
    for end in range(2, len(compressed)):
        path.write_bytes(compressed[:end])
        reads, error = parse_file(path)
        assert isinstance(error, CompressedStreamError), end
        assert reads == READS[: len(reads)]
        assert 0 <= error.offset <= end
        assert "reads.fastq.gz: the file ends in the middle of the compressed data: it is truncated" in str(error)
    path.write_bytes(compressed)
    assert parse_file(path) == (READS if text else [], None)


def test_gzip_of_two_members_at_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    first, second = gzip.compress(FOUR_LINES[:20], mtime=0), gzip.compress(FOUR_LINES[20:], mtime=0)
    for end in range(2, len(first + second)):
        path.write_bytes((first + second)[:end])
        reads, error = parse_file(path)
        assert reads == READS[: len(reads)]
        if end == len(first):  # a whole gzip file, whose text is not whole
            assert isinstance(error, FastqFormatError)
        else:
            assert isinstance(error, CompressedStreamError), end


def test_reads_before_the_cut_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    compressed = gzip.compress(FOUR_LINES * 50_000, mtime=0)
    path.write_bytes(compressed[: len(compressed) * 3 // 4])
    kept = {size: parse_file(path, size) for size in (1 << 16, 1 << 22)}
    for reads, error in kept.values():
        assert isinstance(error, CompressedStreamError)
        assert len(reads) > 100_000
        assert reads == (READS * 50_000)[: len(reads)]
    assert len({len(reads) for reads, _ in kept.values()}) == 1
