from __future__ import annotations

import bz2
import gzip
import lzma
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CompressedStreamError, InputError
from engine.source import members
from engine.source.codec import BZIP2, GZIP, XZ, ZSTD, Codec
from engine.source.inputs import open_source
from engine.source.members import MemberSource
from engine.source.mending import mark
from engine.source.stored import open_file
from tests.stored_files import fastq, read_all, stored_at

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = fastq(30_000)  # more than one piece of what is decompressed at once
SMALL = fastq(3)


def zstd_compress(text: bytes) -> bytes:
    """With a checksum, as the command-line tool does."""
    return zstd.compress(text, options={zstd.CompressionParameter.checksum_flag: 1})


@dataclass(frozen=True)
class Format:
    codec: Codec
    compress: Callable[[bytes], bytes]


FORMATS = [
    pytest.param(Format(GZIP, gzip.compress), id="gzip"),
    pytest.param(Format(BZIP2, bz2.compress), id="bzip2"),
    pytest.param(Format(XZ, lzma.compress), id="xz"),
    pytest.param(Format(ZSTD, zstd_compress), id="zstd"),
]
every_format = pytest.mark.parametrize("form", FORMATS)


def read(folder: Path, stored: bytes) -> tuple[bytes, InputError | None]:
    return read_all(open_source(stored_at(folder, stored, "reads.fastq")))


@every_format
def test_the_format_is_told_by_content_and_its_text_read(tmp_path: Path, form: Format) -> None:
    path = stored_at(tmp_path, form.compress(TEXT), "reads.txt")
    source = open_source(path)
    assert source.kind == form.codec.kind
    assert source.size == path.stat().st_size
    assert read_all(source) == (TEXT, None)
    assert source.position == source.size


