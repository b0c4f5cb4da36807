from __future__ import annotations

import gzip
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import CompressedStreamError, InputError
from engine.source.inputs import check
from tests.engine.source.reading import read_all
from tests.gzip_members import BGZF_END, bgzf_block, member

TEXT = b"@a 1:N:0\nACGTACGTAC\n+\nIIIIIHHHII\n@b\nGATTACAGAT\n+b\n@@@+++IIII\n"

members = st.builds(
    member,
    st.binary(max_size=200),
    level=st.integers(0, 9),
    extra=st.none() | st.binary(max_size=20),
    name=st.none() | st.just(b"reads.fastq"),
    comment=st.none() | st.just("Läuft".encode("latin-1")),
    header_crc=st.booleans(),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reads.fastq.gz"


def judged(path: Path) -> bytes | InputError:
    """The text of a file that passes the check and reads to its end; else the error."""
    try:
        check(path)
    except InputError as error:
        return error
    text, failure = read_all(path)
    return failure or text


# The path is the same for all examples of a test, and each overwrites it.
overwriting = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@overwriting
@given(
    parts=st.lists(members, min_size=1, max_size=6),
    padding=st.integers(0, 70),
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=5),
)
def test_any_number_of_members_of_any_kind(path: Path, parts: list[bytes], padding: int, sizes: list[int]) -> None:
    path.write_bytes(b"".join(parts) + bytes(padding))
    assert read_all(path, cycle(sizes)) == (b"".join(map(gzip.decompress, parts)), None)


@pytest.mark.parametrize(
    "parts",
    [
        [TEXT],
        [TEXT, TEXT],
        [b"", TEXT],
        [TEXT, b""],
        [b"", b"", TEXT, b"", TEXT, b""],
        [TEXT[i : i + 1] for i in range(len(TEXT))],
        [TEXT * 40_000, b"", TEXT * 10],
    ],
)
def test_members_are_one_text(path: Path, parts: list[bytes]) -> None:
    path.write_bytes(b"".join(member(part) for part in parts))
    check(path)
    assert read_all(path) == (b"".join(parts), None)


HEADERS = {
    "name": member(TEXT, name=b"n" * 70),
    "header checksum": member(TEXT, header_crc=True),
    "name and comment": member(TEXT, name=b"name", comment=b"comment"),
    "extra field and name": member(TEXT, extra=b"extra", name=b"name"),
    "all": member(TEXT, extra=b"extra", name=b"name", comment=b"comment", header_crc=True),
    "long name": member(TEXT, name=b"n" * 70_000, header_crc=True),
    "long comment": member(TEXT, comment=b"c" * 200_000, header_crc=True),
    "long extra field": member(TEXT, extra=b"e" * 65_535, name=b"name"),
}


@pytest.mark.parametrize("header", HEADERS)
def test_headers_may_be_cut_anywhere_by_what_is_read_at_once(path: Path, header: str) -> None:
    one = HEADERS[header]
    smallest = len(member(b"", level=0))
    for at in (64, 1 << 17):
        for begins in range(at - 40, at):
            # Stored text and padding, so that the header begins where we want it.
            first = member(b"\n" * min(begins - smallest, 60_000), level=0)
            path.write_bytes(first + bytes(begins - len(first)) + one)
            text, error = read_all(path)
            assert error is None, (at, begins)
            assert text.lstrip(b"\n") == TEXT


def test_a_header_without_end_is_refused(path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 5_000_000)
    assert isinstance(judged(path), CompressedStreamError)


def test_zero_bytes_after_a_member_are_padding(path: Path) -> None:
    for zeros in (1, 2, 3, 511, 300_000):
        path.write_bytes(member(TEXT) + bytes(zeros) + member(TEXT) + bytes(zeros))
        assert read_all(path) == (TEXT * 2, None)


@pytest.mark.parametrize(
    "garbage", [b"x", b"garbage", b"\x1f", b"\x1f\x8c", b"\0\0x", b"@c\nA\n+\nI\n", b"\x1f\x8bgarbage"]
)
def test_garbage_after_the_last_member_is_refused_and_the_text_before_it_kept(path: Path, garbage: bytes) -> None:
    whole = member(TEXT)
    path.write_bytes(whole + garbage)
    text, error = read_all(path)
    assert text == TEXT
    assert isinstance(error, CompressedStreamError)
    assert len(whole) <= error.offset <= len(whole + garbage)
    assert error.path == path


