from __future__ import annotations

import gzip
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import CompressedStreamError, FastqFormatError, InputError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.follow import FollowSource
from engine.source.growing import FollowStopped
from tests.alignment_files import Record, bam
from tests.alignment_files import fastq as reads_of
from tests.stored_files import bgzf, fastq, read_all

TEXT = fastq(3000)
SMALL = fastq(3)


def followed(path: Path, silence: float | None = 0.3, settling: float = 0.1) -> FollowSource:
    return FollowSource(path, silence=silence, interval=0.01, settling=settling)


class Reader:
    """Reads a source in a thread of its own, so that the test can write meanwhile."""

    def __init__(self, source: FollowSource) -> None:
        self.text = bytearray()
        self.error: InputError | None = None
        self._source = source
        self._grown = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        buffer = memoryview(bytearray(1 << 16))
        try:
            while count := self._source.read_into(buffer):
                with self._grown:
                    self.text += buffer[:count]
                    self._grown.notify_all()
        except InputError as error:
            self.error = error
        finally:
            self._source.close()

    def wait_for(self, text: bytes) -> None:
        with self._grown:
            assert self._grown.wait_for(lambda: len(self.text) >= len(text), 30)
        assert bytes(self.text) == text

    def join(self) -> tuple[bytes, InputError | None]:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return bytes(self.text), self.error


def test_a_file_that_grows_is_read_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    with path.open("wb", buffering=0) as file:
        file.write(SMALL[:30])
        reader = Reader(followed(path, 1))
        for start in range(30, len(SMALL), 7):
            reader.wait_for(SMALL[:start])
            file.write(SMALL[start : start + 7])
    assert reader.join() == (SMALL, None)


def compressed_pieces(stored: bytes, count: int = 7) -> list[bytes]:
    size = len(stored) // count + 1
    return [stored[start : start + size] for start in range(0, len(stored), size)]


