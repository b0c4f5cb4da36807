from __future__ import annotations

import gzip
import threading
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CompressedStreamError, InputError
from engine.source import bgzf_inflate
from engine.source.bgzf import BgzfSource
from engine.source.inputs import check, open_source
from engine.source.stored import Device, StoredInput, open_file
from tests.engine.source.reading import PieceDevice
from tests.stored_files import MARKER, bgzf, bgzf_block, bgzf_blocks, fastq, read_all, stored_at

TEXT = fastq(6000)  # four blocks of the usual size
SMALL = fastq(3)


def read(path: Path, threads: int = 2, piece: int = 1 << 16) -> tuple[bytes, InputError | None]:
    return read_all(BgzfSource(open_file(path), threads), piece)


@settings(max_examples=30)
@given(where=st.floats(0, 1, exclude_max=True), targets=st.lists(st.integers(1, 400_000), min_size=1, max_size=5))
def test_damage_anywhere_ends_the_text_at_its_block(where: float, targets: list[int]) -> None:
    blocks = bgzf_blocks(TEXT, 5000)
    number = int(where * len(blocks))
    damaged = blocks[number][:-8] + bytes(byte ^ 0xFF for byte in blocks[number][-8:-4]) + blocks[number][-4:]
    stored = b"".join([*blocks[:number], damaged, *blocks[number + 1 :]]) + MARKER
    source = BgzfSource(StoredInput(Path("reads"), PieceDevice(stored, 1 << 19)), 2)
    text = bytearray()

    def read_to_the_end() -> None:
        sizes = cycle(targets)
        while count := source.read_into(target := memoryview(bytearray(next(sizes)))):
            text.extend(target[:count])

    with pytest.raises(CompressedStreamError) as raised:
        read_to_the_end()
    source.close()
    assert (bytes(text), raised.value.offset) == (TEXT[: 5000 * number], sum(map(len, blocks[:number])))


@pytest.mark.parametrize("threads", [0, 1, 2, 5])
@pytest.mark.parametrize("piece", [1000, 1 << 16, 1 << 22])
def test_text_comes_whole_and_in_order(tmp_path: Path, threads: int, piece: int) -> None:
    path = stored_at(tmp_path, bgzf(TEXT * 20))
    assert read(path, threads, piece) == (TEXT * 20, None)


@given(
    texts=st.lists(st.binary(max_size=300), max_size=12),
    piece=st.integers(1, 500),
    threads=st.integers(0, 3),
    data=st.data(),
)
def test_any_blocks_read_as_their_texts(texts: list[bytes], piece: int, threads: int, data: st.DataObject) -> None:
    stored = b"".join(map(bgzf_block, texts)) + MARKER
    device: Device = PieceDevice(stored, data.draw(st.integers(1, len(stored))))
    source = BgzfSource(StoredInput(Path("reads"), device), threads)
    assert read_all(source, piece) == (b"".join(texts), None)


@pytest.mark.skipif("sys.platform == 'win32'", reason="not on this platform: pysam has no wheels for Windows")
def test_what_htslib_writes(tmp_path: Path) -> None:
    import pysam

    path = tmp_path / "reads.fastq.gz"
    with pysam.BGZFile(str(path), "wb", None) as file:
        file.write(TEXT)
    source = open_source(path)
    assert source.kind == "bgzf"
    assert read_all(source) == (TEXT, None)


def test_position_and_size_are_those_of_the_stored_file(tmp_path: Path) -> None:
    path = stored_at(tmp_path, bgzf(TEXT * 40))
    source = BgzfSource(open_file(path))
    assert (source.size, source.position) == (path.stat().st_size, 0)
    seen = [0]
    buffer = memoryview(bytearray(100_000))
    while source.read_into(buffer):
        seen.append(source.position)
    source.close()
    assert seen == sorted(seen)
    assert source.position == source.size


def test_empty_blocks_anywhere_are_no_end(tmp_path: Path) -> None:
    first, *others = bgzf_blocks(TEXT)
    path = stored_at(tmp_path, MARKER + first + MARKER + MARKER + b"".join(others) + bgzf_block(b"") + MARKER)
    assert read(path) == (TEXT, None)


def test_files_put_together_with_cat_are_read_to_the_last(tmp_path: Path) -> None:
    assert read(stored_at(tmp_path, bgzf(TEXT) * 30)) == (TEXT * 30, None)


