"""FastQC's rules at their limits; whole files are judged in the tests of the FastQC report."""

from __future__ import annotations

import math

import pytest

from engine.collectors.profiles import parse_profile, profile
from engine.collectors.results import (
    AdapterContent,
    BaseContent,
    BaseQuality,
    BasicStatistics,
    Duplication,
    EnrichedKmer,
    GcContent,
    KmerContent,
    LengthDistribution,
    NContent,
    Overrepresented,
    OverrepresentedSequence,
    QcResults,
    SequenceQuality,
    TileQuality,
)
from engine.collectors.verdicts import Status, Verdict, verdicts

PASS, WARN, FAIL = Status.PASS, Status.WARN, Status.FAIL


def verdict(module: str, results: QcResults, more: str = "") -> Verdict:
    return verdicts(results, parse_profile(more, "test"))[module]


def base_quality(lower_quartile: list[float | None], median: list[float | None]) -> QcResults:
    none = (None,) * len(median)
    return QcResults(
        base_quality=BaseQuality(
            starts=tuple(range(1, len(median) + 1)),
            ends=tuple(range(1, len(median) + 1)),
            mean=none,
            median=tuple(median),
            lower_quartile=tuple(lower_quartile),
            upper_quartile=none,
            percentile_10=none,
            percentile_90=none,
        )
    )


@pytest.mark.parametrize(
    ("lower_quartile", "median", "status", "value", "measure", "where"),
    [
        ([10.0, 30.0], [25.0, 25.0], PASS, 10, "lower quartile", "1"),
        ([30.0, 9.9], [25.0, 25.0], WARN, 9.9, "lower quartile", "2"),
        ([30.0, 5.0], [25.0, 25.0], WARN, 5, "lower quartile", "2"),
        ([30.0, 4.9], [25.0, 24.0], FAIL, 4.9, "lower quartile", "2"),
        ([30.0, 30.0], [24.9, 40.0], WARN, 24.9, "median", "1"),
        ([30.0, 30.0], [20.0, 40.0], WARN, 20, "median", "1"),
        ([9.0, 30.0], [40.0, 19.0], FAIL, 19, "median", "2"),
        ([None, 30.0], [None, 40.0], PASS, 30, "lower quartile", "2"),
        ([None, None], [None, None], PASS, None, "lower quartile", ""),
    ],
)
def test_base_quality(
    lower_quartile: list[float | None],
    median: list[float | None],
    status: Status,
    value: float | None,
    measure: str,
    where: str,
) -> None:
    found = verdict("base_quality", base_quality(lower_quartile, median))
    assert (found.status, found.value, found.measure, found.where) == (status, value, measure, where)


@pytest.mark.parametrize(("deviation", "status"), [(5.0, PASS), (-5.1, WARN), (10.0, WARN), (10.1, FAIL)])
def test_tile_quality(deviation: float, status: Status) -> None:
    quality = TileQuality(
        starts=(1, 2), ends=(1, 5), tiles=(7, 8), average=(1.0, 2.0), deviation=((0.0, 1.0), (0.5, deviation))
    )
    found = verdict("tile_quality", QcResults(tile_quality=quality))
    assert found == Verdict(
        status=status,
        value=abs(deviation),
        limit=10 if status is FAIL else 5,
        measure="deviation from the average tile",
        where="tile 8, cycle 2-5",
    )


def test_a_tile_without_reads_is_as_far_off_as_the_average() -> None:
    quality = TileQuality(starts=(1,), ends=(1,), tiles=(7, 8), average=(18.0,), deviation=((18.0,), (None,)))
    assert verdict("tile_quality", QcResults(tile_quality=quality)).value == 18


@pytest.mark.parametrize(("mode", "status"), [(28, PASS), (27, WARN), (21, WARN), (20, FAIL)])
def test_sequence_quality(mode: int, status: Status) -> None:
    # Of equally frequent qualities the lowest counts.
    quality = SequenceQuality(qualities=(mode - 1, mode, mode + 1), counts=(4, 9, 9))
    found = verdict("sequence_quality", QcResults(sequence_quality=quality))
    assert (found.status, found.value) == (status, mode)


@pytest.mark.parametrize(
    ("a", "c", "g", "t", "status", "value"),
    [
        (30.0, 25.0, 15.0, 30.0, PASS, 10),
        (30.0, 25.5, 15.0, 29.5, WARN, 10.5),
        (45.0, 20.0, 10.0, 25.0, WARN, 20),
        (46.0, 20.0, 9.0, 25.0, FAIL, 21),
        (None, None, None, None, PASS, None),
    ],
)
def test_base_content(
    a: float | None, c: float | None, g: float | None, t: float | None, status: Status, value: float | None
) -> None:
    content = BaseContent(starts=(1, 2), ends=(1, 2), a=(25.0, a), c=(25.0, c), g=(25.0, g), t=(25.0, t))
    found = verdict("base_content", QcResults(base_content=content))
    assert (found.status, found.value) == (status, value if value is not None else 0)


