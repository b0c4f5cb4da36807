from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings

from tests.engine.collectors.comparison import assert_close
from tests.engine.collectors.counting import results_of
from tests.naive_parser import Read
from tests.naive_qc import naive_qc
from tests.strategies import read_sets


@settings(max_examples=40)
@given(reads=read_sets())
def test_every_module_agrees_with_plain_python(reads: list[Read]) -> None:
    expected = naive_qc(reads)
    assume(_has_clear_mode(expected.gc_content.counts if expected.gc_content else ()))
    assert_close(results_of(reads), expected)


def _has_clear_mode(counts: Sequence[float]) -> bool:
    """Whether no bin comes so near to 90 % of the highest that only the rounding of sums tells which side it is on."""
    peak = max(counts, default=0.0)
    return not any(math.isclose(count, 0.9 * peak, rel_tol=1e-9) for count in counts if peak)


@pytest.mark.parametrize("length", [74, 75, 76, 99, 100, 101, 199, 200, 999, 1000, 1001, 2100])
def test_around_the_lengths_where_groups_and_gc_models_change(length: int) -> None:
    reads = [
        Read(b"r", (b"GATTACAC" * 300)[i : i + length - i % 3], (b"IIF:,#~!" * 300)[i : i + length - i % 3])
        for i in range(120)
    ]
    assert_close(results_of(reads), naive_qc(reads))


@pytest.mark.parametrize("n_reads", [1, 2, 99, 100, 101, 102, 256, 300])
def test_around_the_number_of_reads_that_percentiles_need(n_reads: int) -> None:
    reads = [Read(b"r", b"ACGTACGTAC", bytes(33 + (7 * i + 3 * j) % 42 for j in range(10))) for i in range(n_reads)]
    results = results_of(reads)
    assert_close(results, naive_qc(reads))
    assert results.base_quality is not None
    assert (results.base_quality.median[0] is None) == (n_reads <= 100)


@pytest.mark.parametrize("reads", [[], [Read(b"a", b"", b"")], [Read(b"a", b"", b"")] * 3 + [Read(b"b", b"N", b"!")]])
def test_few_or_empty_reads(reads: list[Read]) -> None:
    assert_close(results_of(reads), naive_qc(reads))
