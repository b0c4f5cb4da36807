from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from cutadapt import modifiers, predicates
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stages import filters, name_filters, trimming
from engine.stages.fixed_cuts import FixedCutParameters, FixedCutter
from tests.engine.stages.agreement import modified, passing, through
from tests.naive_parser import Read


class UncheckedCutter:
    """cutadapt's cutter of either end, of which 0 stands for nothing to cut."""

    def __init__(self, front: int, back: int) -> None:
        self._cutters = [modifiers.UnconditionalCutter(length) for length in (front, -back) if length]

    def __call__(self, read: Any, info: Any) -> Any:
        for cutter in self._cutters:
            read = cutter(read, info)
        return read


@st.composite
def some_reads(draw: st.DrawFn) -> list[Read]:
    letters = draw(st.sampled_from(["ACGTN", "ACGTNacgtn", "AAAAAC", "GGGGA", "N", "TTTTG"]))
    scores = draw(st.sampled_from(["!#+,-05:?I", "IIII!", "5", "".join(map(chr, range(33, 127)))]))
    chosen = []
    for bases in draw(st.lists(st.text(alphabet=letters, max_size=60), max_size=6)):
        qualities = "".join(draw(st.lists(st.sampled_from(scores), min_size=len(bases), max_size=len(bases))))
        name = draw(st.sampled_from([b"r", b"r 1:Y:0:A", b"r 1:N:0:A", b"a:Y: b", b"r x:Y:", b"r  :Y:1"]))
        chosen.append(Read(name, bases.encode(), qualities.encode()))
    return chosen


CUTOFFS = st.sampled_from([0, 2, 10, 20, 41])


@settings(max_examples=150)
@given(reads=some_reads(), front=CUTOFFS, back=CUTOFFS)
def test_quality_trimming_agrees_with_cutadapt(reads: list[Read], front: int, back: int) -> None:
    ours = trimming.QualityTrimmer(trimming.QualityTrimParameters(five_prime=front, three_prime=back))
    assert through(ours, reads) == modified(modifiers.QualityTrimmer(front, back), reads)


@given(reads=some_reads(), cutoff=st.sampled_from([0, 1, 20, 41]))
def test_two_colour_trimming_agrees_with_cutadapt(reads: list[Read], cutoff: int) -> None:
    ours = trimming.TwoColourTrimmer(trimming.TwoColourTrimParameters(cutoff=cutoff))
    assert through(ours, reads) == modified(modifiers.NextseqQualityTrimmer(cutoff), reads)


@given(reads=some_reads(), front=st.integers(0, 50), back=st.integers(0, 50))
def test_fixed_cuts_agree_with_cutadapt(reads: list[Read], front: int, back: int) -> None:
    ours = FixedCutter(FixedCutParameters(five_prime=front, three_prime=back))
    assert through(ours, reads) == modified(UncheckedCutter(front, back), reads)


@given(reads=some_reads(), length=st.integers(-40, 40))
def test_shortening_agrees_with_cutadapt(reads: list[Read], length: int) -> None:
    keep: Any = "5' end" if length >= 0 else "3' end"
    ours = trimming.Shortener(trimming.ShortenParameters(length=abs(length), keep=keep))
    assert through(ours, reads) == modified(modifiers.Shortener(length), reads)


@given(reads=some_reads())
def test_n_trimming_agrees_with_cutadapt(reads: list[Read]) -> None:
    ours = trimming.NTrimmer(trimming.NTrimParameters())
    assert through(ours, reads) == modified(modifiers.NEndTrimmer(), reads)


@settings(max_examples=150)
@given(reads=some_reads())
def test_poly_a_trimming_agrees_with_cutadapt(reads: list[Read]) -> None:
    ours = trimming.PolyATrimmer(trimming.PolyATrimParameters())
    assert through(ours, reads) == modified(modifiers.PolyATrimmer(), reads)


@given(reads=some_reads(), least=st.integers(0, 60), most=st.integers(0, 60))
def test_length_filter_agrees_with_cutadapt(reads: list[Read], least: int, most: int) -> None:
    most = max(least, most)
    ours = filters.LengthFilter(filters.LengthFilterParameters(minimum=least, maximum=most))
    expected = passing(predicates.TooLong(most), passing(predicates.TooShort(least), reads))
    assert through(ours, reads) == expected


@given(reads=some_reads(), limit=st.one_of(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0]), st.floats(0, 9)))
def test_n_filter_agrees_with_cutadapt(reads: list[Read], limit: float) -> None:
    ours = filters.NFilter(filters.NFilterParameters(maximum=limit))
    assert through(ours, reads) == passing(predicates.TooManyN(limit), reads)


def limits(reads: Sequence[Read], *, each: bool) -> st.SearchStrategy[float]:
    """Limits that a read's errors are right at, among others."""
    from cutadapt.qualtrim import expected_errors

    sums = [expected_errors(read.qualities.decode()) / (len(read.bases) if each else 1) for read in reads if read.bases]
    sums = [value for value in sums if value < 1] or [0.5]
    return st.one_of(st.sampled_from(sums), st.floats(0.0001, 0.999))


@settings(max_examples=150)
@given(reads=some_reads(), data=st.data())
def test_expected_errors_filter_agrees_with_cutadapt(reads: list[Read], data: st.DataObject) -> None:
    limit = data.draw(limits(reads, each=False))
    ours = filters.ExpectedErrorsFilter(filters.ExpectedErrorsFilterParameters(maximum=limit))
    assert through(ours, reads) == passing(predicates.TooManyExpectedErrors(limit), reads)


@settings(max_examples=150)
@given(reads=some_reads(), data=st.data())
def test_error_rate_filter_agrees_with_cutadapt(reads: list[Read], data: st.DataObject) -> None:
    limit = data.draw(limits(reads, each=True))
    ours = filters.ErrorRateFilter(filters.ErrorRateFilterParameters(maximum=limit))
    assert through(ours, reads) == passing(predicates.TooHighAverageErrorRate(limit), reads)


@given(reads=some_reads())
def test_casava_filter_agrees_with_cutadapt(reads: list[Read]) -> None:
    ours = name_filters.CasavaFilter(name_filters.CasavaFilterParameters())
    assert through(ours, reads) == passing(predicates.CasavaFiltered(), reads)


@pytest.mark.parametrize(
    ("stage", "reads", "kept"),
    [
        (
            filters.MeanQualityFilter(filters.MeanQualityFilterParameters(minimum=20)),
            [("A", "5"), ("AA", "!I"), ("", "")],
            1,
        ),
        (
            filters.MeanQualityFilter(filters.MeanQualityFilterParameters(minimum=20, of_scores=True)),
            [("A", "5"), ("AA", "!I"), ("", "")],
            2,
        ),
        (
            filters.LowQualityFilter(filters.LowQualityFilterParameters(quality=15, maximum=50)),
            [("AAAA", "II##"), ("AAAA", "I###")],
            1,
        ),
        (
            filters.ComplexityFilter(filters.ComplexityFilterParameters(minimum=50)),
            [("AACC", "IIII"), ("AACA", "IIII"), ("A", "I")],
            1,
        ),
        (
            filters.GcFilter(filters.GcFilterParameters(minimum=40, maximum=60)),
            [("AACC", "IIII"), ("acgg", "IIII"), ("", "")],
            2,
        ),
    ],
)
def test_filters_by_hand(stage: Any, reads: list[tuple[str, str]], kept: int) -> None:
    given_ = [Read(b"r", bases.encode(), qualities.encode()) for bases, qualities in reads]
    assert len(through(stage, given_)) == kept
    assert sum(stage.statistics.drops.values()) == len(reads) - kept
