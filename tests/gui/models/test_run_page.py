from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.collectors.results import QcResults
from engine.run.snapshot import Activity, RunFailure, RunSnapshot, Sample, ThreadLoad
from engine.run.state import RunState
from gui.models.format import NOTHING
from gui.models.run_page import (
    STATE_WORDS,
    Key,
    failure_place,
    failure_report,
    present,
    progress,
    recent_rate,
    short_path,
)

MakeSnapshot = Callable[..., RunSnapshot]
NOW = datetime(2025, 3, 12, 18, 0, tzinfo=UTC)


def _sample(time: float, reads: int) -> Sample:
    return Sample(time=time, reads=reads, bases=0, bytes_read=0, text_bytes=0, queue_size=0, memory=0)


def test_a_running_run(make_snapshot: MakeSnapshot) -> None:
    page = present(make_snapshot(reads=41_280_000, share=0.64, time_left=7.4), NOW)

    assert (page.title, page.word, page.place) == ("reads.fastq", "running", "/data/reads.fastq")
    assert page.about == "plain · 1.00 MB · started 14:02"
    assert page.fraction == pytest.approx(0.64)
    assert page.progress_text == "64 % · 0:07 min left"
    assert {key: str(number.quantity) for key, number in page.numbers.items()} == {
        Key.READS: "41.28 M",
        Key.BASES: "6.19 Gbp",
        Key.THROUGHPUT: "20.64 M",
        Key.MEAN_QUALITY: "35.8 Phred",
        Key.Q30: "91.0 %",
        Key.GC: "41.2 %",
        Key.TIME: "0:07 min",
    }
    assert page.numbers[Key.READS].note == "of ≈ 64.5 M"
    assert page.partial == ""


def test_nothing_is_known_of_a_queued_run(make_snapshot: MakeSnapshot) -> None:
    queued = make_snapshot(state=RunState.CREATED, reads=0, started=None, elapsed=0.0, samples=(), results=QcResults())
    page = present(queued, NOW)

    assert page.word == "queued"
    assert page.about.endswith("added 14:01")
    unknown = [key for key, number in page.numbers.items() if str(number.quantity) == NOTHING]
    assert unknown == [Key.THROUGHPUT, Key.MEAN_QUALITY, Key.Q30, Key.GC, Key.TIME]


def test_a_finished_run_tells_what_it_took(make_snapshot: MakeSnapshot) -> None:
    page = present(make_snapshot(state=RunState.COMPLETED, reads=1_000_000, elapsed=0.5, share=1.0), NOW)

    assert page.numbers[Key.TIME].label == "Took"
    assert str(page.numbers[Key.TIME].quantity) == "0.50 s"
    assert str(page.numbers[Key.READS].quantity) == "1.00 M"
    assert page.numbers[Key.READS].detail == "1,000,000 reads"
    assert str(page.numbers[Key.THROUGHPUT].quantity) == "2.00 M"
    assert page.fraction == 1.0


@pytest.mark.parametrize(
    ("state", "pause", "resume", "cancel", "again"),
    [
        (RunState.CREATED, False, False, True, False),
        (RunState.RUNNING, True, False, True, False),
        (RunState.PAUSED, False, True, True, False),
        (RunState.CANCELLING, False, False, False, False),
        (RunState.COMPLETED, False, False, False, True),
        (RunState.FAILED, False, False, False, True),
        (RunState.CANCELLED, False, False, False, True),
        (RunState.INTERRUPTED, False, False, False, True),
    ],
)
def test_what_can_be_done(
    make_snapshot: MakeSnapshot, state: RunState, pause: bool, resume: bool, cancel: bool, again: bool
) -> None:
    page = present(make_snapshot(state=state), NOW)

    assert (page.can_pause, page.can_resume, page.can_cancel, page.can_run_again) == (pause, resume, cancel, again)


def test_preparing_is_told_apart_where_it_took_long(make_snapshot: MakeSnapshot) -> None:
    ended = make_snapshot(state=RunState.COMPLETED, elapsed=3.0)
    quick, slow = (present(replace(ended, prepared=seconds), NOW) for seconds in (0.5, 12.3))
    assert quick.numbers[Key.TIME].detail == "Pauses excluded"
    assert slow.numbers[Key.TIME].detail == "Prepared in 12.3 s before"


