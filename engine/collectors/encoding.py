"""How qualities are written, told from every base of a file."""

from __future__ import annotations

from dataclasses import dataclass

from engine.collectors.results import BasicStatistics

_OFFSETS_APART = 31
_LOWEST_SHIFTED = 59
"""The lowest character with an offset of 64: Solexa's -5."""

_LOWEST_TOP, _HIGHEST_TOP = 81, 106
"""A file with an offset of 64 has its best quality between these, Q17 and Q42: one with no better is of no use."""

_FASTQC_GUESSES = 64


@dataclass(frozen=True, slots=True)
class QualityEncoding:
    """What the qualities of a file look like; Lanescope reads all as Phred+33.

    Attributes:
        name: ``Phred+33``, ``Phred+64`` or, without bases, empty.
        is_doubtful: something is to be known before qualities are believed: `note`.
        note: what, in plain words; may be empty.
    """

    name: str
    is_doubtful: bool = False
    note: str = ""


def quality_encoding(basic: BasicStatistics) -> QualityEncoding:
    """How the qualities are written, from the lowest and highest character of all bases, not of the first few."""
    if not basic.bases:
        return QualityEncoding("")
    low, high = basic.lowest_quality_byte, basic.highest_quality_byte
    seen = f"All {basic.bases:,} qualities are between the characters {chr(low)!r} and {chr(high)!r}"
    if low >= _LOWEST_SHIFTED and _LOWEST_TOP <= high <= _HIGHEST_TOP:
        note = (
            f"{seen}: the file seems to be of an old Illumina instrument, which wrote qualities with an offset of 64. "
            f"Lanescope reads them with the offset of 33 of all newer files, so every quality told here is "
            f"{_OFFSETS_APART} too high. Convert the file to Phred+33 before you use it."
        )
        return QualityEncoding("Phred+64", is_doubtful=True, note=note)
    if low >= _FASTQC_GUESSES:
        note = (
            f"{seen}, and are read with an offset of 33. FastQC would take them for an offset of 64 and tell qualities "
            f"{_OFFSETS_APART} lower."
        )
        return QualityEncoding("Phred+33", note=note)
    return QualityEncoding("Phred+33")
