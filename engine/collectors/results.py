"""What the QC modules found: small, immutable, the same live, stored and reported."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

Floats = tuple[float | None, ...]
"""One value a position group or bin; ``None`` where too few reads reach it."""


class ModuleResult(BaseModel):
    """Base of all results. Frozen; serialises to JSON and back without loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BasicStatistics(ModuleResult):
    """Counts over all reads.

    ``gc_percent`` is over A, C, G and T, 0..100. Qualities are Phred; ``mean_quality`` is the
    arithmetic mean over bases. ``q20_bases`` and ``q30_bases`` count bases at or above.
    """

    reads: int = 0
    bases: int = 0
    shortest: int = 0
    longest: int = 0
    gc_percent: float = 0.0
    mean_quality: float = 0.0
    q20_bases: int = 0
    q30_bases: int = 0
    lowest_quality_byte: int = 0
    highest_quality_byte: int = 0


class PositionGroups(ModuleResult):
    """Cycles of the read in groups, as FastQC groups them; 1-based, both ends included."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


class BaseQuality(PositionGroups):
    """Quality by cycle: mean, median, quartiles, 10th and 90th percentile, all Phred."""

    mean: Floats = ()
    median: Floats = ()
    lower_quartile: Floats = ()
    upper_quartile: Floats = ()
    percentile_10: Floats = ()
    percentile_90: Floats = ()


class SequenceQuality(ModuleResult):
    """Reads by mean quality. ``counts[i]`` is the number of reads of mean ``qualities[i]``, rounded down."""

    qualities: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()


class BaseContent(PositionGroups):
    """Share of each base by cycle, percent of A, C, G and T."""

    a: Floats = ()
    c: Floats = ()
    g: Floats = ()
    t: Floats = ()


class GcContent(ModuleResult):
    """Reads by GC percent: 101 bins 0..100, observed and a normal curve fitted to them."""

    counts: tuple[float, ...] = ()
    theory: tuple[float, ...] = ()


class NContent(PositionGroups):
    """Share of N by cycle, percent of all bases."""

    n: Floats = ()


class LengthDistribution(ModuleResult):
    """Reads by length, in at most about 50 bins; both ends included."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()


class QcResults(ModuleResult):
    """Every module's result at one moment. ``None``: not measured."""

    basic: BasicStatistics = BasicStatistics()
    base_quality: BaseQuality | None = None
    sequence_quality: SequenceQuality | None = None
    base_content: BaseContent | None = None
    gc_content: GcContent | None = None
    n_content: NContent | None = None
    lengths: LengthDistribution | None = None