def test_cancelling_asks_when_much_would_be_lost(make_snapshot: MakeSnapshot) -> None:
    assert not present(make_snapshot(elapsed=9.0), NOW).asks_before_cancel
    assert present(make_snapshot(elapsed=11.0), NOW).asks_before_cancel


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.CANCELLED, "This run was cancelled. The numbers are partial: they cover the first 1,000 reads"),
        (RunState.INTERRUPTED, "The numbers are partial: they cover the first 1,000 reads"),
    ],
)
def test_partial_numbers_say_so(make_snapshot: MakeSnapshot, state: RunState, words: str) -> None:
    assert present(make_snapshot(state=state), NOW).partial.startswith(words)
    assert present(make_snapshot(state=state, reads=0), NOW).partial.endswith("No reads were counted.")


def test_a_failure_tells_its_place(make_snapshot: MakeSnapshot) -> None:
    failure = RunFailure("This is not valid FASTQ", "the header does not begin with @", "Mend it.", 12, 45, 1204)
    snapshot = make_snapshot(state=RunState.FAILED, failure=failure, versions={"lanescope": "0.1.0"})

    assert failure_place(failure) == "record 12 · line 45 · byte 1,204"
    assert failure_place(RunFailure("a", "b", "c", offset=0)) == "byte 0"
    assert failure_report(present(snapshot, NOW), snapshot).splitlines() == [
        "Run: reads.fastq",
        "File: /data/reads.fastq",
        "Error: This is not valid FASTQ",
        "the header does not begin with @",
        "Mend it.",
        "Reads before it: 1,000",
        "lanescope: 0.1.0",
    ]


def test_progress_of_a_pipe_is_not_known(make_snapshot: MakeSnapshot) -> None:
    assert progress(make_snapshot(bytes_total=None)) is None
    assert progress(make_snapshot(bytes_total=0)) is None
    assert progress(make_snapshot(share=1.5)) == 1.0
    assert progress(make_snapshot(samples=())) == 0.0


def test_the_rate_is_over_the_last_second() -> None:
    assert recent_rate(()) is None
    assert recent_rate((_sample(0.5, 50),)) == pytest.approx(100)
    slow_then_fast = (_sample(1.0, 10), _sample(1.5, 200), _sample(2.0, 410), _sample(2.5, 610))
    assert recent_rate(slow_then_fast) == pytest.approx((610 - 200) / 1.0)


def test_the_home_folder_is_a_tilde() -> None:
    assert short_path(Path.home() / "data" / "a.fastq") == str(Path("~/data/a.fastq"))
    assert short_path(Path("/data/a.fastq")) == str(Path("/data/a.fastq"))


def test_every_state_has_a_word_and_a_symbol() -> None:
    assert set(STATE_WORDS) == set(RunState)


def test_progress_covers_what_is_counted_and_not_what_waits(make_snapshot: MakeSnapshot) -> None:
    reader, worker = (
        ThreadLoad(name=name, activity=Activity.COMPUTING, shares=(), batches=batches, busy=1.0)
        for name, batches in (("read + parse", 10), ("worker 1", 8))
    )
    snapshot = make_snapshot(share=0.5, threads=(reader, worker))
    assert progress(snapshot) == pytest.approx(0.4)
    # Results may be older than the load.
    late = replace(snapshot, samples=(replace(snapshot.samples[0], reads=2000),))
    assert progress(late) == pytest.approx(0.2)
    assert progress(replace(late, state=RunState.COMPLETED)) == 1.0


def test_an_interrupted_run_with_a_checkpoint_can_go_on(make_snapshot: MakeSnapshot) -> None:
    failure = RunFailure("The run was interrupted", "Lanescope ended.", "Run the file again.")
    lost = make_snapshot(state=RunState.INTERRUPTED, failure=failure)

    page = present(lost, NOW, safe_reads=4_000)
    assert (page.can_continue, page.can_run_again) == (True, True)
    assert page.continue_detail == "Safe in the last checkpoint: 4,000 reads. The run goes on after them."
    assert page.failure == replace(failure, hint="Continue it to get complete numbers.")

    without = present(lost, NOW)
    assert (without.can_continue, without.continue_detail, without.failure) == (False, "", failure)
    assert not present(replace(lost, state=RunState.RUNNING), NOW, safe_reads=4_000).can_continue