def test_other_gzip_members_in_between_are_read(tmp_path: Path) -> None:
    plain = gzip.compress(SMALL)
    assert read(stored_at(tmp_path, bgzf(TEXT) + plain)) == (TEXT + SMALL, None)
    path = stored_at(tmp_path, bgzf(TEXT) + plain + bgzf(TEXT) + plain)
    assert read(path) == (TEXT + SMALL + TEXT + SMALL, None)
    path = stored_at(tmp_path, plain + bgzf(TEXT))
    assert read_all(open_source(path)) == (SMALL + TEXT, None)


def test_a_block_with_other_extra_fields_is_a_block(tmp_path: Path) -> None:
    path = stored_at(tmp_path, bgzf_block(SMALL, extra=b"XY\x03\x00abc") + MARKER)
    source = open_source(path)
    assert source.kind == "bgzf"
    assert read_all(source) == (SMALL, None)


def test_zero_bytes_at_the_end_are_padding(tmp_path: Path) -> None:
    assert read(stored_at(tmp_path, bgzf(TEXT) + bytes(700))) == (TEXT, None)


def test_other_bytes_at_the_end_are_not(tmp_path: Path) -> None:
    text, error = read(stored_at(tmp_path, bgzf(TEXT) + b"more"))
    assert text == TEXT
    assert isinstance(error, CompressedStreamError)
    assert "not gzip" in str(error)


@pytest.mark.parametrize("threads", [0, 2])
def test_a_file_cut_anywhere_is_never_silently_short(tmp_path: Path, threads: int) -> None:
    repeated = SMALL * 1500
    stored = bgzf(repeated)
    assert len(bgzf_blocks(repeated)) == 3
    for length in range(1, len(stored)):
        text, error = read(stored_at(tmp_path, stored[:length]), threads)
        assert repeated.startswith(text)
        if error is None:  # nothing but the marker is missing
            assert length == len(stored) - len(MARKER)
            assert text == repeated
        else:
            assert isinstance(error, CompressedStreamError)
            assert "truncated" in str(error)
            assert error.offset <= length


def test_a_changed_byte_is_noticed_or_does_not_matter(tmp_path: Path) -> None:
    stored = bgzf(SMALL, 50)
    for place in range(2, len(stored)):  # without its magic it is another format
        for change in (0x01, 0x80, 0xFF):
            damaged = bytearray(stored)
            damaged[place] ^= change
            text, error = read_all(open_source(stored_at(tmp_path, bytes(damaged)), threads=0))
            if error is None:
                assert text == SMALL, place
            else:
                assert SMALL.startswith(text)
                assert isinstance(error, CompressedStreamError)
                assert 0 <= error.offset <= len(stored)


@pytest.mark.parametrize("threads", [0, 1, 4])
@pytest.mark.parametrize("broken", [0, 1, 40, 99])
def test_blocks_before_a_corrupt_one_are_handed_out(tmp_path: Path, threads: int, broken: int) -> None:
    blocks = bgzf_blocks(TEXT * 20, 5000)
    offset = sum(map(len, blocks[:broken]))
    at = len(blocks[broken]) // 2
    blocks[broken] = blocks[broken][:at] + bytes([blocks[broken][at] ^ 0x55]) + blocks[broken][at + 1 :]
    text, error = read(stored_at(tmp_path, b"".join(blocks) + MARKER), threads)
    assert text == (TEXT * 20)[: broken * 5000]
    assert isinstance(error, CompressedStreamError)
    assert error.offset == offset
    assert f"byte {offset:,} of the file is corrupt" in str(error)


def test_the_error_comes_again(tmp_path: Path) -> None:
    source = BgzfSource(open_file(stored_at(tmp_path, bgzf_block(b"")[:-1] + b"\x01")))
    for _ in range(2):
        with pytest.raises(CompressedStreamError):
            source.read_into(memoryview(bytearray(10)))
    source.close()


def merged_blocks(blocks: list[bytes]) -> bytes:
    """Two blocks, the first of which claims to reach to the end of the second."""
    length = len(blocks[0]) + len(blocks[1])
    return blocks[0][:16] + (length - 1).to_bytes(2, "little") + blocks[0][18:] + blocks[1]


def test_a_block_that_hides_another_is_corrupt(tmp_path: Path) -> None:
    path = stored_at(tmp_path, merged_blocks(bgzf_blocks(SMALL[:100], 50)) + MARKER)
    assert isinstance(read(path)[1], CompressedStreamError)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(bgzf_block(SMALL), id="one short block"),
        pytest.param(b"".join(bgzf_blocks(TEXT)), id="full blocks and a short one"),
        pytest.param(b"".join(bgzf_blocks(TEXT * 40) * 2), id="two such files put together"),
        pytest.param(b"".join(bgzf_blocks(TEXT)) + gzip.compress(SMALL), id="another kind of gzip at the end"),
    ],
)
def test_without_an_end_marker_a_short_last_block_tells_the_end(tmp_path: Path, stored: bytes) -> None:
    """So ends what bcl2fastq wrote."""
    assert read(stored_at(tmp_path, stored))[1] is None


