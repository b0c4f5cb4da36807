"""Good and bad FASTQ files after the ideas of the corpus that Cock et al. published.

P. J. A. Cock et al., "The Sanger FASTQ file format for sequences with quality scores, and the
Solexa/Illumina FASTQ variants", Nucleic Acids Research 38 (2010), 1767-1771, came with files that every
reader should refuse and files that every reader should accept. The names are theirs, the reads are not.
"""

from __future__ import annotations

from tests.naive_parser import Read
from tests.strategies import four_lines

_LENGTH = 25
_NAMES = [b"LS01_0007_FC61:%d:%d:%d:%d" % (1 + i % 4, i, 311 * i, 1000 + 77 * i) for i in range(1, 6)]
_BASES = [(b"GTTGCATCAGACTTACGGAATCCGTAAC" * 2)[3 * i : 3 * i + _LENGTH] for i in range(5)]
_QUALITIES = [(b"IIIIIHIIIGI+I@I9I%II:I#IIAI@" * 2)[5 * i : 5 * i + _LENGTH] for i in range(5)]

READS = [Read(*fields) for fields in zip(_NAMES, _BASES, _QUALITIES, strict=True)]
"""Five reads of 25 bases."""

BAD_READ = 2
"""The index of the read at fault in bad files that were not cut off."""


def _repeating_names(reads: list[Read]) -> list[list[bytes]]:
    return [[b"@" + read.name, read.bases, b"+" + read.name, read.qualities] for read in reads]


def _with(line: int, *replacement: bytes) -> bytes:
    """The file with one line of the bad read replaced by any number of lines."""
    records = _repeating_names(READS)
    records[BAD_READ][line : line + 1] = replacement
    return b"".join(line + b"\n" for record in records for line in record)


def _cut(line: int, kept: int) -> bytes:
    """The file with only `kept` bytes left of a line of its last read."""
    *before, last = _repeating_names(READS)
    lines = [line for record in before for line in record] + [*last[:line], last[line][:kept]]
    return b"\n".join(lines)


def _among_qualities(byte: bytes) -> bytes:
    qualities = READS[BAD_READ].qualities
    return _with(3, qualities[:11] + byte + qualities[12:])


def _everywhere(byte: bytes) -> bytes:
    """A file of records whose sequences and qualities stand in groups of ten."""
    lines = []
    for header, bases, separator, qualities in _repeating_names(READS):
        groups = (byte.join(text[i : i + 10] for i in range(0, _LENGTH, 10)) for text in (bases, qualities))
        lines += [header, next(groups), separator, next(groups)]
    return b"\n".join(lines) + b"\n"


_bad = READS[BAD_READ]

BAD = {
    "error_diff_ids": _with(2, b"+" + READS[3].name),
    "error_double_qual": _with(3, _bad.qualities, _bad.qualities),
    "error_blank_after_header": _with(1, b"", _bad.bases),
    "error_blank_after_seq": _with(2, b"", b"+" + _bad.name),
    "error_blank_after_plus": _with(3, b"", _bad.qualities),
    "error_blank_within_seq": _with(1, _bad.bases[:9], b"", _bad.bases[9:]),
    "error_blank_within_qual": _with(3, _bad.qualities[:9], b"", _bad.qualities[9:]),
    "error_white_after_header": _with(1, b" \t", _bad.bases),
    "error_white_after_seq": _with(2, b" \t", b"+" + _bad.name),
    "error_white_after_plus": _with(3, b" \t", _bad.qualities),
    "error_white_within_seq": _with(1, _bad.bases[:9], b"\t", _bad.bases[9:]),
    "error_white_within_qual": _with(3, _bad.qualities[:9], b"\t", _bad.qualities[9:]),
    "error_missing_header": _with(0, *()),
    "error_missing_seq": _with(1, *()),
    "error_double_seq": _with(1, _bad.bases, _bad.bases),
    "error_long_qual": _with(3, _bad.qualities + b"I"),
    "error_short_qual": _with(3, _bad.qualities[:-1]),
    "error_no_qual": _with(3, b""),
    "error_qual_del": _among_qualities(b"\x7f"),
    "error_qual_escape": _among_qualities(b"\x1b"),
    "error_qual_null": _among_qualities(b"\0"),
    "error_qual_space": _among_qualities(b" "),
    "error_qual_tab": _among_qualities(b"\t"),
    "error_qual_unit_sep": _among_qualities(b"\x1f"),
    "error_qual_vtab": _among_qualities(b"\x0b"),
    "error_spaces": _everywhere(b" "),
    "error_tabs": _everywhere(b"\t"),
    "error_trunc_at_seq": _cut(0, 99) + b"\n",
    "error_trunc_at_plus": _cut(1, 99) + b"\n",
    "error_trunc_at_qual": _cut(2, 99) + b"\n",
    "error_trunc_in_title": _cut(0, 9),
    "error_trunc_in_seq": _cut(1, 9),
    "error_trunc_in_plus": _cut(2, 9),
    "error_trunc_in_qual": _cut(3, 9),
}
"""Texts that have to be refused, by name."""


