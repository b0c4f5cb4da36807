"""Lengths, qualities, duplicates and pairs of a run in a few numbers."""

from __future__ import annotations

from typing import NamedTuple

from engine.collectors.results import PairStatistics, QcResults
from engine.report.sample_numbers import q20_percent, q30_percent


class Statistic(NamedTuple):
    """A number: what it is, how much, and its unit."""

    name: str
    value: float | int
    unit: str


def statistics(results: QcResults) -> list[Statistic]:
    """What is known of all reads; of pairs, of the first mates, then of the second, then of both."""
    if not results.basic.reads:
        return []
    rows = _of_reads(results)
    if results.mate is not None:
        rows = [row._replace(name=f"{row.name}, read 1") for row in rows]
        rows += [row._replace(name=f"{row.name}, read 2") for row in _of_reads(results.mate)]
    if results.pairs is not None:
        rows += _of_pairs(results.pairs)
    return rows


def _of_reads(results: QcResults) -> list[Statistic]:
    basic, lengths, errors = results.basic, results.length_statistics, results.error_quality
    rows: list[Statistic] = []
    q20, q30 = q20_percent(basic), q30_percent(basic)
    if lengths is not None:
        rows += [
            Statistic("N50", lengths.n50, "bp"),
            Statistic("N90", lengths.n90, "bp"),
            Statistic("Mean length", lengths.mean, "bp"),
            Statistic("Median length", lengths.median, "bp"),
        ]
    if q20 is not None and q30 is not None:
        rows += [
            Statistic("Mean quality, arithmetic", basic.mean_quality, "Phred"),
            *([] if errors is None else [Statistic("Mean quality, by errors", errors.mean_quality, "Phred")]),
            Statistic("Bases \N{GREATER-THAN OR EQUAL TO} Q20", q20, "%"),
            Statistic("Bases \N{GREATER-THAN OR EQUAL TO} Q30", q30, "%"),
        ]
    if errors is not None and (reads := sum(errors.counts)):
        rows += [
            Statistic("Reads \N{GREATER-THAN OR EQUAL TO} Q20, by errors", 100 * errors.q20_reads / reads, "%"),
            Statistic("Reads \N{GREATER-THAN OR EQUAL TO} Q30, by errors", 100 * errors.q30_reads / reads, "%"),
            Statistic("Bases likely to be wrong", round(errors.expected_errors), "bases"),
        ]
    if results.estimated_duplication is not None:
        rows.append(Statistic("Duplicates among all reads", results.estimated_duplication.duplicates, "%"))
    return rows


def _of_pairs(pairs: PairStatistics) -> list[Statistic]:
    rows = [Statistic("Pairs looked at", pairs.pairs, "pairs")]
    if pairs.pairs:
        rows += [
            Statistic("Mates that overlap", 100 * pairs.overlapping / pairs.pairs, "%"),
            Statistic("Insert shorter than a read", 100 * pairs.read_through / pairs.pairs, "%"),
        ]
    if pairs.median is not None:
        rows.append(Statistic("Median insert", pairs.median, "bp"))
    if pairs.most_frequent is not None:
        rows.append(Statistic("Most frequent insert", pairs.most_frequent, "bp"))
    return rows
