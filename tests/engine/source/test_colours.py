"""Reads of colours; the expected bases are those that FastQC 0.12.1 makes of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import FastqFormatError, InputError
from engine.report.colour_text import colour_note
from engine.source.base import ByteSource
from engine.source.colours import bases_of, holds_colours
from engine.source.inputs import open_source
from tests.stored_files import read_all, stored_at

_STEPS = {"A": "ACGT", "C": "CATG", "G": "GTAC", "T": "TGCA"}
overwriting = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def opened(folder: Path, stored: bytes) -> ByteSource:
    return open_source(stored_at(folder, stored, "reads"))


def read(folder: Path, stored: bytes, piece: int = 1 << 16) -> tuple[bytes, InputError | None]:
    return read_all(opened(folder, stored), piece)


def plainly_turned(read: str) -> str:
    base, bases = read[:1].upper(), ""
    for colour in read[1:]:
        base = _STEPS[base][int(colour)] if base != "N" and colour in "0123" else "N"
        bases += base
    return bases


@pytest.mark.parametrize(
    ("colours", "bases"),
    [
        (b"T0123", b"TGAT"),
        (b"T01251230", b"TGANNNNN"),
        (b"T0126123", b"TGANNNN"),
        (b"G.012", b"NNNN"),
        (b"g0123", b"GTCG"),
        (b"a3", b"T"),
        (b"T", b""),
        (b"", b""),
    ],
)
def test_colours_turned_by_fastqc(colours: bytes, bases: bytes) -> None:
    assert bases_of([colours]) == [bases]
    assert bases_of([b"C0123", colours, b"A0"]) == [b"CAGC", bases, b"A"]


reads = st.lists(st.from_regex(r"[ACGTacgt][0-6.]{0,40}", fullmatch=True) | st.just(""), max_size=8)


@given(some=reads)
def test_any_colours(some: list[str]) -> None:
    assert bases_of([each.encode() for each in some]) == [plainly_turned(each).encode() for each in some]


@overwriting
@given(
    some=reads,
    piece=st.integers(1, 90),
    end=st.sampled_from(["\n", "\r\n"]),
    primed=st.booleans(),
    blank=st.booleans(),
    packed=st.booleans(),
)
def test_text_of_any_colours(
    tmp_path: Path, some: list[str], piece: int, end: str, primed: bool, blank: bool, packed: bool
) -> None:
    some = ["T0123", *some]
    text, expected = "", ""
    for number, each in enumerate(some):
        qualities = "!" * (primed and len(each) > 0) + "5" * max(len(each) - 1, 0)
        text += end.join([f"@r{number}", each, "+", qualities, ""]) + end * (blank and number % 2)
        expected += f"@r{number}\n{plainly_turned(each)}\n+\n{'5' * max(len(each) - 1, 0)}\n"
    stored = gzip.compress(text.encode()) if packed else text.encode()
    assert read(tmp_path, stored, piece) == (expected.encode(), None)


def test_without_the_last_line_end(tmp_path: Path) -> None:
    assert read(tmp_path, b"@a\nT01\n+\nII") == (b"@a\nTG\n+\nII\n", None)


def test_it_is_told(tmp_path: Path) -> None:
    source = opened(tmp_path, b"@a\nT01\n+\nII\n")
    assert source.kind == "plain, colour space"
    assert "SOLiD" in colour_note(source.kind)
    assert not colour_note("plain")
    source.close()


@pytest.mark.parametrize(
    "text",
    [
        b"@a\nACGT\n+\nIIII\n",
        b"@a\n0123\n+\nIIII\n",
        b"@a\nN0123\n+\nIIIII\n",
        b"@a\nT01AC\n+\nIIIII\n",
        b"@a\nT\n+\nI\n@b\nT01\n+\nIII\n",
        b"@a\nT....\n+\nIIIII\n@b\nACGTA\n+\nIIIII\n",
        b"@a\nT012",
        b"",
    ],
)
def test_what_holds_no_colours(text: bytes) -> None:
    assert not holds_colours(text)


def test_a_read_of_dots_may_be_of_colours() -> None:
    assert holds_colours(b"@a\nT....\n+\nIIIII\n@b\nT0120\n+\nIIIII\n")


GOOD = b"@a\nT01\n+\nIII\n" * 2000
BEFORE = b"@a\nTG\n+\nII\n" * 2000


@pytest.mark.parametrize(
    ("bad", "line", "reason"),
    [
        (b"a\nT01\n+\nIII\n", 1, "@"),
        (b"@a\nT0C\n+\nIII\n", 2, "colours"),
        (b"@a\nN01\n+\nIII\n", 2, "colours"),
        (b"@a\nT01\nT01\n+\nIIIIII\n", 3, "third line"),
        (b"@a\nT01\n+b\nIII\n", 3, "third line"),
        (b"@a\nT01\n+\nI\n", 4, "2 colours but there are 1 qualities"),
        (b"@a\nT01\n+\nIIII\n", 4, "2 colours but there are 4 qualities"),
        (b"@a\nT01\n+\n", 4, "truncated"),
        (b"@a\nT01", 3, "truncated"),
        (b"@", 2, "truncated"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, bad: bytes, line: int, reason: str) -> None:
    text, error = read(tmp_path, GOOD + bad)
    assert text == BEFORE
    assert isinstance(error, FastqFormatError)
    assert reason in error.reason
    assert (error.record, error.line, error.offset) == (2001, 8000 + line, len(GOOD))