def lines_kept_whole(text: bytes) -> list[bytes]:
    """Blocks that end with a line, as newer versions of bgzip write them."""
    blocks, block = [], b""
    for line in text.splitlines(keepends=True):
        if len(block) + len(line) > 0xFF00:
            blocks.append(bgzf_block(block))
            block = b""
        block += line
    return [*blocks, bgzf_block(block)]


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(bgzf_block(TEXT[:0xFF00]), id="one full block"),
        pytest.param(b"".join(bgzf_blocks(TEXT)[:-1]), id="full blocks"),
        pytest.param(b"".join(lines_kept_whole(TEXT * 20)[:50]), id="blocks of whole lines"),
        pytest.param(bgzf(TEXT) + b"".join(bgzf_blocks(TEXT)[:1]), id="after a whole file"),
        pytest.param(b"".join(bgzf_blocks(TEXT)[:-1]) + bytes(100), id="before padding"),
    ],
)
def test_without_an_end_marker_a_full_last_block_means_truncation(tmp_path: Path, stored: bytes) -> None:
    error = read(stored_at(tmp_path, stored))[1]
    assert isinstance(error, CompressedStreamError)
    assert "end marker" in str(error)
    assert "bgzip" in error.hint


def test_where_the_marker_is_required_a_short_block_is_no_excuse(tmp_path: Path) -> None:
    source = BgzfSource(open_file(stored_at(tmp_path, bgzf_block(SMALL))))
    source.require_marker()
    text, error = read_all(source)
    assert text == SMALL
    assert isinstance(error, CompressedStreamError)


@pytest.mark.parametrize("reads", [0, 1, 3])
def test_threads_end_with_close_wherever_reading_stopped(tmp_path: Path, reads: int) -> None:
    source = BgzfSource(open_file(stored_at(tmp_path, bgzf(TEXT * 100))), 3)
    for _ in range(reads):
        assert source.read_into(memoryview(bytearray(3_000_000)))
    source.close()
    source.close()
    assert not [thread for thread in threading.enumerate() if "bgzf" in thread.name]
    with pytest.raises(InputError, match="broken off"):
        source.read_into(memoryview(bytearray(10)))


def test_a_short_file_and_a_check_start_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: threading.Thread) -> None:
        raise AssertionError("a thread was started")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    check(stored_at(tmp_path, bgzf(TEXT * 100)))
    source = open_source(stored_at(tmp_path, bgzf(SMALL)))
    buffer = memoryview(bytearray(1000))
    assert source.read_into(buffer) == len(SMALL)
    source.close()


@pytest.mark.parametrize("length", [0, 5, 25, 0xFFFF])
def test_a_block_that_lies_about_its_own_length_is_corrupt(tmp_path: Path, length: int) -> None:
    block = bgzf_block(SMALL)
    path = stored_at(tmp_path, block[:16] + length.to_bytes(2, "little") + block[18:] + MARKER)
    assert isinstance(read(path)[1], CompressedStreamError)


def test_a_block_of_more_text_than_may_be_in_one_is_corrupt(tmp_path: Path) -> None:
    block = bgzf_block(bytes((1 << 16) + 1))
    text, error = read(stored_at(tmp_path, bgzf_block(SMALL) + block + MARKER, "reads"))
    assert text == SMALL
    assert isinstance(error, CompressedStreamError)
    assert read(stored_at(tmp_path, bgzf_block(bytes(1 << 16)) + MARKER, "reads")) == (bytes(1 << 16), None)


def test_a_block_that_promises_gigabytes_of_text_is_corrupt(tmp_path: Path) -> None:
    path = stored_at(tmp_path, bgzf_block(SMALL)[:-4] + b"\xff\xff\xff\x7f" + MARKER)
    assert isinstance(read(path)[1], CompressedStreamError)


@pytest.mark.parametrize("threads", [0, 2])
def test_blocks_are_read_where_the_library_has_no_reader_for_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr(bgzf_inflate, "_READER", None)
    assert read(stored_at(tmp_path, bgzf(TEXT, 5000)), threads) == (TEXT, None)
