"""What the page of a run says, worked out from a snapshot without a widget in sight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from engine.report.damage_text import skipped_in
from engine.report.sample_numbers import q20_percent, q30_percent
from engine.report.sampling_text import sampling_sentences
from engine.run.snapshot import LONG_PREPARING, RunFailure, RunSnapshot, Sample
from engine.run.state import RunEvent, RunState, can
from gui.models import format as show
from gui.models.format import UNKNOWN, Quantity

STATE_WORDS = {
    RunState.CREATED: "queued",
    RunState.RUNNING: "running",
    RunState.PAUSED: "paused",
    RunState.CANCELLING: "cancelling",
    RunState.COMPLETED: "completed",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "cancelled",
    RunState.INTERRUPTED: "interrupted",
}

STATE_LOOKS = {
    RunState.CREATED: ("created", "muted"),
    RunState.RUNNING: ("running", "accent"),
    RunState.PAUSED: ("paused", "warned"),
    RunState.CANCELLING: ("stopped", "muted"),
    RunState.COMPLETED: ("passed", "passed"),
    RunState.FAILED: ("failed", "failed"),
    RunState.CANCELLED: ("stopped", "muted"),
    RunState.INTERRUPTED: ("warned", "warned"),
}
"""Icon and token of each state."""

_ELSEWHERE = (
    "Another Lanescope does this run, on a command line or in a window of its own: pause or cancel it there. "
    "The numbers follow here every few seconds."
)
_RECENT = 1.0
_CONFIRM_AFTER = 10.0


class Key(StrEnum):
    """The numbers on the page, in the order they stand."""

    READS = "reads"
    BASES = "bases"
    THROUGHPUT = "throughput"
    MEAN_QUALITY = "mean quality"
    Q30 = "q30"
    GC = "gc"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Number:
    """One of the seven numbers.

    Attributes:
        label: what it is.
        quantity: digits and unit.
        note: what stands behind the unit where there is room.
        detail: the same in full, for a tool tip.
    """

    label: str
    quantity: Quantity
    detail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunPage:
    """All words and figures of a run's page.

    Attributes:
        run_id: key in the store.
        title: name of the run.
        place: path of its input, with the home folder as ``~``.
        about: kind of the input and when it started.
        state: for the badge.
        fraction: share of the input done, 0..1; ``None`` where it cannot be known.
        progress_text: ``64 % · 0:07 min left``, or an empty string.
        numbers: by key, in order.
        partial: a sentence or more where the numbers do not cover the whole file, else empty.
        failure: why it failed, or ``None``.
        can_pause: whether Pause would work; likewise the others.
        can_resume: whether Resume would work.
        can_cancel: whether Cancel would work.
        can_finish: whether it follows its input, and can be told to end with what has come.
        can_run_again: whether the run is over.
        can_continue: whether it was interrupted and can go on from a checkpoint.
        continue_detail: what of it is safe, for a tool tip; else empty.
        asks_before_cancel: whether so much work would be lost that Cancel asks.
        is_elsewhere: whether it is going in another process, where alone it can be paused and the like.
    """

    run_id: int
    title: str
    place: str
    about: str
    state: RunState
    fraction: float | None
    progress_text: str
    numbers: dict[Key, Number]
    partial: str
    failure: RunFailure | None
    can_pause: bool
    can_resume: bool
    can_cancel: bool
    can_finish: bool
    can_run_again: bool
    can_continue: bool
    continue_detail: str
    asks_before_cancel: bool
    is_elsewhere: bool = False

    @property
    def word(self) -> str:
        """The state in one word."""
        return STATE_WORDS[self.state]


def present(
    snapshot: RunSnapshot, now: datetime, safe_reads: int | None = None, *, is_elsewhere: bool = False
) -> RunPage:
    """The page for ``snapshot``.

    Args:
        snapshot: the run.
        now: decides between *14:02* and *yesterday 14:02*.
        safe_reads: reads in its last checkpoint; ``None`` where it has none.
        is_elsewhere: whether another process does it, if it is not over.
    """
    state = snapshot.state
    is_elsewhere = is_elsewhere and not state.is_final
    can_continue = state is RunState.INTERRUPTED and safe_reads is not None
    return RunPage(
        run_id=snapshot.run_id,
        title=snapshot.name,
        place=_place(snapshot),
        about=_about(snapshot, now),
        state=state,
        fraction=progress(snapshot),
        progress_text=_progress_text(snapshot),
        numbers=_numbers(snapshot),
        partial=" ".join(part for part in (_partial(snapshot, is_elsewhere), *_sampled(snapshot)) if part),
        failure=_failure(snapshot, can_continue),
        can_pause=not is_elsewhere and can(state, RunEvent.PAUSE),
        can_resume=not is_elsewhere and can(state, RunEvent.RESUME),
        can_cancel=not is_elsewhere and can(state, RunEvent.CANCEL),
        can_finish=not is_elsewhere and is_followed(snapshot) and state in {RunState.RUNNING, RunState.PAUSED},
        can_run_again=state.is_final,
        can_continue=can_continue,
        continue_detail=_continue_detail(safe_reads) if can_continue else "",
        asks_before_cancel=snapshot.elapsed > _CONFIRM_AFTER,
        is_elsewhere=is_elsewhere,
    )


def _failure(snapshot: RunSnapshot, can_continue: bool) -> RunFailure | None:
    """Why it failed; where nothing is lost but time, the way on is another."""
    if snapshot.failure is None or not can_continue:
        return snapshot.failure
    return replace(snapshot.failure, hint="Continue it to get complete numbers.")


def _continue_detail(safe_reads: int | None) -> str:
    return f"Safe in the last checkpoint: {show.plural(safe_reads or 0, 'read')}. The run goes on after them."


def is_followed(snapshot: RunSnapshot) -> bool:
    """Whether the input is read while it grows."""
    return snapshot.kind == "followed"


def progress(snapshot: RunSnapshot) -> float | None:
    """Share of what is to be read that the numbers cover, 0..1; ``None`` where nobody knows how much that is."""
    if snapshot.state is RunState.COMPLETED:
        return 1.0
    share = snapshot.share_read
    return None if share is None else min(1.0, _counted(snapshot) * share)


def _counted(snapshot: RunSnapshot) -> float:
    """Share of what has been read that is in the numbers shown; the rest waits for a worker, or to be shown."""
    reader, workers = snapshot.threads[:1], snapshot.threads[1:]
    batches = reader[0].batches if reader else 0
    share = min(1.0, sum(worker.batches for worker in workers) / batches) if batches else 1.0
    counted = snapshot.samples[-1].reads if snapshot.samples else 0
    return share * min(1.0, snapshot.results.basic.reads / counted) if counted else share


def short_path(path: Path) -> str:
    """``path`` with the home folder as ``~``."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


