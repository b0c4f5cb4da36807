from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.run.snapshot import PipelineSummary, RunOutput, RunSnapshot, StageSummary
from engine.run.state import RunState
from gui.models.pipelines.stage_board import StageBoard
from gui.views.pipeline.stages_card import StagesCard

MakeSnapshot = Callable[..., RunSnapshot]


def _stage(name: str, reads: int = 1000, **more: object) -> StageSummary:
    values: dict[str, object] = {"kind": name, "executions": 4, "reads_in": reads, "reads_out": reads}
    return StageSummary(name, **values | more)  # type: ignore[arg-type] # any field


def _pipeline(*stages: StageSummary) -> PipelineSummary:
    last = stages[-1]
    total = _stage("all", stages[0].reads_in, reads_out=last.reads_out, p50=0.001, p95=0.0042, p99=0.01)
    return PipelineSummary("trim", "1.2.0", total, stages)


def test_stages_in_words(make_snapshot: MakeSnapshot) -> None:
    short = _stage(
        "short",
        kind="length",
        reads_out=880,
        drops={"too short": 100, "too long": 20},
        p50=0.000_040,
        p95=0.000_9994,
        p99=1.5,
        failures=2,
        retries=1,
        timeouts=1,
        errors=("It broke.",),
    )
    cut = _stage("cut", bases_in=150_000, bases_cut=3_000, reads_cut=300)
    outputs = (RunOutput(Path("/data/a.trim.fastq.gz"), 880, 100, 359_000_000),)
    state = make_snapshot(state=RunState.COMPLETED, pipeline=_pipeline(cut, short), outputs=outputs)
    board = StageBoard().present(state)

    assert board is not None
    assert (board.title, board.latency) == ("trim 1.2.0", "P95 4.2 ms a batch")
    assert board.kept == "880 of 1,000 reads kept (88.0 %)"
    assert board.outputs == ("a.trim.fastq.gz: 880 reads, 359 MB",)
    first, second = board.stages
    assert first.effect == "2.0 % of bases cut"
    assert str(first.rate) == "500 reads/s"
    assert second.kind == "length"
    assert second.effect == "12.0 % dropped"
    assert second.latency == "P50 40 µs · P95 999 µs · P99 1.5 s"
    assert second.trouble == "2 failed · 1 tried again · 1 timed out"
    assert second.details[1:] == (
        "100 dropped: too short (10.0 %)",
        "20 dropped: too long (2.0 %)",
        "Error: It broke.",
    )


def test_throughput_follows_a_live_run(make_snapshot: MakeSnapshot) -> None:
    board = StageBoard()
    moments = [
        make_snapshot(elapsed=float(second), pipeline=_pipeline(_stage("cut", 1000 * second))) for second in range(1, 6)
    ]
    shown = [board.present(moment) for moment in moments][-1]
    assert shown is not None
    assert shown.stages[0].trend == (1000.0,) * 4
    assert str(shown.stages[0].rate) == "1.00 k reads/s"
    # Another run begins from nothing.
    other = board.present(make_snapshot(2, elapsed=1.0, pipeline=_pipeline(_stage("cut", 10))))
    assert other is not None
    assert other.stages[0].trend == ()


def test_stages_inside_of_stages(make_snapshot: MakeSnapshot) -> None:
    both = _stage("both", kind="composite", stages=(_stage("a"), _stage("b")))
    board = StageBoard().present(make_snapshot(pipeline=_pipeline(both)))
    assert board is not None
    assert [stage.name for stage in board.stages] == ["both", "both / a", "both / b"]


def test_runs_without_a_pipeline_have_no_board(make_snapshot: MakeSnapshot) -> None:
    assert StageBoard().present(make_snapshot()) is None


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_cards_come_and_go_with_the_run(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    card = StagesCard()
    qtbot.addWidget(card)
    plain = make_snapshot()
    card.set_snapshot(plain)
    assert card.isHidden()

    card.set_snapshot(replace(plain, pipeline=_pipeline(_stage("a"), _stage("<b>b</b>", failures=1))))
    assert not card.isHidden()
    assert [tile.accessibleName() for tile in card.tiles] == ["Stage a", "Stage <b>b</b>"]
    assert [tile.outline for tile in card.tiles] == ["line", "failed"]
    assert "<b>" not in card.tiles[1].toolTip()
    card.set_snapshot(replace(plain, pipeline=_pipeline(_stage("a"))))
    assert len(card.tiles) == 1
    card.set_snapshot(plain)
    assert card.isHidden()


def test_a_few_reads_are_neither_none_nor_all(make_snapshot: MakeSnapshot) -> None:
    one = _stage("length", reads_in=1_000_000, reads_out=999_998)
    board = StageBoard().present(make_snapshot(state=RunState.COMPLETED, pipeline=_pipeline(one)))
    assert board is not None
    assert board.stages[0].effect == "under 0.1 % dropped"
    assert board.kept.endswith("reads kept (over 99.9 %)")