@pytest.mark.parametrize("compress", [gzip.compress, bgzf], ids=["gzip", "bgzf"])
def test_a_compressed_file_that_grows_is_waited_for_inside_members(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(b"")
    source = followed(path, None)
    reader = Reader(source)
    for piece in compressed_pieces(compress(TEXT) + compress(SMALL)):
        time.sleep(0.03)
        with path.open("ab") as file:
            file.write(piece)
    reader.wait_for(TEXT + SMALL)
    source.stop()
    assert reader.join()[0] == TEXT + SMALL


def test_silence_is_an_end_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(TEXT)
    began = time.monotonic()
    source = followed(path, 0.3)
    assert read_all(source) == (TEXT, None)
    assert time.monotonic() - began >= 0.3
    assert source.read_into(memoryview(bytearray(9))) == 0
    assert source.position == len(TEXT)


def test_what_is_incomplete_after_the_silence_is_truncated(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(gzip.compress(TEXT)[:-9])
    text, error = read_all(followed(path))
    assert TEXT.startswith(text)
    assert isinstance(error, CompressedStreamError)
    assert "truncated" in str(error)


@pytest.mark.parametrize("stored", [TEXT[:-5], gzip.compress(TEXT, mtime=0)[:-20], bgzf(TEXT)[:-50], b"", b"\x1f"])
def test_stop_ends_a_wait_at_once(tmp_path: Path, stored: bytes) -> None:
    path = tmp_path / "reads"
    path.write_bytes(stored)
    source = followed(path, None)
    reader = Reader(source)
    time.sleep(0.2)
    began = time.monotonic()
    source.stop()
    text, error = reader.join()
    assert time.monotonic() - began < 15  # it would wait for ever
    assert TEXT.startswith(text)
    assert isinstance(error, FollowStopped)


def count_reads(source: FollowSource, path: Path, seen: Callable[[int], None]) -> None:
    pool = BufferPool(1 << 14, 1)
    for batch in FastqParser(source, pool, path):
        seen(len(batch))
        pool.give(batch.buffer)


def test_after_stop_the_whole_reads_are_handed_out_and_the_started_one_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(TEXT)
    counts: list[int] = []
    count_reads(followed(path, 0.1), path, counts.append)  # the kernels are compiled now
    assert sum(counts) == 3000
    with path.open("ab") as file:
        file.write(b"@started\nACG")
    source = followed(path, None)
    timer = threading.Timer(1, source.stop)
    timer.start()
    counts.clear()
    with pytest.raises(FollowStopped):
        count_reads(source, path, counts.append)
    source.close()
    timer.join()
    assert sum(counts) == 3000


def test_after_silence_the_started_read_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(SMALL + b"@started\nACG")
    source = followed(path)
    with pytest.raises(FastqFormatError, match="truncated"):
        list(FastqParser(source, BufferPool(1 << 14, 2), path))
    source.close()


def test_close_frees_a_thread_that_waits(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(SMALL)
    source = followed(path, None)
    reader = Reader(source)
    reader.wait_for(SMALL)
    source.close()
    assert isinstance(reader.join()[1], FollowStopped)


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    parts = {f"run_{number}.fastq": fastq(number + 1) for number in (0, 1, 2, 10, 11)}
    for name in ("run_10.fastq", "run_2.fastq", "run_0.fastq", "run_11.fastq", "run_1.fastq"):
        (tmp_path / name).write_bytes(parts[name])
    source = followed(tmp_path)
    assert read_all(source) == (b"".join(parts.values()), None)
    assert source.position == sum(map(len, parts.values()))


def test_files_that_appear_are_read(tmp_path: Path) -> None:
    (tmp_path / "a_0.fastq").write_bytes(SMALL)
    reader = Reader(followed(tmp_path, 1))
    reader.wait_for(SMALL)
    (tmp_path / "a_2.fastq.gz").write_bytes(gzip.compress(TEXT))
    reader.wait_for(SMALL + TEXT)
    below = tmp_path / "later"
    below.mkdir()
    (below / "a_1.bgz").write_bytes(bgzf(SMALL))  # out of order, but not lost
    reader.wait_for(SMALL + TEXT + SMALL)
    reads = [Record("r", 4, "ACGT", (1, 2, 3, 4))]
    (tmp_path / "a_3.bam").write_bytes(bgzf(bam(reads)))
    assert reader.join() == (SMALL + TEXT + SMALL + reads_of(reads), None)


def test_a_file_that_still_grows_is_not_left_for_the_next(tmp_path: Path) -> None:
    first, second = tmp_path / "1.fastq.gz", tmp_path / "2.fastq.gz"
    stored = gzip.compress(TEXT)
    first.write_bytes(stored[:2000])
    second.write_bytes(gzip.compress(SMALL))
    source = followed(tmp_path, None, settling=1)
    reader = Reader(source)
    for piece in compressed_pieces(stored[2000:], 10):
        time.sleep(0.05)
        with first.open("ab") as file:
            file.write(piece)
    reader.wait_for(TEXT + SMALL)
    source.stop()
    assert reader.join()[0] == TEXT + SMALL


def test_a_file_that_grows_after_its_turn_is_told(tmp_path: Path) -> None:
    first = tmp_path / "1.fastq"
    first.write_bytes(SMALL)
    (tmp_path / "2.fastq").write_bytes(SMALL)
    reader = Reader(followed(tmp_path, 0.6))
    reader.wait_for(SMALL * 2)
    with first.open("ab") as file:
        file.write(SMALL)
    text, error = reader.join()
    assert text == SMALL * 2
    assert error is not None
    assert error.path == first
    assert "grew" in str(error)


def test_many_old_files_are_not_waited_for_one_by_one(tmp_path: Path) -> None:
    for number in range(30):
        path = tmp_path / f"{number}.fastq"
        path.write_bytes(SMALL)
        os.utime(path, (1_000_000 + 100 * number,) * 2)
    began = time.monotonic()
    assert read_all(followed(tmp_path, 0.2, settling=1)) == (SMALL * 30, None)
    assert time.monotonic() - began < 10


def test_a_last_line_without_an_end_does_not_run_into_the_next_file(tmp_path: Path) -> None:
    (tmp_path / "1.fastq").write_bytes(SMALL[:-1])
    (tmp_path / "2.fastq").write_bytes(TEXT)
    source = followed(tmp_path)
    assert read_all(source) == (SMALL + TEXT, None)
    assert source.file == tmp_path / "2.fastq"
    assert source.file_at(0) == (tmp_path / "1.fastq", 0)
    assert source.file_at(len(SMALL) - 1) == (tmp_path / "1.fastq", len(SMALL) - 1)
    assert source.file_at(len(SMALL) + 5) == (tmp_path / "2.fastq", 5)


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "0_notes.txt").write_bytes(b"no reads")
    (tmp_path / ".hidden.fastq").write_bytes(SMALL)
    (tmp_path / "1.fastq").write_bytes(SMALL)
    (tmp_path / "2_empty").write_bytes(b"")
    assert read_all(followed(tmp_path)) == (SMALL, None)


@pytest.mark.parametrize("stored", [b"", b">chr1\nACGT\n", gzip.compress(TEXT, mtime=0)[:8]])
def test_a_file_named_fastq_that_holds_no_reads_is_an_error_at_the_end(tmp_path: Path, stored: bytes) -> None:
    (tmp_path / "1.fastq.gz").write_bytes(stored)
    (tmp_path / "2.fastq").write_bytes(SMALL)
    text, error = read_all(followed(tmp_path))
    assert text == SMALL
    assert error is not None
    assert error.path == tmp_path / "1.fastq.gz"


def test_an_empty_folder_and_a_missing_one(tmp_path: Path) -> None:
    assert "No reads came" in str(read_all(followed(tmp_path))[1])
    with pytest.raises(InputError, match="does not exist"):
        followed(tmp_path / "missing")


def test_a_file_that_shrinks_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(TEXT)
    reader = Reader(followed(path, None))
    reader.wait_for(TEXT)
    os.truncate(path, 100)
    error = reader.join()[1]
    assert error is not None
    assert "shrank" in str(error)


def test_a_single_file_that_holds_no_reads_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(b"")
    assert "empty" in str(read_all(followed(path))[1])
    path.write_bytes(b">chr1\n")
    assert "FASTA" in str(read_all(followed(path))[1])
