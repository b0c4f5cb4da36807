from __future__ import annotations

from engine.run.snapshot import StageSummary
from engine.stages.counters import TURNED
from gui.models.pipelines.adapter_lines import adapter_lines


def test_the_most_frequent_adapters_come_first() -> None:
    counters = {f"a{number}": {"3": number, "4": 1} for number in range(1, 9)} | {TURNED: {"turned": 7}, "none": {}}
    lines = adapter_lines(StageSummary("x", "adapters", reads_in=100, counters=counters))
    assert lines[0] == "a8: 9 times (9.0 %)"
    assert lines[-2:] == ["2 more adapters, less often", "7 in the other orientation"]
    assert len(lines) == 8


def test_other_stages_have_none() -> None:
    assert adapter_lines(StageSummary("x", "mask", counters={"masked bases": {"N": 3}})) == []
