from __future__ import annotations

import gzip
import lzma
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import AlignmentFormatError, CompressedStreamError, InputError
from engine.source.inputs import check, open_source
from tests.alignment_files import CODES, HEADER, Record, bam, fastq, sam
from tests.stored_files import MARKER, bgzf, bgzf_blocks, read_all, stored_at

READS = [
    Record("unmapped", 4, "ACGTN", (0, 1, 2, 3, 93)),
    Record("forward", 0, "ACGT", (10, 11, 12, 13)),
    Record("reverse.odd", 16, "ACGTR", (1, 2, 3, 4, 5)),
    Record("reverse.even", 16, "AACMGRSVTWYHKDBN", tuple(range(16))),
    Record("pair", 0x4D, "GGG", (1, 2, 3)),
    Record("pair", 0x8D, "GGC", (4, 5, 6)),
    Record("pair.of.three", 0xC1, "GGA", (4, 5, 6)),
    Record("not.paired", 0x40, "T", (40,)),
    Record("secondary", 0x100, "AAA", (1, 1, 1)),
    Record("supplementary", 0x810, "AAA", (1, 1, 1)),
    Record("failed.by.the.vendor", 0x204, "C", (2,)),
    Record("tagged", 4, "CA", (9, 8), b"RGZ" + b"group\0"),
    Record("empty", 4, "", ()),
]
TEXT = fastq(READS)

visible = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="@")


@st.composite
def records(draw: st.DrawFn) -> Record:
    bases = draw(st.text(CODES, max_size=40))
    qualities = draw(st.lists(st.integers(0, 93), min_size=len(bases), max_size=len(bases)))
    # A lone quality of 9 is written "*", which in SAM means that there is none.
    if len(bases) == 1 and qualities[0] == 9:
        qualities = [8]
    name = draw(st.text(visible, min_size=1, max_size=30))
    return Record(name, draw(st.integers(0, 0xFFF)), bases, tuple(qualities), draw(st.binary(max_size=20)))


some_records = st.lists(records(), min_size=1, max_size=8)
# The path is the same for all examples of a test, and each overwrites it.
overwriting = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(folder: Path, stored: bytes, piece: int = 1 << 16) -> tuple[bytes, InputError | None]:
    return read_all(open_source(stored_at(folder, stored, "reads")), piece)


@overwriting
@given(some=some_records, piece=st.integers(1, 300))
def test_reads_of_any_bam(tmp_path: Path, some: list[Record], piece: int) -> None:
    assert read(tmp_path, bgzf(bam(some), 200), piece) == (fastq(some), None)


@overwriting
@given(some=some_records, piece=st.integers(1, 300), end=st.sampled_from(["\n", "\r\n"]), has_header=st.booleans())
def test_reads_of_any_sam(tmp_path: Path, some: list[Record], piece: int, end: str, has_header: bool) -> None:
    text = sam(some, HEADER if has_header else "").decode().replace("\n", end)
    assert read(tmp_path, text.encode(), piece) == (fastq(some), None)
    assert read(tmp_path, text.rstrip().encode(), piece) == (fastq(some), None)


@overwriting
@given(some=some_records)
def test_dots_in_sam_are_read_as_n(tmp_path: Path, some: list[Record]) -> None:
    lines = [record.sam().split("\t") for record in some]
    dotted = ["\t".join([*columns[:9], columns[9].replace("N", "."), columns[10]]) for columns in lines]
    assert read(tmp_path, (HEADER + "\n".join(dotted)).encode()) == (fastq(some), None)


def test_dots_in_sam_by_hand(tmp_path: Path) -> None:
    lines = "f\t4\t*\t0\t0\t*\t*\t0\t0\tA..g.\tIJKLM\nr\t16\tchr1\t1\t0\t5M\t*\t0\t0\tA..g.\tIJKLM\n"
    text = b"@f\nANNgN\n+\nIJKLM\n@r\nNcNNT\n+\nMLKJI\n"
    assert read(tmp_path, (HEADER + lines).encode()) == (text, None)


@overwriting
@given(some=some_records, piece=st.integers(1, 300))
def test_repeated_records_are_reads_where_they_are_wanted(tmp_path: Path, some: list[Record], piece: int) -> None:
    with_bases = [replace(each, flags=each.flags & ~0x900) for each in some if each.bases or not each.is_skipped]
    for stored in (bgzf(bam(some), 200), sam(some)):
        source = open_source(stored_at(tmp_path, stored, "reads"), repeats=True)
        assert read_all(source, piece) == (fastq(with_bases), None)


def test_repeated_records_that_hold_nothing_are_left_out(tmp_path: Path) -> None:
    start = "a\t0\tchr1\t1\t0\t4M\t*\t0\t0\tACGT\tIIII\n"
    bare = "".join(
        f"a\t{flags}\tchr1\t1\t0\t4M\t*\t0\t0\t{bases}\t*\n" for flags in (256, 2064) for bases in ("*", "ACGT")
    )
    path = stored_at(tmp_path, (HEADER + start + bare).encode(), "reads")
    assert read_all(open_source(path, repeats=True), 100) == (b"@a\nACGT\n+\nIIII\n", None)
    bare_bam = bam([Record("a", 256, "", ()), Record("b", 256, "AC", (255, 255)), Record("c", 4, "A", (2,))])
    path = stored_at(tmp_path, bgzf(bare_bam, 200), "reads")
    assert read_all(open_source(path, repeats=True), 100) == (b"@c\nA\n+\n#\n", None)