def _wrapped(text: bytes, width: int) -> bytes:
    return b"\n".join(text[i : i + width] for i in range(0, len(text), width))


def _one_line_of_bases(read: Read) -> bytes:
    """Its qualities in lines of twelve, of which most begin with @ or +."""
    return b"@%s\n%s\n+\n%s\n" % (read.name, read.bases, _wrapped(read.qualities, 12))


_QUALITY_RANGE = bytes(range(33, 127))

_LONG = [
    Read(b"long/%d template" % i, (READS[i].bases * 60)[: 700 + 311 * i], (_QUALITY_RANGE * 20)[i : i + 700 + 311 * i])
    for i in range(3)
]
_TRICKY = [
    Read(b"tricky:1 looks like a record inside", b"ACGTACGT", b"@SRR:1\\n"),
    Read(b"tricky:2", b"TTCC", b"@@@@"),
    Read(b"tricky:3", b"TTCC", b"++++"),
    Read(b"tricky:4 +and @ in the name", b"GA", b"+@"),
]
_QUALITIES_WRAPPED = [
    Read(b"454.%d length=%d" % (size, size), (READS[0].bases * 6)[:size], (b"@;%D?-B=)::0+$?6;<A9=<3@" * 6)[:size])
    for size in (121, 135, 143)
]
_DNA = [Read(b"full range", b"ACGTACGTAC" * 9 + b"ACGT", _QUALITY_RANGE)]
_RNA = [Read(read.name, read.bases.replace(b"T", b"U"), read.qualities) for read in _DNA]
_AMBIGUOUS = [Read(b"dna iupac", b"GATCRYWSMKHBVDNgatcrywsmkhbvdn", b"IIIIIIIIIIIIIIIIIIIIIIIIIIIIII")]
_ZERO = [READS[0], Read(b"nothing left after trimming", b"", b""), READS[1], Read(b"nor here", b"", b"")]

GOOD = {
    "wrapping": (
        b"".join(b"@%s\n%s\n+\n%s\n" % (r.name, _wrapped(r.bases, 10), _wrapped(r.qualities, 10)) for r in READS),
        READS,
    ),
    "wrapping_as_given": (
        b"".join(
            b"@%s\n%s\n+%s\n%s\n" % (r.name, _wrapped(r.bases, 7), r.name, _wrapped(r.qualities, 8)) for r in READS
        ),
        READS,
    ),
    "wrapping_qualities_only": (b"".join(map(_one_line_of_bases, _QUALITIES_WRAPPED)), _QUALITIES_WRAPPED),
    "longreads": (b"".join(map(four_lines, _LONG)), _LONG),
    "longreads_wrapped": (
        b"".join(b"@%s\n%s\n+\n%s\n" % (r.name, _wrapped(r.bases, 80), _wrapped(r.qualities, 80)) for r in _LONG),
        _LONG,
    ),
    "tricky": (b"".join(map(four_lines, _TRICKY)), _TRICKY),
    "tricky_wrapped": (
        b"".join(b"@%s\n%s\n+\n%s\n" % (r.name, _wrapped(r.bases, 1), _wrapped(r.qualities, 1)) for r in _TRICKY),
        _TRICKY,
    ),
    "misc_dna": (b"".join(map(four_lines, _DNA)), _DNA),
    "misc_rna": (b"".join(map(four_lines, _RNA)), _RNA),
    "misc_dna_iupac": (b"".join(map(four_lines, _AMBIGUOUS)), _AMBIGUOUS),
    "zero_length": (b"".join(map(four_lines, _ZERO)), _ZERO),
    "zero_length_crlf": (b"".join(map(four_lines, _ZERO)).replace(b"\n", b"\r\n"), _ZERO),
    "zero_length_last_newline_missing": (b"".join(map(four_lines, _ZERO)).removesuffix(b"\n"), _ZERO),
    "full_range": (b"".join(b"\n".join(record) + b"\n" for record in _repeating_names(READS)), READS),
}
"""Texts that have to be accepted, and the reads in them, by name."""
