"""Damaged texts: what the naive parser refuses is refused, what it accepts is accepted, and read the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FastqFormatError, InputError
from tests.naive_parser import Read, parse
from tests.parsing import parse_text
from tests.strategies import fastq_texts, four_lines, mutated

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"

FILE = b"".join(
    four_lines(Read(b"M%d:FC:%d 1:N:0:ACGT" % (i, 31 * i), b"ACGTNacgtn"[: 3 + i], b"I@+~!:;<=>"[: 3 + i]))
    for i in range(1, 6)
)


def agrees(text: bytes, size: int) -> None:
    """Same reads, and the same fault at the same place or none."""
    expected = parse(text)
    reads, error = parse_text(text, size)
    assert reads == list(expected.reads)
    assert place(error) == (
        expected.blame and (expected.blame.record + 1, expected.blame.line + 1, expected.blame.offset)
    )


def place(error: InputError | None) -> tuple[int, int, int] | None:
    if error is None:
        return None
    assert isinstance(error, FastqFormatError)
    return error.record, error.line, error.offset


@settings(max_examples=250)
@given(text=fastq_texts().flatmap(lambda drawn: mutated(drawn[1])), size=st.integers(1, 300))
def test_agrees_with_the_naive_parser(text: bytes, size: int) -> None:
    agrees(text, size)


@settings(max_examples=150)
@given(text=mutated(FILE), size=st.sampled_from([50, 1 << 16]))
def test_agrees_on_an_ordinary_file(text: bytes, size: int) -> None:
    agrees(text, size)


@settings(max_examples=100)
@given(text=st.lists(st.sampled_from(b"\n\r@+A I\0\x80"), max_size=60).map(bytes), size=st.integers(1, 80))
def test_agrees_on_any_bytes(text: bytes, size: int) -> None:
    agrees(text, size)


@pytest.mark.parametrize("change", ["drop", "double"])
def test_no_line_can_go_missing_or_come_twice(change: str) -> None:
    lines = FILE.splitlines(keepends=True)
    for i in range(len(lines)):
        changed = lines[:i] + [lines[i]] * (2 if change == "double" else 0) + lines[i + 1 :]
        reads, error = parse_text(b"".join(changed))
        assert isinstance(error, FastqFormatError), lines[i]
        assert i // 4 <= len(reads) <= i // 4 + 1


def test_any_two_lines_of_a_record_swapped_are_noticed() -> None:
    for record in range(5):
        for i, j in [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)]:
            lines = FILE.splitlines(keepends=True)
            a, b = 4 * record + i, 4 * record + j
            lines[a], lines[b] = lines[b], lines[a]
            _, error = parse_text(b"".join(lines))
            assert isinstance(error, FastqFormatError), (record, i, j)


def test_every_byte_of_a_record_deleted() -> None:
    """A name may lose a byte; nothing else may."""
    record = four_lines(Read(b"name", b"ACGT", b"I@+~"))
    for i in range(len(record)):
        _, error = parse_text(record * 2 + record[:i] + record[i + 1 :] + record * 2)
        assert (error is None) == (1 <= i <= 4), i


@pytest.mark.parametrize("name", ["illumina_single", "nanopore"])
def test_agrees_on_real_reads(name: str) -> None:
    text = gzip.decompress((SAMPLES / f"{name}.fastq.gz").read_bytes())[:1_500_000]
    agrees(text, 1 << 17)
    agrees(text[: text.rindex(b"\n@") + 1].replace(b"\n", b"\r\n"), 1 << 16)