def failure_report(page: RunPage, snapshot: RunSnapshot) -> str:
    """The failure in plain text, as it goes into a letter to whoever made the file."""
    failure = snapshot.failure
    lines = [f"Run: {page.title}", f"File: {snapshot.path}"]
    if failure is not None:
        lines += [f"Error: {failure.title}", failure.message, failure.hint]
    lines += [f"Reads before it: {snapshot.results.basic.reads:,}"]
    lines += [f"{name}: {version}" for name, version in snapshot.versions.items()]
    return "\n".join(line for line in lines if line)


def failure_place(failure: RunFailure) -> str:
    """``record 12 · line 46 · byte 1,204``, or what of it is known."""
    places = (("record", failure.record), ("line", failure.line), ("byte", failure.offset))
    return " · ".join(f"{name} {number:,}" for name, number in places if number is not None)


def recent_rate(samples: tuple[Sample, ...]) -> float | None:
    """Reads a second over the last second of work; ``None`` before there is any."""
    if not samples:
        return None
    last = samples[-1]
    first = next((sample for sample in reversed(samples) if last.time - sample.time >= _RECENT), None)
    before_time, before_reads = (first.time, first.reads) if first else (0.0, 0)
    span = last.time - before_time
    return (last.reads - before_reads) / span if span > 0 else None


def _place(snapshot: RunSnapshot) -> str:
    """The path of the input; of several files that of the first, and how many more there are."""
    others = {path for files in snapshot.inputs for path in files} - {snapshot.path}
    return (
        f"{short_path(snapshot.path)} and {show.plural(len(others), 'more file')}"
        if others
        else short_path(snapshot.path)
    )


def _about(snapshot: RunSnapshot, now: datetime) -> str:
    parts = [snapshot.kind]
    if snapshot.bytes_total is not None:
        parts.append(show.byte_size(snapshot.bytes_total))
    if snapshot.started is not None:
        parts.append(f"started {show.moment(snapshot.started, now)}")
    else:
        parts.append(f"added {show.moment(snapshot.created, now)}")
    return " · ".join(part for part in parts if part)