@pytest.mark.skipif("sys.platform == 'win32'", reason="not on this platform: pysam has no wheels for Windows")
def test_the_same_reads_as_samtools(tmp_path: Path) -> None:
    import pysam

    header = pysam.AlignmentHeader.from_text(HEADER)
    lines = [pysam.AlignedSegment.fromstring(read.sam(), header) for read in READS]
    for name, mode in (("reads.bam", "wb"), ("reads.sam", "w")):
        path = tmp_path / name
        with pysam.AlignmentFile(str(path), mode, header=header) as file:
            for line in lines:
                file.write(line)
        assert read_all(open_source(path)) == (TEXT, None)
    unpaired = [read for read in READS if read.name != "pair.of.three"]
    path = stored_at(tmp_path, bgzf(bam(unpaired)), "unpaired.bam")
    theirs = tmp_path / "samtools.fastq"
    pysam.fastq("-N", "-o", str(theirs), "-0", str(theirs), str(path))
    assert theirs.read_bytes() == fastq(unpaired)


@pytest.mark.parametrize(("text", "kind"), [(bam(READS), "bam"), (sam(READS), "sam")], ids=["bam", "sam"])
@pytest.mark.parametrize("compress", [bytes, bgzf, gzip.compress, lzma.compress], ids=["plain", "bgzf", "gzip", "xz"])
def test_the_format_is_told_by_content(
    tmp_path: Path, text: bytes, kind: str, compress: Callable[[bytes], bytes]
) -> None:
    path = stored_at(tmp_path, compress(text), "reads.fastq")
    check(path)
    source = open_source(path)
    assert source.kind == kind
    assert source.size == path.stat().st_size
    assert read_all(source) == (TEXT, None)
    assert source.position == source.size


@pytest.mark.parametrize(
    "header",
    ["@CO\tbegins with a comment\n@HD\tVN:1.6\n", "@SQ\tSN:chr1\tLN:9\n", "@RG\tID:a\n", "@PG\tID:a\n", ""],
)
def test_sam_with_any_header(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, sam(READS, header)) == (TEXT, None)


@pytest.mark.parametrize("name", ["HD", "SQ\tlooks a bit like SAM", "CO\tcomment", "r1\t4\t*\t0"])
def test_fastq_is_not_taken_for_sam(tmp_path: Path, name: str) -> None:
    text = f"@{name}\nACGT\n+\nIIII\n".encode()
    source = open_source(stored_at(tmp_path, text))
    assert source.kind == "plain"
    assert read_all(source) == (text, None)


def test_records_that_repeat_a_read_are_counted(tmp_path: Path) -> None:
    from engine.source.alignments import AlignmentSource

    source = open_source(stored_at(tmp_path, bgzf(bam(READS))))
    assert isinstance(source, AlignmentSource)
    buffer = memoryview(bytearray(100))
    while source.read_into(buffer):
        pass
    assert source.skipped == 2
    source.close()


def test_long_reads_and_long_headers(tmp_path: Path) -> None:
    long = Record("long", 16, "ACGTT" * 700_000, (20,) * 3_500_000)
    header = HEADER + "@CO\t" + "x" * 3_000_000 + "\n"
    expected = TEXT + long.fastq() + TEXT
    assert read(tmp_path, bgzf(bam([*READS, long, *READS], header))) == (expected, None)
    assert read(tmp_path, sam([*READS, long, *READS], header)) == (expected, None)


def test_bam_cut_anywhere_is_truncated(tmp_path: Path) -> None:
    whole = bam(READS)
    ends = {len(bam(READS[:count])) for count in range(len(READS) + 1)}
    for length in range(4, len(whole)):
        text, error = read(tmp_path, whole[:length])
        assert TEXT.startswith(text)
        if length in ends:  # uncompressed BAM does not say where it ends
            assert error is None
        else:
            assert isinstance(error, AlignmentFormatError), length
            assert "truncated" in str(error)
            assert 0 <= error.offset <= length


def test_compressed_bam_cut_anywhere_is_truncated(tmp_path: Path) -> None:
    whole = bgzf(bam(READS), 150)
    for length in range(2, len(whole)):
        text, error = read(tmp_path, whole[:length])
        assert TEXT.startswith(text)
        assert error is not None, length


def test_bam_without_the_end_marker_is_truncated(tmp_path: Path) -> None:
    blocks = bgzf_blocks(bam(READS), 150)
    error = read(tmp_path, b"".join(blocks))[1]
    assert isinstance(error, CompressedStreamError)
    assert "end marker" in str(error)
    assert read(tmp_path, b"".join(blocks) + MARKER) == (TEXT, None)


