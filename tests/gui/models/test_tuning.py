from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.run.snapshot import BufferLoad, RunSnapshot, Sampling
from engine.run.state import RunState
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.setting import Knob, Setting
from gui.models.run_page import present
from gui.models.tuning import present_tuning

MakeSnapshot = Callable[..., RunSnapshot]

TUNED = Tuning(
    Setting(2, 4 << 20, 40 << 20),
    decisions=(
        Decision(1.5, Verdict.TRIED, Knob.WORKERS, 1, 2, "workers were busy 99 % of the time"),
        Decision(2.0, Verdict.KEPT, Knob.WORKERS, 1, 2, "430.0 MB/s instead of 220.0 MB/s"),
    ),
    left_out=3,
)


def test_a_run_that_is_not_tuned_has_nothing_to_tell(make_snapshot: MakeSnapshot) -> None:
    assert not present_tuning(make_snapshot()).is_shown


def test_the_newest_decision_comes_first_with_its_reason(make_snapshot: MakeSnapshot) -> None:
    run = make_snapshot(state=RunState.RUNNING, tuning=TUNED, buffers=(BufferLoad(4 << 20, 3, 2, 5, 41),))
    page = present_tuning(run)
    assert page.is_shown
    assert page.setting == "2 workers, batches of 4 MiB, up to 40 MiB under way"
    assert [line.text for line in page.decisions] == [
        "2.0 s  workers 1 → 2 kept: 430.0 MB/s instead of 220.0 MB/s",
        "1.5 s  workers 1 → 2 tried, since workers were busy 99 % of the time",
    ]
    assert page.decisions[0].symbol == ("passed", "passed")
    assert page.left_out == 3
    assert page.buffers == "Buffers: 5 of 4 MiB, 41 times used again"
    assert page.can_freeze
    assert not page.is_frozen


def test_what_is_over_cannot_be_frozen(make_snapshot: MakeSnapshot) -> None:
    page = present_tuning(make_snapshot(state=RunState.COMPLETED, tuning=replace(TUNED, is_frozen=True)))
    assert page.is_frozen
    assert not page.can_freeze


def test_the_page_of_a_sampled_run_says_so_while_it_goes(make_snapshot: MakeSnapshot) -> None:
    sampling = Sampling("adaptive", 9, 900, 90_000, 1, 100, 10_000, 20_000)
    run = make_snapshot(state=RunState.RUNNING, sampling=sampling)
    told = present(run, datetime.now().astimezone()).partial
    assert "These numbers rest on a sample: 900 of 1,000 reads (90.0 %)" in told
    assert present(replace(run, sampling=None), datetime.now().astimezone()).partial == ""
