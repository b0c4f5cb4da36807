from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.errors import CompressedStreamError, InputError
from engine.source.inputs import Inputs, check, find_inputs, open_source
from tests.gzip_members import BGZF_END, bgzf_block, member

RECORD = b"@a\nACGT\n+\nIIII\n"
RECORDS = RECORD * 100

windows = pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: Windows has no such files")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: needs Linux")


def made(path: Path, content: bytes = RECORDS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check(path)
    error = caught.value
    assert error.path == path
    assert path.name in str(error)
    assert error.hint, error
    assert error.title
    return error


@contextmanager
def as_nobody() -> Generator[None]:
    """Runs as a user without rights where the tests run as one who may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


GOOD = {
    "plain": RECORDS,
    "no last newline": RECORD[:-1],
    "CRLF": RECORDS.replace(b"\n", b"\r\n"),
    "blank lines first": b"\n\r\n" + RECORDS,
    "gzip": gzip.compress(RECORDS),
    "gzip, empty member first": gzip.compress(b"", mtime=0) + gzip.compress(RECORDS),
    "BGZF": bgzf_block(b"") + bgzf_block(RECORDS) + BGZF_END,
    "starts well, is damaged later": RECORDS + b"garbage",
    "truncated gzip": gzip.compress(RECORDS + os.urandom(5000))[:-100],
}


@pytest.mark.parametrize("case", GOOD)
@pytest.mark.parametrize("name", ["reads.fastq", "reads.fastq.gz", "no suffix", "reads.txt"])
def test_content_that_may_be_fastq_passes_whatever_its_name(case: str, name: str, tmp_path: Path) -> None:
    path = made(tmp_path / name, GOOD[case])
    check(path)
    assert find_inputs([path]) == Inputs((path,), ())


REFUSED = {
    "empty": (b"", "is empty"),
    "empty gzip": (gzip.compress(b"", mtime=0), "is empty"),
    "empty BGZF": (BGZF_END, "is empty"),
    "FASTA": (b">seq\nACGT\n", "FASTA"),
    "gzipped FASTA": (gzip.compress(b">seq\nACGT\n"), "FASTA"),
    "ZIP": (b"PK\x03\x04" + bytes(100), "ZIP"),
    "CRAM": (b"CRAM\x03\0" + bytes(100), "CRAM"),
    "FAST5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "FAST5"),
    "text": (b"Dear reader,\n", "not FASTQ"),
    "zero bytes": (bytes(5000), "not FASTQ"),
    "a line before the reads": (b"# made by me\n" + RECORDS, "not FASTQ"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(50), "not FASTQ"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_content_is_refused_in_words(case: str, tmp_path: Path) -> None:
    content, words = REFUSED[case]
    path = made(tmp_path / "reads.fastq", content)
    error = refusal(path)
    assert words in str(error)
    assert find_inputs([path]).files == ()


def test_a_real_zip_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("reads.fastq", RECORDS)
    assert "ZIP" in str(refusal(path))


@pytest.mark.parametrize("kept", [2, 3, 9, 10])
def test_a_gzip_file_without_any_text_is_damaged(kept: int, tmp_path: Path) -> None:
    path = made(tmp_path / "reads.fastq.gz", gzip.compress(RECORDS)[:kept])
    assert isinstance(refusal(path), CompressedStreamError)


def test_a_corrupt_start_is_refused(tmp_path: Path) -> None:
    damaged = bytearray(member(RECORDS))
    damaged[12] ^= 0xFF
    assert isinstance(refusal(made(tmp_path / "reads.fastq.gz", bytes(damaged))), CompressedStreamError)


def test_a_missing_file(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone.fastq")
    assert str(error) == "gone.fastq does not exist (any more)."
    assert "below.fastq" in str(refusal(made(tmp_path / "file") / "below.fastq"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert "is a folder" in str(error)


@windows
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = made(tmp_path / "reads.fastq")
    path.chmod(0)
    with as_nobody():
        error = refusal(path)
        assert find_inputs([path]).files == ()
    assert "not allowed to read" in str(error)
    assert "permission" in error.hint


@windows
def test_a_folder_that_may_not_be_entered(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    path = made(folder / "reads.fastq")
    folder.chmod(0)
    try:
        with as_nobody():
            for given in (folder, path):
                found = find_inputs([given])
                assert found.files == ()
                assert len(found.refused) == 1
                assert "not allowed to read" in str(found.refused[0])
    finally:
        folder.chmod(0o700)


@windows
def test_a_folder_below_that_may_not_be_entered_is_told() -> None:
    # Others than the owner may not enter pytest's own folder, so one beside it that everybody may enter.
    with TemporaryDirectory(prefix="lanescope-tests-") as name:
        folder = Path(name)
        good = made(folder / "a" / "reads.fastq")
        locked = made(folder / "b" / "reads.fastq").parent
        for path in (folder, good.parent):
            path.chmod(0o755)
        good.chmod(0o644)
        locked.chmod(0)
        try:
            with as_nobody():
                found = find_inputs([folder])
        finally:
            locked.chmod(0o700)
    assert found.files == (good,)
    assert [error.path for error in found.refused] == [locked]
    assert "not allowed to read" in str(found.refused[0])


@linux_only
def test_a_drive_that_cannot_read() -> None:
    # Reading the memory at address 0 is an input/output error.
    error = refusal(Path("/proc/self/mem"))
    assert str(error) == "The drive could not read mem."


@pytest.mark.parametrize("name", ["a" * 5000, "a" * 300 + ".fastq"])
def test_a_name_too_long_for_any_file_is_refused(name: str, tmp_path: Path) -> None:
    found = find_inputs([tmp_path / name])
    assert (found.files, len(found.refused)) == ((), 1)
    with pytest.raises(InputError):
        open_source(tmp_path / name)


def test_a_name_with_a_zero_byte_is_refused(tmp_path: Path) -> None:
    found = find_inputs([tmp_path / "a\0b.fastq"])
    assert (found.files, len(found.refused)) == ((), 1)


@linux_only
def test_names_need_not_be_unicode(tmp_path: Path) -> None:
    path = made(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe reads.fastq")))
    bad = made(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfe.fastq")), b">fasta\n")
    found = find_inputs([tmp_path])
    assert found.files == (path,)
    assert [error.path for error in found.refused] == [bad]


def test_a_folder_is_walked_by_name_and_judged_by_content(tmp_path: Path) -> None:
    wanted = [
        made(tmp_path / "run" / "a_1.fastq.gz", gzip.compress(RECORDS)),
        made(tmp_path / "run" / "a_2.fastq.gz", gzip.compress(RECORDS)),
        made(tmp_path / "run" / "reads without suffix"),
        made(tmp_path / "run" / "lane 1" / "b.fq"),
        made(tmp_path / "run" / "lane 1" / "deep" / "er" / "c.FASTQ"),
        made(tmp_path / "run" / "lane 2" / "d.txt"),
    ]
    for name in ("sample.csv", "report.html", "genome.fa", "empty.log", ".hidden.fastq", ".hidden/e.fastq"):
        made(tmp_path / "run" / name, RECORDS if "hidden" in name else b">no\n" if name != "empty.log" else b"")
    assert find_inputs([tmp_path / "run"]) == Inputs(tuple(wanted), ())


def test_what_is_named_fastq_in_a_folder_and_is_not_is_refused_aloud(tmp_path: Path) -> None:
    good = made(tmp_path / "a.fastq")
    bad = [
        made(tmp_path / "b.FASTQ.gz", gzip.compress(b">fasta\n")),
        made(tmp_path / "c.fastq", b""),
        made(tmp_path / "d.fq.gz", gzip.compress(RECORDS)[:9]),
    ]
    found = find_inputs([tmp_path])
    assert found.files == (good,)
    assert [error.path for error in found.refused] == bad


def test_a_folder_without_fastq_files_says_so(tmp_path: Path) -> None:
    made(tmp_path / "notes.txt", b"no reads here\n")
    found = find_inputs([tmp_path])
    assert found.files == ()
    assert [str(error) for error in found.refused] == [f"{tmp_path.name} holds no FASTQ files."]


def test_order_is_kept_and_nothing_comes_twice(tmp_path: Path) -> None:
    b, a, c = (made(tmp_path / name) for name in ("b.fastq", "a.fastq", "sub/c.fastq"))
    missing = tmp_path / "missing.fastq"
    found = find_inputs([b, missing, tmp_path, a, b, c])
    assert found.files == (b, a, c)
    assert [error.path for error in found.refused] == [missing]
    assert find_inputs([]) == Inputs((), ())


@windows
def test_links(tmp_path: Path) -> None:
    target = made(tmp_path / "elsewhere" / "reads.fastq")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "link.fastq").symlink_to(target)
    (folder / "broken.fastq").symlink_to(tmp_path / "gone")
    (folder / "broken.txt").symlink_to(tmp_path / "gone")
    (folder / "loop").symlink_to(folder)
    (folder / "itself.fastq").symlink_to(folder / "itself.fastq")
    found = find_inputs([folder])
    assert found.files == (folder / "link.fastq",)
    assert {error.path.name for error in found.refused} == {"broken.fastq", "itself.fastq"}


@windows
def test_a_pipe_in_a_folder_is_passed_over_and_not_waited_for(tmp_path: Path) -> None:
    good = made(tmp_path / "reads.fastq")
    os.mkfifo(tmp_path / "a pipe")
    os.mkfifo(tmp_path / "pipe.fastq")
    finished = threading.Event()
    found: list[Inputs] = []

    def walk() -> None:
        found.append(find_inputs([tmp_path]))
        finished.set()

    thread = threading.Thread(target=walk)
    thread.start()
    waited = not finished.wait(5)
    if waited:  # end the wait, so that the thread ends too
        subprocess.run(["sh", "-c", ": > 'a pipe' & : > pipe.fastq & wait"], cwd=tmp_path, timeout=10, check=False)
    thread.join(5)
    assert not waited
    assert found[0].files == (good,)
