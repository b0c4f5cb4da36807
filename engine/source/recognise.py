"""What an input holds, told by its content alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from engine.errors import InputError
from engine.source.base import ByteSource
from engine.source.bgzf import BgzfSource
from engine.source.bgzf_blocks import is_bgzf
from engine.source.codec import GZIP, codec_of
from engine.source.colours import holds_colours
from engine.source.head import HeadSource
from engine.source.members import MemberSource
from engine.source.plain import PlainSource
from engine.source.read_ahead import ReadAhead
from engine.source.stored import StoredInput

_BAM = b"BAM\x01"
_SAM_HEADER = re.compile(rb"@(?:HD\tVN|SQ\tSN|RG\tID|PG\tID|CO\t[^\n]*\n@(?:HD|SQ|RG|PG|CO)\t)")
_SAM_RECORD = re.compile(
    rb"[!-?A-~]+\t\d{1,5}\t[!-~]+\t\d+\t\d{1,3}\t(?:\*|(?:\d+[MIDNSHPX=])+)\t[!-~]+\t\d+\t-?\d+\t[A-Za-z=.*]+\t[!-~]+"
)
_STORED_HEAD = 64  # enough for every magic, and for BGZF's header with other fields in it
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_TAR = slice(257, 262)
_ARCHIVES = {b"PK\x03\x04": "ZIP", b"Rar!": "RAR", b"7z\xbc\xaf\x27\x1c": "7-Zip"}
_COMPRESSED = {b"\x04\x22\x4d\x18": "LZ4", b"\x1f\x9d": "compress (.Z)"}
_OTHERS = {
    b"CRAM": "CRAM",
    b"\x89HDF": "HDF5 (FAST5)",
    b"\x8bPOD": "POD5",
    b"NCBI.sra": "SRA",
    b".sff": "SFF",
    b"<": "a web page or XML",
}


def decompressed(
    stored: StoredInput, threads: int, *, mends: bool = False
) -> BgzfSource | MemberSource | PlainSource | ReadAhead:
    """The text of an input, compressed in whatever way.

    Args:
        stored: the input; closed with the source.
        threads: that may decompress; 0: the one that reads does.
        mends: damaged compressed data is passed over, and marked in the text; see `mark`.

    Raises:
        InputError: it cannot be read.
    """
    head = stored.peek(_STORED_HEAD)
    codec = codec_of(head)
    if is_bgzf(head):
        if not mends:
            return BgzfSource(stored, threads)
        # Each block is a gzip member: read one by one, those that are sound can be told from the others.
        codec = replace(GZIP, kind=BgzfSource.kind)
    if codec is None:
        return PlainSource(stored)
    members = MemberSource(stored, codec, mends=mends)
    return ReadAhead(members, stored.path) if threads else members


def decoded(stored: StoredInput, threads: int, *, mends: bool = False, repeats: bool = False) -> ByteSource:
    """The FASTQ text of an input, compressed in whatever way, BAM and SAM included, and colours turned into bases.

    Args:
        stored: the input; closed with the source.
        threads: that may decompress; 0: the one that reads does.
        mends: damaged compressed data is passed over, and marked in the text; see `mark`.
        repeats: secondary and supplementary records of BAM and SAM are reads too.

    Raises:
        InputError: it cannot be read, or it is a pipe (which could not be checked before) that
            brings something else than reads.
    """
    text = decompressed(stored, threads, mends=mends)
    source = HeadSource(text)
    head = source.look()
    kind = alignment_kind(head)
    if kind is None:
        # Files were looked at before, and refused if empty; one may have been emptied since then.
        if not stored.size and source.trouble is None and (error := refusal(head, stored.path, stored.name)):
            source.close()
            raise error
        if not holds_colours(head):
            return source
        from engine.source.colour_source import ColourSource  # brings Numba, which takes its time

        return ColourSource(source, stored.path)
    if kind == "bam" and isinstance(text, BgzfSource):
        text.require_marker()
    from engine.source.alignments import AlignmentSource  # brings Numba, which takes its time

    return AlignmentSource(source, stored.path, kind, repeats=repeats)


def alignment_kind(head: bytes) -> str | None:
    """``bam`` or ``sam`` for a text that begins as one does; ``None`` for any other."""
    if head.startswith(_BAM):
        return "bam"
    return "sam" if _SAM_HEADER.match(head) or _SAM_RECORD.match(head) else None


def refusal(head: bytes, path: Path, name: str) -> InputError | None:
    """Why a text that begins so is not FASTQ; ``None`` if it may be.

    Args:
        head: the first bytes, decompressed; at least a line of them, if there is one.
        path: the input, for the error.
        name: what to call it.
    """
    if not head:
        hint = "Check that what wrote the file has finished, and did not fail."
        return InputError(f"{name} is empty.", path=path, hint=hint)
    first = head.lstrip()[:1]
    if first == b"@" and b"\r+" in head and b"\n" not in head:
        hint = "Turn them into line feeds: tr '\\r' '\\n' < OLD > NEW"
        return InputError(f"{name} ends its lines with carriage returns alone, as old Macs did.", path=path, hint=hint)
    if not first or first == b"@":
        return None
    sentence, hint = _refusal_in_words(head, first)
    return InputError(f"{name} {sentence}", path=path, hint=hint)


def _refusal_in_words(head: bytes, first: bytes) -> tuple[str, str]:
    words = (
        "is not FASTQ: it does not begin with @.",
        "Choose a FASTQ, BAM or SAM file (plain, or compressed with gzip, bgzip, bzip2, xz or zstd).",
    )
    if archive := _named(_ARCHIVES, head) or ("tar" if head[_TAR] == b"ustar" else None):
        words = f"is a {archive} archive, which Lanescope does not open.", "Unpack it and choose the files in it."
    elif compressed := _named(_COMPRESSED, head):
        words = f"is compressed with {compressed}, which Lanescope does not read.", "Compress it with gzip instead."
    elif codec := codec_of(head):
        words = f"was compressed twice, first with {codec.name}.", "Decompress it once, and choose the result."
    elif other := _named(_OTHERS, head):
        words = f"holds {other} data, which Lanescope does not read.", "Convert it to FASTQ or BAM."
    elif head.startswith(_BYTE_ORDER_MARKS):
        words = "begins with a byte-order mark, as some editors write it.", "Save it as plain text (ASCII)."
    elif first == b">":
        words = "is FASTA: it has no qualities.", "Choose the FASTQ file that it was made from."
    return words


def _named(names: dict[bytes, str], head: bytes) -> str | None:
    return next((name for magic, name in names.items() if head.startswith(magic)), None)
