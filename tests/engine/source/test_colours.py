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
from engine.source.colour_source import ColourSource
from engine.source.colours import holds_colours
from engine.source.inputs import open_source
from kernels.source.colours import bases_of_reference
from tests.stored_files import read_all, stored_at

overwriting = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def opened(folder: Path, stored: bytes) -> ByteSource:
    return open_source(stored_at(folder, stored, "reads"))


def read(folder: Path, stored: bytes, piece: int = 1 << 16) -> tuple[bytes, InputError | None]:
    return read_all(opened(folder, stored), piece)


reads = st.lists(st.from_regex(r"[ACGTacgt][0-6.]{0,40}", fullmatch=True) | st.just(""), max_size=8)


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
        expected += f"@r{number}\n{bases_of_reference(each.encode()).decode()}\n+\n{'5' * max(len(each) - 1, 0)}\n"
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


class Endless:
    """A text, and then one byte for ever."""

    kind, size, position = "plain", None, 0

    def __init__(self, text: bytes, byte: bytes) -> None:
        self._text = text
        self._byte = byte
        self.given = 0

    def read_into(self, target: memoryview) -> int:
        piece = self._text[: len(target)] or self._byte * min(len(target), 100_000)
        self._text = self._text[len(target) :]
        target[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("begin", "byte", "line"), [(b"", b"@", 1), (b"@long\nT", b"0", 2), (b"@long\nT01\n+\n", b"I", 4)]
)
def test_a_line_without_end_is_told_where_it_is(tmp_path: Path, begin: bytes, byte: bytes, line: int) -> None:
    endless = Endless(GOOD + begin, byte)
    text, error = read_all(ColourSource(endless, tmp_path / "reads.fastq", largest=4 << 20))
    assert text == BEFORE
    assert isinstance(error, FastqFormatError)
    assert (error.record, error.line, error.offset) == (2001, 8000 + line, len(GOOD))
    assert (
        str(error) == f"reads.fastq, record 2,001, line {8000 + line:,}, byte 26,000: the record is longer than 4 MiB."
    )
    assert "Mend or fetch the file" in error.hint
    assert endless.given < 10 << 20


def test_a_long_record_is_read(tmp_path: Path) -> None:
    colours = b"0123" * 1_000_000
    expected = b"@a\n" + bases_of_reference(b"T" + colours) + b"\n+\n" + b"I" * len(colours) + b"\n"
    assert read(tmp_path, b"@s\nT0\n+\nI\n@a\nT" + colours + b"\n+\n" + b"I" * len(colours) + b"\n") == (
        b"@s\nT\n+\nI\n" + expected, None
    )  # fmt: skip