def test_sam_cut_anywhere_gives_no_wrong_read(tmp_path: Path) -> None:
    whole = sam(READS)
    for length in range(len(HEADER) + 60, len(whole)):
        text, error = read(tmp_path, whole[:length])
        if error is None:
            assert whole[:length].rstrip(b"\n").count(b"\t") >= 10
        else:
            assert isinstance(error, AlignmentFormatError)
            assert TEXT.startswith(text)


def test_a_changed_byte_never_hangs_or_crashes(tmp_path: Path) -> None:
    whole = bam(READS)
    for place in range(4, len(whole)):
        for change in (0x01, 0x80, 0xFF):
            error = read(tmp_path, whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :])[1]
            assert error is None or isinstance(error, AlignmentFormatError)


def record_with(at: int, value: bytes) -> bytes:
    """The second of three records has `value` at byte `at`; a BAM file."""
    changed = bytearray(READS[1].bam())
    changed[at : at + len(value)] = value
    return bam(READS[:1]) + bytes(changed) + READS[2].bam()


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (record_with(0, struct.pack("<i", 31)), "this is no BAM record"),
        (record_with(0, struct.pack("<i", -5)), "this is no BAM record"),
        (record_with(0, struct.pack("<i", 0x7FFFFFF0)), "longer than 512 MiB"),
        (record_with(12, b"\0"), "this is no BAM record"),
        (record_with(12, b"\xff"), "this is no BAM record"),
        (record_with(16, b"\xff\xff"), "this is no BAM record"),
        (record_with(20, struct.pack("<i", 1_000_000)), "this is no BAM record"),
        (record_with(20, struct.pack("<i", -1)), "this is no BAM record"),
        (record_with(36, b"a\nb"), "name"),
        (record_with(36 + 8 + 4 + 2, b"\xff" * 4), "has no qualities"),
        (record_with(36 + 8 + 4 + 2 + 1, b"\x5e"), "outside 0 to 93"),
    ],
)
def test_a_damaged_bam_record_is_named_and_those_before_it_read(tmp_path: Path, stored: bytes, reason: str) -> None:
    text, error = read(tmp_path, bgzf(stored))
    assert text == READS[0].fastq()
    assert isinstance(error, AlignmentFormatError)
    assert reason in str(error)
    assert (error.record, error.offset) == (2, len(bam(READS[:1])))
    assert "record 2, byte" in str(error)
    assert error.hint


@pytest.mark.parametrize(
    "header", [b"\xff\xff\xff\xff", b"\0\0\0\0\xff\xff\xff\xff", b"\0\0\0\0\x01\0\0\0\xff\xff\xff\xff"]
)
def test_a_damaged_bam_header_is_refused(tmp_path: Path, header: bytes) -> None:
    assert isinstance(read(tmp_path, b"BAM\x01" + header)[1], AlignmentFormatError)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tACGT", "this is no SAM record"),
        ("not a record at all", "this is no SAM record"),
        ("r\tx\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII", "flags"),
        ("r\t\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII", "flags"),
        ("r\t65536\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII", "flags"),
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIII", "differ in length"),
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\t*\tIII", "differ in length"),
        ("r\t256\t*\t0\t0\t*\t*\t0\t0\tACGTother\t4\t*", "differ in length"),  # a line end is lost
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\t*", "has no qualities"),
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tA\t*", "has no qualities"),
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tAC T\tIIII", "no base"),
        ("r\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tII I", "quality"),
        ("\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII", "name"),
        ("a b\t4\t*\t0\t0\t*\t*\t0\t0\tACGT\tIIII", "name"),
        ("@SQ\tSN:chr3\tLN:4", "header line"),
    ],
)
def test_a_damaged_sam_line_is_named_and_those_before_it_read(tmp_path: Path, line: str, reason: str) -> None:
    before = sam(READS)
    text, error = read(tmp_path, before + line.encode() + b"\n" + sam(READS, ""))
    assert text == TEXT
    assert isinstance(error, AlignmentFormatError)
    assert reason in str(error)
    assert (error.record, error.offset) == (len(READS) + 1, len(before))


@pytest.mark.parametrize("make", [bam, sam])
def test_missing_qualities_come_with_advice(tmp_path: Path, make: Callable[[Sequence[Record]], bytes]) -> None:
    stored = make([replace(READS[1], qualities=(255,) * 4)]) if make is bam else make([replace(READS[1], qualities=())])
    error = read(tmp_path, stored)[1]
    assert error is not None
    assert "sequencer" in error.hint


def test_trouble_with_the_compression_is_told_after_the_reads_before_it(tmp_path: Path) -> None:
    blocks = bgzf_blocks(bam(READS * 50), 500)
    blocks[20] = blocks[20][:-6] + b"\0" + blocks[20][-5:]
    text, error = read(tmp_path, b"".join(blocks) + MARKER)
    assert isinstance(error, CompressedStreamError)
    assert text
    assert fastq(READS * 50).startswith(text)


def test_a_check_needs_no_compiler(tmp_path: Path) -> None:
    path = stored_at(tmp_path, bgzf(bam(READS)))
    program = (
        "import sys; from pathlib import Path; from engine.source.inputs import check;"
        f"check(Path({str(path)!r})); assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
