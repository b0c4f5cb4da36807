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


OLD_OFFSET = 64
"""Of qualities from Illumina's instruments before 2011."""


class TileQuality(PositionGroups):
    """How far the mean quality of each tile is from the average of the tiles, by cycle; a sample of the reads.

    ``deviation[i][j]`` is tile ``tiles[i]``'s mean less ``average[j]``, in Phred; ``None`` where no
    read of the tile gets. The average counts such a tile as 0. ``deviation_by_64`` is the same for qualities
    taken for offset by 64, where none is lower: but for such tiles, it differs by rounding alone.
    """

    tiles: tuple[int, ...] = ()
    average: tuple[float, ...] = ()
    deviation: tuple[Floats, ...] = ()
    deviation_by_64: tuple[Floats, ...] = ()


DUPLICATION_LEVELS = (*"123456789", ">10", ">50", ">100", ">500", ">1k", ">5k", ">10k+")
"""How often a sequence occurs: the bins of `Duplication`. 10 falls into ``>10``, 50 too."""


class Duplication(ModuleResult):
    """Percent of reads by how often their sequence occurs, and percent that would remain if each occurred once.

    ``percent[i]`` belongs to ``DUPLICATION_LEVELS[i]``. The sequence is the first 50 bases; estimated
    from the first 100,000 distinct ones.
    """

    percent: tuple[float, ...] = ()
    remaining: float = 100.0


LISTED_ABOVE = 0.1
"""Percent of the reads above which a sequence is listed as overrepresented."""


class OverrepresentedSequence(ModuleResult):
    """The first 50 bases of ``count`` reads; ``source`` is a contaminant they may come from, or "No Hit"."""

    sequence: str
    count: int
    percent: float
    source: str


class Overrepresented(ModuleResult):
    """Sequences with more than 0.1 % of the reads, most frequent first."""

    sequences: tuple[OverrepresentedSequence, ...] = ()


class AdapterContent(PositionGroups):
    """Percent of reads in which an adapter begins at or before a place.

    ``percent[i][j]`` belongs to adapter ``names[i]``. ``too_short``: no read is longer than a probe.
    """

    names: tuple[str, ...] = ()
    percent: tuple[tuple[float, ...], ...] = ()
    too_short: bool = False


class EnrichedKmer(ModuleResult):
    """A k-mer that is ``enrichment`` times as frequent at ``start``..``end`` as over all places.

    ``count`` as FastQC prints it: five times the number in a sample of one read in 50.
    ``p_value`` is corrected for the number of k-mers.
    """

    sequence: str
    count: int
    p_value: float
    enrichment: float
    start: int
    end: int


class KmerContent(ModuleResult):
    """At most 20 k-mers of seven bases, most enriched first."""

    kmers: tuple[EnrichedKmer, ...] = ()


class PairStatistics(ModuleResult):
    """What the overlap of mates tells, over the first 100,000 pairs and every tenth behind.

    ``counts[i]`` pairs have an insert of ``insert_sizes[i]`` bases, sizes that occur only; those whose mates do not
    overlap, by 31 bases at least, have longer ones that nobody knows. ``median`` and ``most_frequent`` are over the
    ``overlapping`` pairs, ``None`` if there are none. In ``read_through`` of them, the insert is shorter than a read,
    which so ends with an adapter.
    """

    pairs: int = 0
    overlapping: int = 0
    read_through: int = 0
    insert_sizes: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    median: int | None = None
    most_frequent: int | None = None


class LengthStatistics(ModuleResult):
    """Lengths in a few numbers, all in bases, over all reads, empty ones too.

    Reads of ``n50`` bases or more hold at least half of all bases, of ``n90`` or more at least nine tenths.
    ``median`` is the mean of the two in the middle where the number of reads is even.
    """

    n50: int = 0
    n90: int = 0
    mean: float = 0.0
    median: float = 0.0


