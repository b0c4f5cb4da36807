"""Single numbers that reports tell of a sample, each computed here and nowhere else."""

from __future__ import annotations

from engine.collectors.results import BasicStatistics, QcResults


def mean_length(basic: BasicStatistics) -> float | None:
    """Mean length of the reads in bases; ``None`` without reads."""
    return basic.bases / basic.reads if basic.reads else None


def gc_percent(basic: BasicStatistics) -> float | None:
    """Percent of G and C among A, C, G and T; ``None`` without bases."""
    return basic.gc_percent if basic.bases else None


def mean_quality(basic: BasicStatistics) -> float | None:
    """Mean Phred quality of the bases; ``None`` without bases."""
    return basic.mean_quality if basic.bases else None


def q20_percent(basic: BasicStatistics) -> float | None:
    """Percent of bases of Phred 20 or more, at most one of 100 wrong; ``None`` without bases."""
    return 100 * basic.q20_bases / basic.bases if basic.bases else None


def q30_percent(basic: BasicStatistics) -> float | None:
    """Percent of bases of Phred 30 or more, at most one of 1,000 wrong; ``None`` without bases."""
    return 100 * basic.q30_bases / basic.bases if basic.bases else None


def adapter_percent(results: QcResults) -> float | None:
    """Percent of reads in which the most frequent adapter has begun by the last place; ``None``: not measured."""
    content = results.adapters
    if content is None or content.too_short or not content.percent:
        return None
    return max((max(row, default=0.0) for row in content.percent), default=None)


def duplicates_percent(results: QcResults) -> float | None:
    """Percent of reads that repeat another; ``None``: not measured."""
    return results.estimated_duplication.duplicates if results.estimated_duplication is not None else None


def tenths(value: float | None) -> str:
    """A number for people, to one decimal; a dash where it was not measured."""
    return "\N{EN DASH}" if value is None else f"{value:,.1f}"