@every_format
@given(texts=st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_any_number_of_members_is_one_text(
    tmp_path_factory: pytest.TempPathFactory, form: Format, texts: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("members")
    texts = [SMALL, *texts]
    assert read(folder, b"".join(map(form.compress, texts))) == (b"".join(texts), None)


@every_format
def test_a_file_cut_anywhere_is_truncated(tmp_path: Path, form: Format) -> None:
    first = form.compress(SMALL)
    stored = first + form.compress(SMALL)
    for length in range(form.codec.magic_length, len(stored)):
        text, error = read(tmp_path, stored[:length])
        assert (SMALL * 2).startswith(text)
        if length == len(first):
            assert (text, error) == (SMALL, None)
        else:
            assert isinstance(error, CompressedStreamError), length
            assert "truncated" in str(error)
            assert 0 <= error.offset <= length
            assert f"byte {error.offset:,}" in str(error)


@every_format
def test_a_changed_byte_is_noticed_or_does_not_matter(tmp_path: Path, form: Format) -> None:
    stored = form.compress(SMALL) + form.compress(SMALL)
    reasons: list[str] = []
    for place in range(form.codec.magic_length, len(stored)):
        damaged = bytearray(stored)
        damaged[place] ^= 0xFF
        text, error = read(tmp_path, bytes(damaged))
        if error is None:
            assert text == SMALL * 2, place
        else:  # text is handed out before the checksum at its end is seen
            assert isinstance(error, CompressedStreamError)
            reasons.append(str(error))
    assert any("the compressed data is corrupt" in reason for reason in reasons)


@every_format
def test_text_before_the_damage_is_handed_out(tmp_path: Path, form: Format) -> None:
    whole = form.compress(TEXT)
    text, error = read(tmp_path, whole + form.compress(SMALL)[:-3])
    assert text.startswith(TEXT)
    assert isinstance(error, CompressedStreamError)
    assert error.offset >= len(whole)


@every_format
@pytest.mark.parametrize("garbage", [b"more text that is not compressed", b"@read\nACGT\n+\nIIII\n"])
def test_other_bytes_after_the_members_are_refused(tmp_path: Path, form: Format, garbage: bytes) -> None:
    text, error = read(tmp_path, form.compress(SMALL) + garbage)
    assert text == SMALL
    assert isinstance(error, CompressedStreamError)
    assert form.codec.name in str(error)


@pytest.mark.parametrize(
    ("compress", "zeros"),
    [(gzip.compress, 1), (gzip.compress, 300_000), (lzma.compress, 4), (lzma.compress, 4096)],
)
def test_padding_between_and_after_members(tmp_path: Path, compress: Callable[[bytes], bytes], zeros: int) -> None:
    stored = compress(SMALL) + bytes(zeros) + compress(SMALL) + bytes(zeros)
    assert read(tmp_path, stored) == (SMALL * 2, None)


@pytest.mark.parametrize(("compress", "zeros"), [(lzma.compress, 3), (bz2.compress, 8), (zstd_compress, 4)])
def test_zero_bytes_where_the_format_has_none_are_refused(
    tmp_path: Path, compress: Callable[[bytes], bytes], zeros: int
) -> None:
    text, error = read(tmp_path, compress(SMALL) + bytes(zeros))
    assert text == SMALL
    assert isinstance(error, CompressedStreamError)


def skippable(content: bytes, number: int = 0) -> bytes:
    return bytes([0x50 + number]) + b"\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


def test_zstandard_frames_to_be_skipped_are_skipped(tmp_path: Path) -> None:
    frame = zstd_compress(SMALL)
    stored = skippable(b"") + frame + skippable(b"index" * 100_000, 15) + frame + skippable(b"end", 7)
    source = open_source(stored_at(tmp_path, stored))
    assert source.kind == "zstd"
    assert read_all(source) == (SMALL * 2, None)


def test_a_zstandard_window_that_is_too_large_is_refused_with_advice(tmp_path: Path) -> None:
    compressor = zstd.ZstdCompressor(
        options={zstd.CompressionParameter.window_log: 28, zstd.CompressionParameter.content_size_flag: 0}
    )
    text, error = read(tmp_path, compressor.compress(SMALL) + compressor.flush())
    assert text == b""
    assert isinstance(error, CompressedStreamError)
    assert "128 MiB" in str(error)
    assert "--long=27" in error.hint


@pytest.mark.parametrize(("log", "is_read"), [(27, True), (28, False)])
def test_an_xz_dictionary_may_take_128_mebibytes(tmp_path: Path, log: int, is_read: bool) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << log}]
    text, error = read(tmp_path, lzma.compress(SMALL, filters=filters))
    if is_read:
        assert (text, error) == (SMALL, None)
    else:
        assert isinstance(error, CompressedStreamError)
        assert "128 MiB" in str(error)
        assert "-9" in error.hint


def test_an_xz_file_without_a_checksum_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, lzma.compress(SMALL, check=lzma.CHECK_NONE)) == (SMALL, None)


@pytest.mark.parametrize(
    ("form", "place"),
    [(Format(GZIP, gzip.compress), 10), (Format(XZ, lzma.compress), 13), (Format(ZSTD, zstd_compress), 4)],
    ids=["type of a block", "header of a block", "reserved bit"],
)
def test_behind_damage_the_next_member_is_found_wherever_reads_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Format, place: int
) -> None:
    monkeypatch.setattr(members, "_FIRST_READ", 200)
    monkeypatch.setattr(members, "_LARGEST_READ", 300)
    chance = random.Random(7)  # noqa: S311 - does not compress
    whole = form.compress(TEXT[:5000])
    for size in range(1000, 1310, 3):
        damaged = bytearray(form.compress(chance.randbytes(size)))
        damaged[place] ^= 0x0E
        path = stored_at(tmp_path, whole + damaged + whole, "reads")
        text, error = read_all(MemberSource(open_file(path), form.codec, mends=True))
        assert error is None
        assert text == TEXT[:5000] + mark(len(whole), len(damaged)) + TEXT[:5000]
