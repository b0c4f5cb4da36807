from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.source.inputs import check
from engine.source.recognise import alignment_kind, decoded
from engine.source.stored import open_file
from tests.alignment_files import HEADER, Record, bam, sam
from tests.stored_files import bgzf, fastq, stored_at

SMALL = fastq(3)


def tar_of(text: bytes) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        member = tarfile.TarInfo("reads.fastq")
        member.size = len(text)
        file.addfile(member, io.BytesIO(text))
    return archive.getvalue()


def zip_of(text: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("reads.fastq", text)
    return archive.getvalue()


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (bgzf(b""), "is empty"),
        (bz2.compress(b""), "is empty"),
        (b">chr1\nACGT\n", "is FASTA"),
        (lzma.compress(b">chr1\nACGT\n"), "is FASTA"),
        (zip_of(SMALL), "is a ZIP archive"),
        (tar_of(SMALL), "is a tar archive"),
        (gzip.compress(tar_of(SMALL), mtime=0), "is a tar archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "is a 7-Zip archive"),
        (b"\x04\x22\x4d\x18" + bytes(50), "compressed with LZ4"),
        (gzip.compress(gzip.compress(SMALL, mtime=0), mtime=0), "was compressed twice, first with gzip"),
        (gzip.compress(bz2.compress(SMALL), mtime=0), "was compressed twice, first with bzip2"),
        (b"CRAM\x03\x01" + bytes(50), "holds CRAM data"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "holds HDF5 (FAST5) data"),
        (b"\x8bPOD\r\n\x1a\n" + bytes(50), "holds POD5 data"),
        (b"<!DOCTYPE html>\n", "holds a web page or XML data"),
        (SMALL.decode().encode("utf-16"), "byte-order mark"),
        (b"\xef\xbb\xbf" + SMALL, "byte-order mark"),
        (SMALL.replace(b"\n", b"\r"), "carriage returns alone"),
        (b"read\tACGT\tIIII\n", "does not begin with @"),
        (bytes(1000), "does not begin with @"),
    ],
)
def test_what_holds_no_reads_is_refused_in_words(tmp_path: Path, stored: bytes, words: str) -> None:
    path = stored_at(tmp_path, stored)
    with pytest.raises(InputError) as caught:
        check(path)
    assert words in str(caught.value)
    assert path.name in str(caught.value)
    assert caught.value.path == path
    assert caught.value.hint


@pytest.mark.parametrize("stored", [SMALL, b"\n\r\n" + SMALL, b"@", b"@unfinished name"])
def test_what_may_hold_reads_is_not(tmp_path: Path, stored: bytes) -> None:
    for compress in (bytes, gzip.compress, bgzf, bz2.compress, lzma.compress):
        check(stored_at(tmp_path, compress(stored)))


READ = Record("r", 4, "ACGT", (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (bam([READ]), "bam"),
        (b"BAM\x01", "bam"),
        (b"BAM\x02", None),
        (sam([READ]), "sam"),
        (HEADER.encode(), "sam"),
        (sam([READ], ""), "sam"),
        (READ.sam().replace("chr1", "*").encode(), "sam"),
        (SMALL, None),
        (b"@HD\nACGT\n+\nIIII\n", None),
        (b"@CO\tx\nACGT\n+\nIIII\n", None),
        (b"r\t4\t*\t0\n", None),
        (b"", None),
    ],
)
def test_bam_and_sam(head: bytes, kind: str | None) -> None:
    assert alignment_kind(head) == kind


def test_a_file_that_is_emptied_after_it_was_looked_at_is_refused(tmp_path: Path) -> None:
    path = stored_at(tmp_path, SMALL)
    check(path)
    path.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        decoded(open_file(path), 0)