@pytest.mark.parametrize(("off", "status"), [(15.0, PASS), (15.2, WARN), (30.0, WARN), (30.2, FAIL)])
def test_gc_content(off: float, status: Status) -> None:
    content = GcContent(counts=(50.0, 50.0), theory=(50.0 - off / 2, 50.0 + off / 2))
    found = verdict("gc_content", QcResults(gc_content=content))
    assert found.status == status
    assert found.value == pytest.approx(off)


def test_gc_content_of_a_read_in_one_place_or_less_is_not_judged() -> None:
    for counts, status in (((0.5, 0.4), PASS), ((1.0, 0.0), PASS), ((0.5, 0.5), FAIL), ((1.5, 1.0), FAIL)):
        content = GcContent(counts=counts, theory=(0.0, 0.0))
        assert verdict("gc_content", QcResults(gc_content=content)).status == status


def test_gc_content_of_nothing() -> None:
    assert verdict("gc_content", QcResults(gc_content=GcContent(counts=(0.0,), theory=(0.0,)))).status == PASS


@pytest.mark.parametrize(("n", "status"), [(5.0, PASS), (5.1, WARN), (20.0, WARN), (20.1, FAIL)])
def test_n_content(n: float, status: Status) -> None:
    content = NContent(starts=(1, 2), ends=(1, 2), n=(0.0, n))
    assert verdict("n_content", QcResults(n_content=content)).status == status


@pytest.mark.parametrize(
    ("shortest", "longest", "more", "status"),
    [
        (5, 5, "", PASS),
        (4, 5, "", WARN),
        (0, 5, "", FAIL),
        (0, 0, "", FAIL),
        (0, 5, "[lengths]\nempty = 'pass'", WARN),
        (0, 5, "[lengths]\nempty = 'warn'\ndifferent = 'pass'", WARN),
        (4, 5, "[lengths]\ndifferent = 'pass'", PASS),
    ],
)
def test_lengths(shortest: int, longest: int, more: str, status: Status) -> None:
    basic = BasicStatistics(reads=3, shortest=shortest, longest=longest)
    assert verdict("lengths", QcResults(basic=basic, lengths=LengthDistribution()), more).status == status


@pytest.mark.parametrize(("remaining", "status"), [(70.0, PASS), (69.9, WARN), (50.0, WARN), (49.9, FAIL)])
def test_duplication(remaining: float, status: Status) -> None:
    results = QcResults(duplication=Duplication(percent=(100.0,), remaining=remaining))
    assert verdict("duplication", results).status == status


@pytest.mark.parametrize(("percent", "status"), [(None, PASS), (0.11, WARN), (1.0, WARN), (1.1, FAIL)])
def test_overrepresented(percent: float | None, status: Status) -> None:
    top = OverrepresentedSequence(sequence="ACGT", count=3, percent=percent or 0, source="No Hit")
    found = verdict("overrepresented", QcResults(overrepresented=Overrepresented(sequences=(top,) if percent else ())))
    assert (found.status, found.value) == (status, percent)


@pytest.mark.parametrize(("percent", "status"), [(5.0, PASS), (5.1, WARN), (10.0, WARN), (10.1, FAIL)])
def test_adapters(percent: float, status: Status) -> None:
    content = AdapterContent(starts=(1, 2), ends=(1, 3), names=("A", "B"), percent=((0.0, 0.0), (0.0, percent)))
    found = verdict("adapters", QcResults(adapters=content))
    assert (found.status, found.value, found.where) == (status, percent, "B, cycle 2-3")


def test_adapters_in_short_reads() -> None:
    content = AdapterContent(names=("A",), percent=((),), too_short=True)
    assert verdict("adapters", QcResults(adapters=content)).status == WARN


@pytest.mark.parametrize(
    ("p_value", "status"), [(None, PASS), (0.01, PASS), (0.0099, WARN), (1e-5, WARN), (9e-6, FAIL), (0.0, FAIL)]
)
def test_kmers(p_value: float | None, status: Status) -> None:
    top = EnrichedKmer(sequence="GATTACA", count=5, p_value=p_value or 0, enrichment=9, start=1, end=1)
    results = QcResults(kmers=KmerContent(kmers=() if p_value is None else (top,)))
    found = verdict("kmers", results, "[kmers]\nshown = true")
    assert found.status == status
    assert found.value == (math.inf if p_value == 0 else -math.log10(p_value or 1))


def test_only_what_is_there_and_shown_is_judged() -> None:
    content = NContent(starts=(1,), ends=(1,), n=(9.0,))
    results = QcResults(
        n_content=content, kmers=KmerContent(), base_quality=BaseQuality(), sequence_quality=SequenceQuality()
    )
    assert list(verdicts(results, profile())) == ["basic", "n_content"]
    assert list(verdicts(results, parse_profile("[n_content]\nshown = false", "test"))) == ["basic"]
