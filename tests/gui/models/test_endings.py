from __future__ import annotations

from engine.run.state import RunState
from gui.models.endings import Endings
from gui.models.window_title import window_title
from tests.gui.conftest import MakeSnapshot


def test_long_work_is_told_once_all_of_it_is_over(make_snapshot: MakeSnapshot) -> None:
    endings = Endings()
    first, second = (make_snapshot(number, f"{number}.fastq") for number in (1, 2))
    assert not endings.hear([first, second])
    done = make_snapshot(1, "1.fastq", RunState.COMPLETED, elapsed=20.0)
    assert not endings.hear([done])
    failed = make_snapshot(2, "2.fastq", RunState.FAILED, elapsed=20.0)
    assert endings.hear([failed]) == "2 runs are over: 1 completed, 1 failed"
    assert not endings.hear([done, failed])


def test_one_run_is_told_by_its_name(make_snapshot: MakeSnapshot) -> None:
    endings = Endings()
    endings.hear([make_snapshot()])
    said = endings.hear([make_snapshot(state=RunState.COMPLETED, elapsed=31.0, reads=1_200)])
    assert said == "reads.fastq: completed, 1,200 reads"


def test_a_run_that_follows_its_input_holds_up_no_news_of_others(make_snapshot: MakeSnapshot) -> None:
    endings = Endings()
    endings.hear([make_snapshot(1, "run_folder", kind="followed"), make_snapshot(2, "a.fastq")])
    said = endings.hear([make_snapshot(2, "a.fastq", RunState.COMPLETED, elapsed=31.0)])
    assert said.startswith("a.fastq: completed")
    ended = make_snapshot(1, "run_folder", RunState.COMPLETED, kind="followed", elapsed=9_000.0)
    assert endings.hear([ended]).startswith("run_folder: completed")


def test_names_stay_in_their_line(make_snapshot: MakeSnapshot) -> None:
    endings, name = Endings(), "a\nb\t.fastq"
    assert window_title((make_snapshot(1, name, RunState.CREATED),)) == "queued · a b .fastq \N{EN DASH} Lanescope"
    endings.hear([make_snapshot(1, name)])
    assert endings.hear([make_snapshot(1, name, RunState.COMPLETED, elapsed=31.0)]).startswith("a b .fastq: completed")


def test_short_work_and_cancelled_runs_are_not_told(make_snapshot: MakeSnapshot) -> None:
    endings = Endings()
    for state, elapsed in ((RunState.COMPLETED, 2.0), (RunState.CANCELLED, 90.0)):
        endings.hear([make_snapshot()])
        assert not endings.hear([make_snapshot(state=state, elapsed=elapsed)])


def test_the_title_tells_how_far_the_work_is(make_snapshot: MakeSnapshot) -> None:
    running, queued = make_snapshot(1, "a.fastq", share=0.429), make_snapshot(2, "b.fastq", RunState.CREATED)
    assert window_title(()) == "Lanescope"
    assert window_title((running,)) == "42 % · a.fastq \N{EN DASH} Lanescope"
    assert window_title((queued, running)) == "42 % · a.fastq and 1 more \N{EN DASH} Lanescope"
    assert window_title((queued,)).startswith("queued · b.fastq")
    paused = make_snapshot(1, "a.fastq", RunState.PAUSED)
    assert window_title((paused,)).startswith("paused · a.fastq")