def _time_left(snapshot: RunSnapshot) -> str:
    if snapshot.state is RunState.PAUSED:
        return "paused"
    if snapshot.state is not RunState.RUNNING or snapshot.time_left is None:
        return ""
    return f"{show.clock(max(1.0, snapshot.time_left))} left"


def _progress_text(snapshot: RunSnapshot) -> str:
    """``64 % · 0:07 min left``, or what is known of it."""
    done = progress(snapshot)
    if snapshot.state not in {RunState.RUNNING, RunState.PAUSED} or done is None:
        return ""
    # Rounded down: all of it is not done before it is.
    parts = (f"{int(100 * done)} %", _time_left(snapshot))
    return " · ".join(part for part in parts if part)


def _numbers(snapshot: RunSnapshot) -> dict[Key, Number]:
    basic = snapshot.results.basic
    seen = basic.bases > 0
    return {
        Key.READS: Number("Reads", show.count(basic.reads), _all_reads(snapshot), _expected(snapshot)),
        Key.BASES: Number("Bases", show.bases(basic.bases), show.plural(basic.bases, "base")),
        Key.THROUGHPUT: _throughput(snapshot),
        Key.MEAN_QUALITY: Number(
            "Mean quality",
            Quantity(f"{basic.mean_quality:.1f}", "Phred") if seen else UNKNOWN,
            "Arithmetic mean over all bases",
        ),
        Key.Q30: Number(
            "≥ Q30",
            show.percent(q30_percent(basic)),
            f"Bases of Phred 20 or better: {show.percent(q20_percent(basic))}",
        ),
        Key.GC: Number("GC", show.percent(basic.gc_percent if seen else None), "Of all A, C, G and T"),
        Key.TIME: _time(snapshot),
    }


def _all_reads(snapshot: RunSnapshot) -> str:
    return f"{show.plural(snapshot.results.basic.reads, 'read')} {_expected(snapshot)}".strip()


def _expected(snapshot: RunSnapshot) -> str:
    """How many reads the whole file may hold, judged from what has been read of it."""
    reads, done = snapshot.results.basic.reads, progress(snapshot)
    if snapshot.state.is_final or done is None or not reads or done < 0.02:
        return ""
    return f"of ≈ {show.scaled(reads / done, digits=3)}"


def _throughput(snapshot: RunSnapshot) -> Number:
    if snapshot.state.is_final:
        reads, elapsed = snapshot.results.basic.reads, snapshot.elapsed
        rate = reads / elapsed if elapsed > 0 and reads else None
        return Number("Reads per second", _rate(rate), "Mean over the whole run")
    rate = None if snapshot.state is RunState.PAUSED else recent_rate(snapshot.samples)
    return Number("Reads per second", _rate(rate), "Over the last second of work")


def _rate(rate: float | None) -> Quantity:
    return UNKNOWN if rate is None else show.scaled(rate)


def _time(snapshot: RunSnapshot) -> Number:
    took = show.duration(snapshot.elapsed)
    if snapshot.state.is_final:
        known = snapshot.started is not None
        is_long = snapshot.prepared > LONG_PREPARING
        note = f"Prepared in {show.duration(snapshot.prepared)} before" if is_long else "Pauses excluded"
        return Number("Took", took if known else UNKNOWN, note)
    left = None if snapshot.time_left is None else show.clock(max(1.0, snapshot.time_left))
    return Number("Time left", left or UNKNOWN, f"Working for {took}")


def _sampled(snapshot: RunSnapshot) -> list[str]:
    sampled = [] if snapshot.sampling is None else sampling_sentences(snapshot.sampling)
    return sampled + skipped_in(snapshot)


def _partial(snapshot: RunSnapshot, is_elsewhere: bool) -> str:
    reads = snapshot.results.basic.reads
    if is_elsewhere:
        return _ELSEWHERE
    if snapshot.state not in {RunState.CANCELLED, RunState.INTERRUPTED}:
        return ""
    # What interrupted it is told by the failure.
    word = "This run was cancelled. " if snapshot.state is RunState.CANCELLED else ""
    if not reads:
        return f"{word}No reads were counted."
    return f"{word}The numbers are partial: they cover the first {show.plural(reads, 'read')} of the file."
