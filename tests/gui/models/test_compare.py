from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.collectors.results import (
    AdapterContent,
    BaseContent,
    BaseQuality,
    BasicStatistics,
    Duplication,
    GcContent,
    LengthDistribution,
    NContent,
    PairStatistics,
    QcResults,
    SequenceQuality,
)
from engine.run.state import RunState
from gui.models.compare import (
    OVERLAYS,
    Compared,
    Overlay,
    drawn,
    ends_told,
    is_log,
    legend_name,
    names_apart,
    names_in,
    ranges,
)
from gui.models.compare_choice import comparable
from gui.models.plot_series import Line
from gui.models.run_list import RunEntry
from gui.views.compare_desk import told_apart

BY_KEY = {overlay.key: overlay for overlay in OVERLAYS}
NONE = QcResults()


def line_of(key: str, results: QcResults, *, log: bool = False) -> Line:
    line = drawn(BY_KEY[key], results, log)
    assert line is not None
    return line


def with_lengths(starts: tuple[int, ...], ends: tuple[int, ...], counts: tuple[int, ...]) -> QcResults:
    basic = BasicStatistics(reads=sum(counts), longest=ends[-1])
    return QcResults(basic=basic, lengths=LengthDistribution(starts=starts, ends=ends, counts=counts))


@pytest.mark.parametrize(("count", "possible"), [(0, False), (1, False), (2, True), (6, True), (7, False)])
def test_two_to_six_runs_can_be_compared(count: int, possible: bool) -> None:
    assert comparable(range(count)) is possible


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.key)
def test_what_was_not_measured_has_no_line(overlay: Overlay) -> None:
    assert drawn(overlay, NONE, False) is None
    assert not is_log(overlay, [Compared(1, "a", NONE)])


def test_reads_are_shares_so_that_large_and_small_runs_compare() -> None:
    small = QcResults(sequence_quality=SequenceQuality(qualities=(20, 30), counts=(1, 3)))
    large = QcResults(sequence_quality=SequenceQuality(qualities=(20, 30), counts=(1000, 3000)))
    for results in (small, large):
        assert line_of("sequence_quality", results).y.tolist() == [25.0, 75.0]
    gc = line_of("gc_content", QcResults(gc_content=GcContent(counts=(0.0,) * 50 + (4.0,) + (0.0,) * 50)))
    assert gc.y[50] == 100.0


def test_base_content_is_the_greater_difference() -> None:
    content = BaseContent(starts=(1, 2), ends=(1, 2), a=(30.0, 25.0), t=(20.0, 25.0), g=(26.0, 40.0), c=(24.0, None))
    assert line_of("base_content", QcResults(base_content=content)).y.tolist() == [10.0, 10.0, 0.0, 0.0]


def test_adapters_are_the_most_frequent_one() -> None:
    content = AdapterContent(starts=(1, 2), ends=(1, 2), names=("a", "b"), percent=((1.0, 2.0), (0.0, 5.0)))
    assert line_of("adapters", QcResults(adapters=content)).y.tolist() == [1.0, 1.0, 5.0, 5.0]
    assert drawn(BY_KEY["adapters"], QcResults(adapters=AdapterContent(too_short=True)), False) is None


def test_lengths_do_not_depend_on_bins() -> None:
    line = line_of("lengths", with_lengths((50, 100), (99, 149), (1, 3)))
    assert line.x.tolist() == [0.0, 50.0, 100.0, 150.0]
    assert line.y.tolist() == [100.0, 100.0, 75.0, 0.0]


def test_short_and_long_reads_share_a_logarithmic_axis() -> None:
    runs = [
        Compared(1, "a", with_lengths((150,), (150,), (9,))),
        Compared(2, "b", with_lengths((100, 30_000), (29_999, 60_000), (5, 5))),
    ]
    for key in ("lengths", "base_quality", "adapters"):
        assert is_log(BY_KEY[key], runs)
        assert not is_log(BY_KEY[key], runs[:1])
    assert not is_log(BY_KEY["gc_content"], runs)
    assert line_of("lengths", runs[1].results, log=True).x[-1] == pytest.approx(np.log10(60_001))