def test_a_cut_at_any_byte_is_noticed(path: Path) -> None:
    whole = member(TEXT, name=b"reads", header_crc=True)
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert isinstance(judged(path), InputError), end
        path.write_bytes(whole + whole[:end])
        if end:
            text, error = read_all(path)
            assert isinstance(error, CompressedStreamError), end
            assert (TEXT * 2).startswith(text)
            assert text.startswith(TEXT)


@pytest.mark.parametrize("level", [0, 1, 9])
def test_no_corrupt_byte_changes_the_text_unnoticed(path: Path, level: int) -> None:
    whole = member(TEXT, level=level, extra=b"extra", name=b"name", comment=b"comment")
    for place in range(len(whole)):
        for change in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])
            result = judged(path)
            # The time, the name and some bits of padding may change.
            assert isinstance(result, InputError) or result == TEXT, (place, change)


def test_a_corrupt_byte_of_a_second_member_does_not_cost_the_first(path: Path) -> None:
    whole = member(TEXT)
    for place in range(2, len(whole)):
        path.write_bytes(whole + whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :] + whole)
        text, error = read_all(path)
        assert text.startswith(TEXT)
        if error is None:
            assert text == TEXT * 3
        else:
            assert isinstance(error, CompressedStreamError)


@pytest.mark.parametrize("wrong", [{"crc": 0}, {"crc": 0xFFFFFFFF}, {"size": 0}, {"size": len(TEXT) - 1}])
@pytest.mark.parametrize("after", [b"", member(b""), member(TEXT)])
def test_a_wrong_checksum_or_length_is_refused(path: Path, wrong: dict[str, int], after: bytes) -> None:
    path.write_bytes(member(TEXT, **wrong) + after)  # type: ignore[arg-type] # an int for either
    error = judged(path)
    assert isinstance(error, CompressedStreamError)
    assert "corrupt" in str(error)
    assert error.title == "The compressed data is damaged"
    assert error.hint


def test_damage_far_into_a_file_is_refused(path: Path) -> None:
    whole = bytearray(member(TEXT * 60_000, level=1))
    whole[len(whole) * 2 // 3] ^= 0x10
    path.write_bytes(whole)
    check(path)
    text, error = read_all(path)
    assert isinstance(error, CompressedStreamError)
    assert len(text) > 1 << 20
    assert len(whole) // 2 < error.offset <= len(whole)


def test_bgzf_with_an_empty_block_in_the_middle(path: Path) -> None:
    parts = [TEXT, b"", TEXT * 500, b"", b"", TEXT[:7], TEXT[7:], b""]
    path.write_bytes(b"".join(map(bgzf_block, parts)) + BGZF_END)
    assert read_all(path) == (b"".join(parts), None)
    check(path)


def test_bgzf_files_joined_with_their_end_markers(path: Path) -> None:
    one = bgzf_block(TEXT) + BGZF_END
    path.write_bytes(one * 3)
    assert read_all(path) == (TEXT * 3, None)
    path.write_bytes(one + member(TEXT) + one)
    assert read_all(path) == (TEXT * 3, None)


def test_bgzf_cut_inside_a_block_is_refused(path: Path) -> None:
    whole = bgzf_block(TEXT) + bgzf_block(b"") + bgzf_block(TEXT) + BGZF_END
    block_ends = {
        len(bgzf_block(TEXT)),
        len(bgzf_block(TEXT) + bgzf_block(b"")),
        len(whole) - len(BGZF_END),
        len(whole),
    }
    for end in sorted(set(range(1, len(whole))) - block_ends):
        path.write_bytes(whole[:end])
        assert isinstance(judged(path), InputError), end


def test_no_corrupt_byte_of_a_bgzf_block_changes_the_text_unnoticed(path: Path) -> None:
    before, block, after = bgzf_block(TEXT), bgzf_block(TEXT), bgzf_block(b"") + BGZF_END
    for place in range(len(block)):
        for change in (0x01, 0xFF):
            changed = block[:place] + bytes([block[place] ^ change]) + block[place + 1 :]
            path.write_bytes(before + changed + after)
            result = judged(path)
            assert isinstance(result, InputError) or result == TEXT * 2, (place, change)


def test_an_empty_gzip_file_is_empty(path: Path) -> None:
    path.write_bytes(member(b"") * 3)
    assert read_all(path) == (b"", None)
    with pytest.raises(InputError, match=r"reads\.fastq\.gz is empty"):
        check(path)


@pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
def test_a_header_with_a_flag_that_nobody_knows_is_refused(path: Path, flag: int) -> None:
    second = bytearray(member(TEXT, name=b"reads.fastq"))
    second[3] |= flag
    path.write_bytes(member(TEXT) + second)
    text, error = read_all(path)
    assert text == TEXT
    assert isinstance(error, CompressedStreamError)
