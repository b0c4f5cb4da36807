"""What goes beyond FastQC: by hand, and estimates against the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.collectors.key_sample import MOST_SAMPLED, KeySample
from engine.collectors.lengths import Lengths
from engine.collectors.modules.beyond import estimated_duplication, length_statistics
from engine.collectors.results import (
    ErrorQuality,
    EstimatedDuplication,
    LengthQuality,
    LengthStatistics,
)
from tests.engine.collectors.counting import results_of
from tests.naive_parser import Read


def test_lengths_by_hand() -> None:
    reads = [Read(b"r", b"A" * length, b"I" * length) for length in (2, 2, 2, 3, 3, 4, 8, 8)]
    # 32 bases: the two longest hold 16, all but two of the shortest hold 28, one more of these 30.
    assert results_of(reads).length_statistics == LengthStatistics(n50=8, n90=2, mean=4.0, median=3.0)
    assert results_of(reads[:5]).length_statistics == LengthStatistics(n50=3, n90=2, mean=2.4, median=2.0)
    assert results_of([Read(b"r", b"", b"")]).length_statistics == LengthStatistics()
    assert length_statistics(Lengths(np.array([0, 3]), np.array([1, 1]))) == LengthStatistics(
        n50=3, n90=3, mean=1.5, median=1.5
    )


def test_qualities_by_hand() -> None:
    # Chances of error: 0.1 and 0.001, mean 0.0505, Q12.97; 0.01; none.
    reads = [Read(b"a", b"AC", b"+?"), Read(b"b", b"A" * 12, b"5" * 12), Read(b"c", b"", b"")]
    results = results_of(reads)
    found = results.error_quality
    assert found is not None
    assert math.isclose(found.expected_errors, 0.221, rel_tol=1e-9)
    assert math.isclose(found.mean_quality, -10 * math.log10(0.221 / 14), rel_tol=1e-9)
    fixed = {"mean_quality": found.mean_quality, "expected_errors": found.expected_errors}
    assert found == ErrorQuality(
        **fixed, qualities=tuple(range(12, 21)), counts=(1, *[0] * 7, 1), q20_reads=1, q30_reads=0
    )
    assert results.length_quality == LengthQuality(
        starts=(2, 3, 4, 5, 6, 8, 10),
        ends=(2, 3, 4, 5, 7, 9, 12),
        qualities=tuple(range(12, 21)),
        counts=((1, *[0] * 8), *[(0,) * 9] * 5, (*[0] * 8, 1)),
    )
    assert results_of(reads[2:]).error_quality is None
    assert results_of(reads[2:]).length_quality is None


def test_duplicates_of_few_reads_are_exact() -> None:
    reads = [Read(b"r", bases, b"I" * len(bases)) for bases in (b"ACG", b"acg", b"AC", b"A" * 50, b"A" * 51)]
    assert results_of(reads).estimated_duplication == EstimatedDuplication(
        sequences=3, duplicates=40.0, remaining=60.0, relative_error=0.0, sampled=3
    )


@pytest.mark.parametrize("distinct", [MOST_SAMPLED, 50_000, 400_000])
def test_duplicates_of_many_reads_are_near_the_truth(distinct: int) -> None:
    chance = np.random.default_rng(distinct)
    sequences = chance.integers(0, 2**64, distinct, np.uint64)
    reads = np.concatenate([sequences, chance.choice(sequences, distinct)])
    sample = KeySample()
    sample.add(reads)
    found = estimated_duplication(sample)
    assert found is not None
    assert found.relative_error < 0.008
    assert abs(found.remaining / 50 - 1) <= 4 * found.relative_error
    assert (found.relative_error == 0) == (distinct == MOST_SAMPLED)


def test_samples_of_big_files_are_the_same_in_any_order() -> None:
    hashes = np.random.default_rng(1).integers(0, 2**64, 300_000, np.uint64)
    whole, first, second, empty = KeySample(), KeySample(), KeySample(), KeySample()
    whole.add(hashes)
    first.add(hashes[:290_000])
    second.add(hashes[290_000:])
    for a, b in ((first, second), (second, first), (first, empty), (empty, first)):
        total = a.copy()
        total.merge(b)
        expected = first if empty in (a, b) else whole
        assert estimated_duplication(total) == estimated_duplication(expected)


def test_a_read_of_a_million_bases() -> None:
    results = results_of([Read(b"r", b"ACGT" * 250_000, b"I5?+" * 250_000)])
    assert results.length_quality is not None
    assert results.length_quality.starts == (1_000_000,)
    assert results.length_statistics == LengthStatistics(n50=10**6, n90=10**6, mean=1e6, median=1e6)
    assert results.error_quality is not None
    assert math.isclose(results.error_quality.expected_errors, 250_000 * 0.1111, rel_tol=1e-6)