def test_ranges_hold_all_lines() -> None:
    quality = BaseQuality(starts=(1, 2), ends=(1, 2), median=(30.0, 50.0))
    line = line_of("base_quality", QcResults(base_quality=quality))
    x, y = ranges(BY_KEY["base_quality"], [line])
    assert x == (0.5, 2.5)
    assert y[1] >= 50
    levels = line_of("duplication", QcResults(duplication=Duplication(percent=(100.0, *(0.0,) * 15))))
    assert ranges(BY_KEY["duplication"], [levels]) == ((-0.5, 15.5), (0.0, 100.0))


def test_runs_called_alike_are_told_apart() -> None:
    runs = [Compared(1, "a", NONE), Compared(2, "b", NONE), Compared(3, "a", NONE)]
    assert names_apart(runs) == ["a (run 1)", "b", "a (run 3)"]


def test_runs_that_are_called_alike_are_told_apart() -> None:
    def entry(run_id: int, name: str, minute: int) -> RunEntry:
        made = datetime(2025, 3, 12, 14, minute, tzinfo=UTC)
        return RunEntry(run_id, name, Path("/d") / name, RunState.COMPLETED, made, 5, 30.0)

    entries = [entry(1, "a.fq", 1), entry(2, "a.fq", 2), entry(3, "a.fq", 2), entry(4, "b.fq", 1)]
    names = dict(told_apart(entries, datetime(2025, 3, 12, 18, 0, tzinfo=UTC)))
    assert len(set(names.values())) == 4
    assert names[4] == "b.fq"
    assert names[1].startswith("a.fq · ")
    assert names[3].endswith("run 3")


def test_insert_sizes_are_shares_of_the_pairs_that_overlap() -> None:
    pairs = PairStatistics(pairs=8, overlapping=4, insert_sizes=(90, 92), counts=(1, 3), median=92, most_frequent=92)
    overlay, results = BY_KEY["pairs"], QcResults(pairs=pairs)
    line = line_of("pairs", results)
    assert line.x.tolist() == [89.0, 90.0, 91.0, 92.0, 93.0]
    assert line.y.tolist() == [0.0, 25.0, 0.0, 75.0, 0.0]
    assert legend_name(overlay, "a", results) == "a: median 92 bp, 50 % overlap"
    assert legend_name(overlay, "a", QcResults(pairs=PairStatistics(pairs=9))) == "a: 0 % overlap"
    assert drawn(overlay, QcResults(pairs=PairStatistics(pairs=9)), False) is None


def test_first_mates_stand_for_both_where_pairs_are_told_of() -> None:
    mates = [
        Compared(-1, "Read 1", QcResults(pairs=PairStatistics()), "Both reads"),
        Compared(-2, "Read 2", NONE, "Both reads"),
    ]
    assert names_in(BY_KEY["pairs"], mates) == ["Both reads", "Read 2"]
    assert names_in(BY_KEY["lengths"], mates) == ["Read 1", "Read 2"]


def test_a_few_long_reads_neither_stretch_the_axis_nor_hide_the_others() -> None:
    reads = LengthDistribution(starts=(100, 9_000), ends=(199, 9_999), counts=(999, 1))
    content = NContent(starts=(1, 100, 5_000), ends=(99, 199, 9_999), n=(0.0, 1.0, 100.0))
    results = QcResults(basic=BasicStatistics(reads=1_000, longest=9_999), lengths=reads, n_content=content)
    line = drawn(BY_KEY["n_content"], results, log=False)
    assert line is not None
    assert (line.x.max() <= 199, line.y.max()) == (True, 1.0)
    other = QcResults(basic=BasicStatistics(reads=1_000, longest=150))
    runs = [Compared(1, "a", results), Compared(2, "b", other)]
    assert not is_log(BY_KEY["n_content"], runs)
    assert "fewer than one read in 100" in ends_told(runs)
    assert ends_told(runs[1:]) == ""
