from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FastqFormatError
from tests.corpus import BAD, BAD_READ, GOOD, READS
from tests.naive_parser import parse
from tests.parsing import SIZES, parse_file, parse_text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", BAD)
def test_no_bad_file_is_accepted(name: str, size: int) -> None:
    reads, error = parse_text(BAD[name], size)
    assert isinstance(error, FastqFormatError)
    if name in {"error_spaces", "error_tabs"}:
        n_good = 0
    elif "_trunc_" in name:
        n_good = len(READS) - 1
    else:
        # A doubled quality line is one too many only to who comes to the next header.
        n_good = BAD_READ + (name == "error_double_qual")
    assert reads == READS[:n_good]
    assert error.record == n_good + 1


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_blamed_as_the_naive_parser_does(name: str) -> None:
    blame = parse(BAD[name]).blame
    _, error = parse_text(BAD[name])
    assert blame is not None
    assert isinstance(error, FastqFormatError)
    assert (error.record, error.line, error.offset) == (blame.record + 1, blame.line + 1, blame.offset)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", GOOD)
def test_no_good_file_is_refused(name: str, size: int) -> None:
    text, reads = GOOD[name]
    assert parse_text(text, size) == (reads, None)


def test_files_on_disk_fare_the_same(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    for text in BAD.values():
        path.write_bytes(text)
        assert parse_file(path)[1] is not None
    for text, reads in GOOD.values():
        path.write_bytes(text)
        assert parse_file(path) == (reads, None)
