"""The lines of each module in ``fastqc_data.txt``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from engine.collectors.profiles import Profile
from engine.collectors.results import (
    DUPLICATION_LEVELS,
    AdapterContent,
    BaseContent,
    BaseQuality,
    BasicStatistics,
    Duplication,
    GcContent,
    KmerContent,
    LengthDistribution,
    NContent,
    Overrepresented,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.collectors.verdicts import cycle_labels
from engine.report.java_numbers import double_text, single_text

TITLES = {
    "basic": "Basic Statistics",
    "base_quality": "Per base sequence quality",
    "tile_quality": "Per tile sequence quality",
    "sequence_quality": "Per sequence quality scores",
    "base_content": "Per base sequence content",
    "gc_content": "Per sequence GC content",
    "n_content": "Per base N content",
    "lengths": "Sequence Length Distribution",
    "duplication": "Sequence Duplication Levels",
    "overrepresented": "Overrepresented sequences",
    "adapters": "Adapter Content",
    "kmers": "Kmer Content",
}
"""FastQC's name of each module, by its name in ``QcResults``."""

_BASES, _COLOURS = "Conventional base calls", "Colorspace converted to bases"


def module_lines(
    module: str, results: QcResults, limits: Profile, filename: str, encoding: str, *, are_colours: bool = False
) -> list[str]:
    """The lines between a module's title and its end.

    Args:
        module: its name in ``QcResults``.
        results: of a whole file; this module's is there.
        limits: which overrepresented sequences to list.
        filename: of the input.
        encoding: FastQC's name for how qualities are written.
        are_colours: the bases have been made of colours.
    """
    writers: dict[type, Callable[..., Iterable[str]]] = {
        BaseQuality: _base_quality,
        TileQuality: _tile_quality,
        SequenceQuality: _sequence_quality,
        BaseContent: _base_content,
        GcContent: _gc_content,
        NContent: _n_content,
        LengthDistribution: _lengths,
        Duplication: _duplication,
        AdapterContent: _adapters,
        KmerContent: _kmers,
    }
    result = getattr(results, module)
    if isinstance(result, BasicStatistics):
        return list(_basic(result, filename, encoding, _COLOURS if are_colours else _BASES))
    if isinstance(result, Overrepresented):
        return list(_overrepresented(result, limits.overrepresented.percent.warn))
    return list(writers[type(result)](result))


def bases_text(bases: int) -> str:
    """A number of bases with a unit and at most one decimal, cut off."""
    for unit, size in ((" Gbp", 10**9), (" Mbp", 10**6), (" kbp", 10**3)):
        if bases >= size:
            whole, _, fraction = double_text(bases / size).partition(".")
            return whole + (f".{fraction[0]}" if fraction[0] != "0" else "") + unit
    return f"{bases} bp"


def _row(*fields: object) -> str:
    return "\t".join(double_text(field) if isinstance(field, float) else str(field) for field in fields)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _basic(basic: BasicStatistics, filename: str, encoding: str, file_type: str) -> Iterable[str]:
    lengths = str(basic.shortest) if basic.shortest == basic.longest else f"{basic.shortest}-{basic.longest}"
    yield "#Measure\tValue"
    yield f"Filename\t{filename}"
    yield f"File type\t{file_type if basic.reads else 'null'}"
    yield f"Encoding\t{encoding}"
    yield f"Total Sequences\t{basic.reads}"
    yield f"Total Bases\t{bases_text(basic.bases)}"
    yield "Sequences flagged as poor quality\t0"
    yield f"Sequence length\t{lengths}"
    yield f"%GC\t{int(basic.gc_percent)}"


def _base_quality(quality: BaseQuality) -> Iterable[str]:
    yield "#Base\tMean\tMedian\tLower Quartile\tUpper Quartile\t10th Percentile\t90th Percentile"
    series = (
        quality.mean,
        quality.median,
        quality.lower_quartile,
        quality.upper_quartile,
        quality.percentile_10,
        quality.percentile_90,
    )
    for label, *values in zip(cycle_labels(quality), *series, strict=True):
        yield _row(label, *map(_number, values))


def _tile_quality(quality: TileQuality) -> Iterable[str]:
    yield "#Tile\tBase\tMean"
    labels = cycle_labels(quality)
    for tile, row in zip(quality.tiles, quality.deviation, strict=True):
        for label, deviation, average in zip(labels, row, quality.average, strict=True):
            # FastQC takes the mean of no reads for 0.
            yield _row(tile, label, 0.0 - average if deviation is None else deviation)


def _sequence_quality(quality: SequenceQuality) -> Iterable[str]:
    yield "#Quality\tCount"
    for value, count in zip(quality.qualities, quality.counts, strict=True):
        yield _row(value, float(count))


def _base_content(content: BaseContent) -> Iterable[str]:
    yield "#Base\tG\tA\tT\tC"
    for label, *values in zip(cycle_labels(content), content.g, content.a, content.t, content.c, strict=True):
        yield _row(label, *map(_number, values))


def _gc_content(content: GcContent) -> Iterable[str]:
    yield "#GC Content\tCount"
    for percent, reads in enumerate(content.counts):
        yield _row(percent, reads)


def _n_content(content: NContent) -> Iterable[str]:
    yield "#Base\tN-Count"
    for label, n in zip(cycle_labels(content), content.n, strict=True):
        yield _row(label, _number(n))


def _lengths(lengths: LengthDistribution) -> Iterable[str]:
    yield "#Length\tCount"
    last = len(lengths.counts) - 1
    for i, (start, end, count) in enumerate(zip(lengths.starts, lengths.ends, lengths.counts, strict=True)):
        # The first and the last bin are there for the looks of the plot.
        if count or 0 < i < last:
            yield _row(start if start == end else f"{start}-{end}", float(count))


def _duplication(duplication: Duplication) -> Iterable[str]:
    yield _row("#Total Deduplicated Percentage", duplication.remaining)
    yield "#Duplication Level\tPercentage of total"
    for label, percent in zip(DUPLICATION_LEVELS, duplication.percent, strict=True):
        yield _row(label, percent)


def _overrepresented(found: Overrepresented, listed_above: float) -> Iterable[str]:
    listed = [sequence for sequence in found.sequences if sequence.percent > listed_above]
    if listed:
        yield "#Sequence\tCount\tPercentage\tPossible Source"
    for sequence in listed:
        yield _row(sequence.sequence, sequence.count, sequence.percent, sequence.source)


def _adapters(content: AdapterContent) -> Iterable[str]:
    if not content.too_short:
        yield "\t".join(("#Position", *content.names))
        for label, *percents in zip(cycle_labels(content), *content.percent, strict=True):
            yield _row(label, *percents)


def _kmers(content: KmerContent) -> Iterable[str]:
    if content.kmers:
        yield "#Sequence\tCount\tPValue\tObs/Exp Max\tMax Obs/Exp Position"
    for kmer in content.kmers:
        place = str(kmer.start) if kmer.start == kmer.end else f"{kmer.start}-{kmer.end}"
        yield _row(kmer.sequence, kmer.count, single_text(kmer.p_value), single_text(kmer.enrichment), place)
