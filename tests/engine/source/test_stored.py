from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CompressedStreamError, InputError
from engine.source.codec import GZIP
from engine.source.head import LONGEST_HEAD, HeadSource
from engine.source.members import MemberSource
from engine.source.stored import StoredInput, open_file
from tests.engine.source.reading import PieceDevice
from tests.parsing import TextSource
from tests.stored_files import fastq, read_all, stored_at


@given(st.binary(max_size=200), st.integers(1, 30), st.lists(st.tuples(st.booleans(), st.integers(1, 40))))
def test_looking_ahead_and_putting_back_lose_nothing(data: bytes, piece: int, steps: list[tuple[bool, int]]) -> None:
    stored = StoredInput(Path("reads"), PieceDevice(data, piece))
    read = b""
    for looks, count in steps:
        if looks:
            assert stored.peek(count) == data[len(read) : len(read) + count]
        else:
            part = stored.read(count)
            assert (len(part) > 0) == (len(read) < len(data))
            read += part
            back = part[len(part) // 2 :]
            stored.give_back(back)
            read = read[: len(read) - len(back)]
        assert stored.position == len(read)
    while part := stored.read(17):
        read += part
    assert read == data


def test_a_closed_input_says_so(tmp_path: Path) -> None:
    stored = open_file(stored_at(tmp_path, b"text"))
    stored.close()
    stored.close()
    with pytest.raises(InputError, match="broken off"):
        stored.read(1)


@given(st.binary(max_size=300), st.integers(1, 50))
def test_a_look_at_the_head_loses_nothing(text: bytes, piece: int) -> None:
    source = HeadSource(TextSource(text, piece))
    assert text.startswith(source.look())
    assert read_all(source, 7) == (text, None)


def test_a_look_sees_a_whole_line_but_no_more_than_a_limit() -> None:
    text = b"@" + b"x" * 10_000 + b"\n" + b"A" * 10_000
    assert b"\n" in HeadSource(TextSource(text, 100)).look()
    assert len(HeadSource(TextSource(b"x" * 10 * LONGEST_HEAD)).look()) == LONGEST_HEAD


def test_trouble_met_by_the_look_comes_after_the_text_before_it(tmp_path: Path) -> None:
    import gzip

    text = fastq(5)
    stored = open_file(stored_at(tmp_path, gzip.compress(text) + b"rest"))
    source = HeadSource(MemberSource(stored, GZIP))
    assert source.look() == text
    read, error = read_all(source)
    assert read == text
    assert isinstance(error, CompressedStreamError)
    assert error is source.trouble
