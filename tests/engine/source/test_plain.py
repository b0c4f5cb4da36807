from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.source.inputs import open_source
from engine.source.plain import PlainSource
from tests.engine.source.reading import read_all

TEXT = b"@a\nACGT\n+\nIIII\n" * 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "reads.fastq"
    path.write_bytes(TEXT)
    return path


def read_on(source: PlainSource) -> None:
    while source.read_into(memoryview(bytearray(5000))):
        pass


@pytest.mark.parametrize("size", [1000, 4096, 1 << 20])
def test_is_read_as_it_is(path: Path, size: int) -> None:
    assert read_all(path, cycle([size])) == (TEXT, None)


def test_tells_its_kind_size_and_position(path: Path) -> None:
    source = open_source(path)
    try:
        assert (source.kind, source.size) == ("plain", len(TEXT))
        while source.read_into(memoryview(bytearray(4000))):
            assert 0 < source.position <= len(TEXT)
        assert source.position == len(TEXT)
    finally:
        source.close()


@pytest.mark.parametrize("left", [0, 10, 9999])
def test_a_file_that_shrinks_while_it_is_read_is_an_error(path: Path, left: int) -> None:
    source = PlainSource(path)
    try:
        assert source.read_into(memoryview(bytearray(5000))) == 5000
        with path.open("r+b") as file:
            file.truncate(left)
        with pytest.raises(InputError, match=r"reads\.fastq ended after [0-9,]+ of 15,000 bytes: it shrank") as caught:
            read_on(source)
        assert caught.value.path == path
        assert caught.value.hint
    finally:
        source.close()


def test_what_is_not_read_is_left_alone(path: Path) -> None:
    source = PlainSource(path)
    target = bytearray(b"x" * 20_000)
    count = source.read_into(memoryview(target)[:100])
    source.close()
    assert count == 100
    assert target == TEXT[:100] + b"x" * 19_900
