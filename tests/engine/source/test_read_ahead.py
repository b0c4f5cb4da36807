from __future__ import annotations

import gzip
import threading
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CompressedStreamError
from engine.source.codec import GZIP
from engine.source.members import MemberSource
from engine.source.read_ahead import ReadAhead
from engine.source.stored import open_file
from tests.stored_files import read_all

# More than the spare buffers hold, and hardly compressible: positions tell pieces apart.
TEXT = np.random.default_rng(7).integers(0, 256, 8 << 20, np.uint8).tobytes()


@pytest.fixture(scope="module")
def stored() -> bytes:
    return gzip.compress(TEXT, 1)


@pytest.fixture
def path(tmp_path: Path, stored: bytes) -> Path:
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(stored)
    return path


def ahead(path: Path) -> ReadAhead:
    return ReadAhead(MemberSource(open_file(path), GZIP), path)


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "lanescope read ahead"]


@pytest.mark.parametrize("piece", [1000, (1 << 20) - 1, 1 << 20, 1 << 23])
def test_text_comes_whole_and_in_order(path: Path, piece: int) -> None:
    assert read_all(ahead(path), piece) == (TEXT, None)


def test_the_end_stays_the_end(path: Path) -> None:
    source = ahead(path)
    buffer = memoryview(bytearray(1 << 20))
    while source.read_into(buffer):
        pass
    assert source.read_into(buffer) == 0
    assert source.position == source.size == path.stat().st_size
    source.close()
    source.close()


def test_trouble_comes_after_the_text_before_it_and_stays(path: Path, stored: bytes) -> None:
    path.write_bytes(stored[: len(stored) * 2 // 3])
    text, error = read_all(MemberSource(open_file(path), GZIP))
    source = ahead(path)
    buffer = memoryview(bytearray(1 << 16))
    read = bytearray()
    with pytest.raises(CompressedStreamError) as first:  # noqa: PT012 - it comes after many reads
        while count := source.read_into(buffer):
            read += buffer[:count]
    with pytest.raises(CompressedStreamError) as again:
        source.read_into(buffer)
    assert str(first.value) == str(again.value) == str(error)
    assert read == text
    source.close()


def test_a_defect_reaches_whoever_reads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ahead(path)
    source.read_into(memoryview(bytearray(10)))
    monkeypatch.setattr(MemberSource, "read_piece", lambda _self: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        source.read_into(memoryview(bytearray(10)))
    source.close()


def test_the_first_read_needs_no_thread(path: Path) -> None:
    source = ahead(path)
    buffer = memoryview(bytearray(10))
    source.read_into(buffer)
    assert not threads()
    source.read_into(buffer)
    assert threads()
    source.close()
    assert not threads()


def test_position_is_that_of_the_text_handed_out(path: Path) -> None:
    source = ahead(path)
    buffer = memoryview(bytearray(1 << 20))
    taken = 0
    while taken < 2 << 20:
        taken += source.read_into(buffer)
    # All that follows may lie in the spare buffers by now.
    share = source.position / path.stat().st_size
    assert share == pytest.approx(taken / len(TEXT), abs=0.15)
    source.close()


@pytest.mark.parametrize("reads", [0, 1, 2, 5])
def test_close_at_any_time_ends_the_thread(path: Path, reads: int) -> None:
    source = ahead(path)
    for _ in range(reads):
        source.read_into(memoryview(bytearray(1 << 19)))
    source.close()
    assert not threads()
    assert "broken off" in str(read_all(source)[1])
