"""Each module's result on a handful of reads, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.collectors.far_qualities import ranks_of
from engine.collectors.lengths import Lengths
from engine.collectors.modules.by_cycle import base_quality
from engine.collectors.modules.by_read import gc_content, length_distribution
from engine.collectors.results import (
    BaseContent,
    BasicStatistics,
    LengthDistribution,
    NContent,
    SequenceQuality,
)
from tests.engine.collectors.comparison import assert_all_close, assert_close
from tests.engine.collectors.counting import results_of
from tests.naive_parser import Read

READS = [
    Read(b"a", b"ACGTN", b"I5!I5"),  # 40 20 0 40 20: mean 24
    Read(b"b", b"ccgg", b"????"),  # 30 each
    Read(b"c", b"", b""),
    Read(b"d", b"AT", b"I?"),  # 40 30: mean 35
]


def test_basic_statistics() -> None:
    assert results_of(READS).basic == BasicStatistics(
        reads=4,
        bases=11,
        shortest=0,
        longest=5,
        gc_percent=100 * 6 / 10,
        mean_quality=(24 * 5 + 30 * 4 + 70) / 11,
        q20_bases=10,
        q30_bases=8,
        lowest_quality_byte=ord("!"),
        highest_quality_byte=ord("I"),
    )


def test_basic_statistics_of_nothing_but_n_and_of_empty_reads() -> None:
    assert results_of([Read(b"a", b"NNN", b"###")]).basic.gc_percent == 0
    assert results_of([Read(b"a", b"", b"")] * 2).basic == BasicStatistics(reads=2)
    assert results_of([]).basic == BasicStatistics()


def test_sequence_quality_from_the_lowest_to_the_highest_mean() -> None:
    expected = SequenceQuality(qualities=tuple(range(24, 36)), counts=(1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1))
    assert results_of(READS).sequence_quality == expected
    assert results_of([Read(b"a", b"", b"")]).sequence_quality == SequenceQuality()


def test_mean_quality_of_a_read_is_rounded_down() -> None:
    assert results_of([Read(b"a", b"AAA", b"II!")]).sequence_quality == SequenceQuality(qualities=(26,), counts=(1,))


def test_base_content() -> None:
    content = results_of(READS).base_content
    cycles = (1, 2, 3, 4, 5)
    # Cycle by cycle: A c A, C c T, G g, T g, and N alone, which is none of the four.
    third = 100 / 3
    expected = BaseContent(
        starts=cycles,
        ends=cycles,
        a=(2 / 3 * 100, 0.0, 0.0, 0.0, None),
        c=(third, 2 / 3 * 100, 0.0, 0.0, None),
        g=(0.0, 0.0, 100.0, 50.0, None),
        t=(0.0, third, 0.0, 50.0, None),
    )
    assert content is not None
    assert_close(content, expected)


def test_n_content_is_a_share_of_all_bases() -> None:
    reads = [Read(b"a", b"NA-", b"III"), Read(b"b", b"nC", b"II"), Read(b"c", b"GN", b"II"), Read(b"d", b"T", b"I")]
    cycles = (1, 2, 3)
    assert results_of(reads).n_content == NContent(starts=cycles, ends=cycles, n=(50.0, 1 / 3 * 100, 0.0))


def test_groups_of_cycles_pool_their_bases() -> None:
    # 76 cycles: single to 9, then in twos. Cycles 10 and 11 together: one read's C and A, another's N.
    reads = [Read(b"a", b"G" * 9 + b"CA" + b"T" * 65, b"I" * 76), Read(b"b", b"G" * 9 + b"N", b"I" * 10)]
    results = results_of(reads)
    assert results.base_content is not None
    assert results.n_content is not None
    assert (results.base_content.starts[9], results.base_content.ends[9]) == (10, 11)
    assert (results.base_content.a[9], results.base_content.c[9]) == (50.0, 50.0)
    assert_all_close((results.n_content.n[9],), (1 / 3 * 100,))
    assert results.n_content.n[10] == 0


def test_percentiles_are_the_first_quality_that_reaches_the_share() -> None:
    # 101 reads of qualities 0..100 would not do: 93 is the highest. Ranks 10, 25, 50, 75, 90 of 101.
    scores = sorted([*range(94), 0, 0, 0, 93, 93, 93, 93])
    reads = [Read(b"r", b"A", bytes([33 + score])) for score in scores]
    quality = results_of(reads).base_quality
    assert quality is not None
    assert quality.mean == (sum(scores) / 101,)
    expected = {"percentile_10": 10, "lower_quartile": 25, "median": 50, "upper_quartile": 75, "percentile_90": 90}
    for name, rank in expected.items():
        assert getattr(quality, name) == (float(scores[rank - 1]),)


def test_cycles_of_100_bases_have_no_percentiles_but_a_mean() -> None:
    reads = [Read(b"r", b"AA", b"I5")] * 100 + [Read(b"r", b"A", b"I")]
    quality = results_of(reads).base_quality
    assert quality is not None
    assert quality.mean == (40.0, 20.0)
    assert quality.median == (40.0, None)
    assert quality.percentile_90 == (40.0, None)


def test_quality_of_a_group_is_the_mean_over_its_cycles_not_over_its_bases() -> None:
    qualities = np.zeros((4, 94), np.int64)
    qualities[0, 40] = 300
    qualities[1, 20] = 101
    qualities[2, 0] = 100  # too few for percentiles
    quality = base_quality(lambda first, last, of, _: ranks_of(qualities[first:last], of), [(1, 3), (4, 4)])
    assert quality.mean == (20.0, None)
    assert quality.median == (30.0, None)


def test_lengths_get_a_bin_more_at_either_end() -> None:
    lengths = results_of([Read(b"a", b"A" * n, b"I" * n) for n in (30, 30, 32)]).lengths
    assert lengths == LengthDistribution(starts=(29, 30, 31, 32, 33), ends=(29, 30, 31, 32, 33), counts=(0, 2, 0, 1, 0))


def test_lengths_from_zero() -> None:
    assert results_of(READS).lengths == LengthDistribution(
        starts=tuple(range(7)), ends=tuple(range(7)), counts=(1, 0, 1, 0, 1, 1, 0)
    )


@pytest.mark.parametrize(
    ("shortest", "longest", "width"),
    [(1, 49, 1), (1, 50, 2), (100, 148, 1), (100, 149, 2), (1, 200, 5), (153, 6006, 200), (1, 100_000, 2000)],
)
def test_width_of_length_bins(shortest: int, longest: int, width: int) -> None:
    lengths = length_distribution(Lengths(np.array([shortest, longest]), np.array([3, 4])))
    assert all(end - start + 1 == width for start, end in zip(lengths.starts[:-1], lengths.ends[:-1], strict=True))
    assert all(start % width == 0 for start in lengths.starts)
    assert lengths.ends[-1] == longest + 1
    assert sum(lengths.counts) == 7
    assert len(lengths.counts) <= 52


def test_gc_of_reads_of_100_bases() -> None:
    reads = [Read(b"r", b"G" * gc + b"A" * (100 - gc), b"I" * 100) for gc in (0, 50, 50, 100)]
    content = results_of(reads).gc_content
    assert content is not None
    # With 100 bases, n of them GC claim n and n + 1 percent; 0 claims 0 and 1, 100 claims 100. So percent 0 is
    # claimed by one number of bases, each other by two, and 100 by two.
    expected = [0.0] * 101
    expected[0], expected[1] = 1.0, 0.5
    expected[50] = expected[51] = 1.0
    expected[100] = 0.5
    assert content.counts == tuple(expected)


def test_gc_without_reads_or_with_empty_ones_has_no_curve() -> None:
    assert gc_content(np.zeros(101)).theory == (0.0,) * 101
    content = results_of([Read(b"a", b"", b"")] * 3).gc_content
    assert content is not None
    assert content.counts == content.theory == (0.0,) * 101


def normal(percent: int, mean: float, deviation: float, total: float) -> float:
    z = (percent - mean) / deviation
    return total * math.exp(-z * z / 2) / (deviation * math.sqrt(2 * math.pi))


def test_the_curve_stands_on_the_mean_of_the_bins_near_the_peak() -> None:
    observed = np.zeros(101)
    observed[39:46] = 90, 95, 100, 92, 91, 50, 95  # 40 to 43 stay above 90; 45 is not next to them
    mode, total = 41.5, observed.sum()
    deviation = math.sqrt(sum(n * (i - mode) ** 2 for i, n in enumerate(observed.tolist())) / (total - 1))
    theory = gc_content(observed).theory
    assert_all_close(theory, tuple(normal(i, mode, deviation, float(total)) for i in range(101)))


def test_the_curve_stands_on_the_peak_where_the_bins_near_it_run_off_an_end() -> None:
    observed = np.zeros(101)
    observed[[0, 1, 2]] = 95, 100, 50
    theory = gc_content(observed).theory
    assert max(range(101), key=lambda percent: theory[percent] or 0.0) == 1
    assert_all_close((theory[0],), (theory[2],))


def test_the_curve_over_one_bin_is_that_bin() -> None:
    observed = np.zeros(101)
    observed[40] = 7
    assert gc_content(observed).theory == tuple(7.0 if percent == 40 else 0.0 for percent in range(101))
