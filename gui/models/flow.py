"""How a run flows from its source through the queue to the workers, in words and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from engine.collectors.results import QcResults
from engine.report.load_text import memory_text
from engine.run.snapshot import QueueLoad, RunSnapshot, Sample
from gui.models import format as show
from gui.models.format import UNKNOWN, Quantity
from gui.models.run_page import is_followed

_SHOWN_SECONDS = 60.0
_NOTABLE = 0.15


@dataclass(frozen=True, slots=True)
class Step:
    """One station of the flow.

    Attributes:
        name: what it is called.
        setting: how it is set up.
        rate: what goes through it; over the last moments of a live run, over all of it once it is over.
        trend: the same over the last minute, oldest first, any unit, never negative.
    """

    name: str
    setting: str
    rate: Quantity
    trend: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole way of the reads.

    Attributes:
        source: where the bytes come from.
        queue: the batch queue.
        queue_text: its fill in words.
        buffers: the buffers that batches lie in, by their size.
        workers: how many there are and how busy.
        limit: what keeps the run from being faster, or an empty string while nobody can know.
        checks: the QC modules.
    """

    source: Step
    queue: QueueLoad
    queue_text: str
    buffers: str
    workers: str
    limit: str
    checks: Step


def present_flow(snapshot: RunSnapshot) -> Flow:
    """The flow of ``snapshot``."""
    size = "" if snapshot.bytes_total is None else show.byte_size(snapshot.bytes_total)
    setting = " · ".join(part for part in (snapshot.kind, size) if part)
    has_begun = snapshot.results.basic.reads > 0
    modules = sum(getattr(snapshot.results, name) is not None for name in QcResults.model_fields)
    checks = show.plural(modules, "module") if has_begun else ""
    return Flow(
        source=Step("Source", setting, *_rate(snapshot, lambda sample: sample.bytes_read, "B/s")),
        queue=snapshot.queue,
        queue_text=f"{snapshot.queue.size} of {snapshot.queue.capacity}" if snapshot.queue.capacity else "",
        buffers=buffers_text(snapshot),
        workers=_workers(snapshot),
        limit=_limit(snapshot),
        checks=Step("QC", checks, *_rate(snapshot, lambda sample: sample.bases, "bp/s")),
    )


def buffers_text(snapshot: RunSnapshot) -> str:
    """The buffers of a run, by their size; empty where nobody knows of any."""
    words = ", ".join(
        f"{each.in_use + each.free:,} of {memory_text(each.size)}, {each.reused:,} times used again"
        for each in snapshot.buffers
    )
    return f"Buffers: {words}" if words else ""


def _rate(snapshot: RunSnapshot, amount: Callable[[Sample], int], unit: str) -> tuple[Quantity, tuple[float, ...]]:
    samples = snapshot.samples
    if not samples:
        return UNKNOWN, ()
    newest = samples[-1]
    recent = [sample for sample in samples if newest.time - sample.time <= _SHOWN_SECONDS]
    trend = tuple(
        max(0.0, (amount(after) - amount(before)) / (after.time - before.time))
        for before, after in pairwise(recent)
        if after.time > before.time
    )
    if snapshot.state.is_final:
        rate = amount(newest) / snapshot.elapsed if snapshot.elapsed > 0 else None
    else:
        last = trend[-10:]
        rate = sum(last) / len(last) if last else None
    return (UNKNOWN if rate is None else show.scaled(rate, unit, digits=3)), trend


def _workers(snapshot: RunSnapshot) -> str:
    text = show.plural(snapshot.workers, "worker")
    loads = [thread.busy for thread in snapshot.threads[1:]]
    return f"{text} · {100 * sum(loads) / len(loads):.0f} % busy" if loads else text


def _limit(snapshot: RunSnapshot) -> str:
    if snapshot.elapsed < 0.2 or not snapshot.workers or not snapshot.queue.capacity:
        return ""
    reader_waits = snapshot.queue.push_blocked / snapshot.elapsed
    workers_wait = snapshot.queue.pop_blocked / (snapshot.elapsed * snapshot.workers)
    if is_followed(snapshot) and reader_waits <= max(workers_wait, _NOTABLE):
        return ""  # most of the time nothing is there to be read
    if max(reader_waits, workers_wait) < _NOTABLE:
        return "reading keeps pace"
    return "the workers limit the speed" if reader_waits > workers_wait else "reading limits the speed"