class ErrorQuality(ModuleResult):
    """Qualities as means over the chances of error, in Phred, which low qualities weigh down more than in plain means.

    ``mean_quality`` is over all bases, and ``expected_errors`` how many of these are likely to be wrong.
    ``counts[i]`` is the number of reads whose mean is ``qualities[i]``, rounded down; ``q20_reads`` and
    ``q30_reads`` are those at or above. Reads without bases are left out.
    """

    mean_quality: float
    expected_errors: float
    qualities: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    q20_reads: int = 0
    q30_reads: int = 0


class LengthQuality(ModuleResult):
    """Reads by length and by mean quality from the chances of error.

    ``counts[i][j]`` reads are of ``starts[i]`` to ``ends[i]`` bases, both included, and of a mean quality of
    ``qualities[j]``, Phred rounded down. Bins of length are ten a decade, evenly spaced on a logarithmic scale:
    1 .. 6, 8, 10, 13, 16, 20 and so on; those before the first and past the last that has reads are left out.
    """

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    qualities: tuple[int, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()


class EstimatedDuplication(ModuleResult):
    """Duplicates among all reads, which are those that begin with the same 50 bases, estimated from a sample.

    ``sequences`` is the number of distinct ones, ``remaining`` the percent of reads that would be left if each
    occurred once, ``duplicates`` the other percent. ``relative_error`` is the standard error of ``sequences`` and
    ``remaining`` as a share of them (0.01: one percent), 0 where all reads have been compared; ``sampled`` is how
    many distinct sequences the estimate stands on.
    """

    sequences: int
    duplicates: float
    remaining: float
    relative_error: float
    sampled: int


class TileYield(ModuleResult):
    """Reads by lane and tile of the flow cell, all of them whose header names them, in order of lane and tile.

    Place i is tile ``tiles[i]``, numbered as the instrument does, of lane ``lanes[i]``, 0 where headers do not tell it.
    ``mean_quality`` is the arithmetic mean over the tile's bases, Phred; ``None`` without bases.
    """

    lanes: tuple[int, ...] = ()
    tiles: tuple[int, ...] = ()
    reads: tuple[int, ...] = ()
    bases: tuple[int, ...] = ()
    mean_quality: Floats = ()


class YieldOverTime(ModuleResult):
    """Nanopore reads by the time at which they began, all of them whose header tells it.

    Bin i begins ``starts[i]`` seconds after 1970 (UTC) and is ``seconds`` long: 60, 120, 240 and so on, the shortest
    with which 256 bins cover all. Bins without reads are left out. ``mean_quality`` is the arithmetic mean over the
    bin's bases, Phred; ``None`` without bases.
    """

    seconds: int
    starts: tuple[int, ...] = ()
    reads: tuple[int, ...] = ()
    bases: tuple[int, ...] = ()
    mean_quality: Floats = ()


class YieldByChannel(ModuleResult):
    """Nanopore reads by channel, all of them whose header tells it; channels without reads are left out.

    ``mean_quality`` is the arithmetic mean over the channel's bases, Phred; ``None`` without bases.
    """

    channels: tuple[int, ...] = ()
    reads: tuple[int, ...] = ()
    bases: tuple[int, ...] = ()
    mean_quality: Floats = ()


class QcResults(ModuleResult):
    """Every module's result at one moment. ``None``: not measured.

    Of pairs, the modules are about the first mates, ``mate`` holds those of the second, ``pairs`` what both tell.
    """

    basic: BasicStatistics = BasicStatistics()
    base_quality: BaseQuality | None = None
    sequence_quality: SequenceQuality | None = None
    base_content: BaseContent | None = None
    gc_content: GcContent | None = None
    n_content: NContent | None = None
    lengths: LengthDistribution | None = None
    tile_quality: TileQuality | None = None
    duplication: Duplication | None = None
    overrepresented: Overrepresented | None = None
    adapters: AdapterContent | None = None
    kmers: KmerContent | None = None
    mate: QcResults | None = None
    pairs: PairStatistics | None = None
    length_statistics: LengthStatistics | None = None
    error_quality: ErrorQuality | None = None
    length_quality: LengthQuality | None = None
    estimated_duplication: EstimatedDuplication | None = None
    yield_over_time: YieldOverTime | None = None
    yield_by_channel: YieldByChannel | None = None
    tile_yield: TileYield | None = None
