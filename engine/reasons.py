"""Why a read is dropped."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """The numbers in ``ReadBatch.dropped``; 0 is a read that is kept. Numbers are stored: they never change."""

    OTHER = 1
    TOO_SHORT = 2
    TOO_LONG = 3
    TOO_MANY_N = 4
    EXPECTED_ERRORS = 5
    ERROR_RATE = 6
    MEAN_QUALITY = 7
    LOW_QUALITY_BASES = 8
    LOW_COMPLEXITY = 9
    GC_CONTENT = 10
    NAME = 11
    TRIMMED = 12
    UNTRIMMED = 13
    NOT_SAMPLED = 14
    DUPLICATE = 15
    CASAVA = 16
    MERGED = 17
    NOT_MERGED = 18
    PLUGIN = 19
    NO_BARCODE = 20

    @property
    def words(self) -> str:
        """The reason as a list of reasons shows it."""
        return _WORDS[self]

    @property
    def word(self) -> str:
        """The reason as commands and headers name it, such as ``too-short``."""
        return self.name.lower().replace("_", "-")


_WORDS = {
    Reason.OTHER: "other",
    Reason.TOO_SHORT: "too short",
    Reason.TOO_LONG: "too long",
    Reason.TOO_MANY_N: "too many N",
    Reason.EXPECTED_ERRORS: "too many expected errors",
    Reason.ERROR_RATE: "error rate too high",
    Reason.MEAN_QUALITY: "mean quality too low",
    Reason.LOW_QUALITY_BASES: "too many bases of low quality",
    Reason.LOW_COMPLEXITY: "complexity too low",
    Reason.GC_CONTENT: "GC outside the range",
    Reason.NAME: "name",
    Reason.TRIMMED: "adapter found",
    Reason.UNTRIMMED: "no adapter found",
    Reason.NOT_SAMPLED: "not in the sample",
    Reason.DUPLICATE: "duplicate",
    Reason.CASAVA: "failed the instrument's filter",
    Reason.MERGED: "merged into its mate",
    Reason.NOT_MERGED: "not merged",
    Reason.PLUGIN: "dropped by a plugin",
    Reason.NO_BARCODE: "no barcode",
}
