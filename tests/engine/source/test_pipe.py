from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import CompressedStreamError, InputError
from engine.source.inputs import check, find_inputs, open_source
from engine.source.pipe import PipeDevice
from tests.alignment_files import Record, bam, fastq
from tests.stored_files import bgzf, read_all
from tests.stored_files import fastq as reads_text

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="not on this platform: Windows has no named pipes")

TEXT = reads_text(20_000)
READS = [Record("one", 16, "ACGT", (1, 2, 3, 4)), Record("two", 4, "A", (5,))]


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@contextmanager
def written(path: Path, data: bytes, piece: int = 1 << 20) -> Generator[None]:
    """Writes to a pipe, in pieces, while the body reads."""

    def write() -> None:
        with path.open("wb", buffering=0) as file:
            for at in range(0, len(data), piece):
                file.write(data[at : at + piece])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        writer.join()


@pytest.mark.parametrize(
    ("stored", "kind", "text"),
    [
        pytest.param(TEXT, "plain", TEXT, id="plain"),
        pytest.param(gzip.compress(TEXT), "gzip", TEXT, id="gzip"),
        pytest.param(bgzf(TEXT), "bgzf", TEXT, id="bgzf"),
        pytest.param(bgzf(bam(READS)), "bam", fastq(READS), id="bam"),
    ],
)
@pytest.mark.parametrize("piece", [700, 1 << 20])
def test_a_named_pipe_is_read_to_its_end(pipe: Path, stored: bytes, kind: str, text: bytes, piece: int) -> None:
    with written(pipe, stored, piece):
        source = open_source(pipe)
        assert source.kind == kind
        assert source.size is None
        assert read_all(source) == (text, None)
        assert source.position == len(stored)


def test_a_file_descriptor_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    with open(writing, "wb") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(TEXT[:5000])
    try:
        assert read_all(open_source(Path(f"/dev/fd/{reading}"))) == (TEXT[:5000], None)
    finally:
        os.close(reading)


READ_STANDARD_INPUT = """
import sys
from pathlib import Path
from engine.source.inputs import check, find_inputs, open_source
from engine.source.pipe import PipeDevice
from tests.stored_files import read_all
assert find_inputs([Path("-")]).files == (Path("-"),)
source = open_source(Path("-"))
text, error = read_all(source)
sys.stdout.buffer.write(text)
sys.stderr.write(f"{source.kind} {source.size} {error}")
"""


@pytest.mark.parametrize(("stored", "kind"), [(TEXT, "plain"), (bgzf(TEXT), "bgzf")], ids=["plain", "bgzf"])
def test_standard_input(stored: bytes, kind: str) -> None:
    done = subprocess.run([sys.executable, "-c", READ_STANDARD_INPUT], input=stored, capture_output=True, check=True)
    assert done.stdout == TEXT
    assert done.stderr == f"{kind} None None".encode()


@pytest.mark.parametrize(
    ("stored", "words"),
    [(b"", b"standard input is empty"), (b">chr1\nACGT\n", b"standard input is FASTA")],
)
def test_standard_input_that_is_no_fastq_is_refused(stored: bytes, words: bytes) -> None:
    done = subprocess.run([sys.executable, "-c", READ_STANDARD_INPUT], input=stored, capture_output=True, check=False)
    assert words in done.stderr.lower().replace(b"fasta", b"FASTA")


def test_the_keyboard_is_refused() -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_STANDARD_INPUT], stdin=theirs, capture_output=True, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"nothing is piped in" in done.stderr


def test_a_check_leaves_a_pipe_alone(pipe: Path) -> None:
    check(pipe)  # returns although nobody writes
    assert find_inputs([pipe]).files == (pipe,)
    with written(pipe, TEXT):
        check(pipe)
        assert read_all(open_source(pipe)) == (TEXT, None)


def test_a_pipe_in_a_folder_is_not_an_input(pipe: Path) -> None:
    (pipe.parent / "reads.fastq").write_bytes(TEXT)
    assert find_inputs([pipe.parent]).files == (pipe.parent / "reads.fastq",)


@pytest.mark.parametrize("stored", [b"", b">chr1\nACGT\n", b"some text", bgzf(b"")])
def test_a_pipe_that_brings_no_reads_is_refused_when_opened(pipe: Path, stored: bytes) -> None:
    with written(pipe, stored), pytest.raises(InputError):
        open_source(pipe)


def test_a_cut_stream_is_truncated(pipe: Path) -> None:
    with written(pipe, gzip.compress(TEXT)[:-9]):
        text, error = read_all(open_source(pipe))
    assert TEXT.startswith(text)
    assert isinstance(error, CompressedStreamError)
    assert "truncated" in str(error)


def test_text_is_handed_out_while_the_writer_pauses(pipe: Path) -> None:
    blocks = bgzf(TEXT)[:-28]
    with pipe.open("r+b", buffering=0) as file:
        file.write(blocks[:60_000])
        source = open_source(pipe)
        buffer = memoryview(bytearray(1 << 22))
        assert source.read_into(buffer) > 0
        source.close()


def call_later(action: Callable[[], None]) -> threading.Thread:
    def wait_and_act() -> None:
        time.sleep(0.2)
        action()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


@pytest.mark.parametrize("stored", [b"@a\nACGT\n+\nIIII\n" * 10, bgzf(TEXT)[:30_000], gzip.compress(TEXT)[:30_000]])
def test_close_frees_a_thread_that_waits_for_the_writer(pipe: Path, stored: bytes) -> None:
    with pipe.open("r+b", buffering=0) as file:
        file.write(stored)
        source = open_source(pipe)
        closer = call_later(source.close)
        began = time.monotonic()
        error = read_all(source)[1]
        assert "broken off" in str(error)
        assert time.monotonic() - began < 30  # it would wait for ever
        closer.join()


def test_many_may_close_it_at_once(pipe: Path) -> None:
    """A descriptor that were closed twice could be somebody else's by then."""
    closed: list[int] = []
    with pipe.open("r+b", buffering=0):
        device = PipeDevice(os.open(pipe, os.O_RDONLY), is_ours=True)
        ready = threading.Barrier(8)

        def close() -> None:
            ready.wait(30)
            device.close()
            closed.append(1)

        threads = [threading.Thread(target=close) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(closed) == 8  # the others would have raised: the descriptors are gone


def test_no_file_stays_open(pipe: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir()) if sys.platform == "linux" else set()
    with written(pipe, TEXT):
        read_all(open_source(pipe))
    with written(pipe, b"no reads"), pytest.raises(InputError):
        open_source(pipe)
    if sys.platform == "linux":
        assert set(Path("/proc/self/fd").iterdir()) == before
