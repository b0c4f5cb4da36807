"""What each stage of a run's pipeline does, in words and figures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

from engine.run.snapshot import PipelineSummary, RunSnapshot, StageSummary
from gui.models import format as show
from gui.models.format import UNKNOWN, Quantity
from gui.models.pipelines.adapter_lines import adapter_lines

_SHOWN_SECONDS = 60.0
_RECENT = 10
_MOST_MOMENTS = 1200


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage as its card shows it.

    Attributes:
        name: its name in the pipeline.
        kind: what it is.
        rate: reads that came to it each second; over the last moments of a live run, over all of it afterwards.
        trend: the same over the last minute, oldest first.
        latency: P50, P95 and P99 of the time for one batch, or an empty string before there is any.
        effect: what it did to the reads, in short.
        trouble: batches that failed, were tried again or took too long, or an empty string.
        details: everything, a line each.
    """

    name: str
    kind: str
    rate: Quantity
    trend: tuple[float, ...]
    latency: str
    effect: str
    trouble: str
    details: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """The stage as a screen reader says it."""
        return ", ".join(part for part in (self.kind, str(self.rate), self.latency, self.effect, self.trouble) if part)


@dataclass(frozen=True, slots=True)
class Board:
    """All stages, and the pipeline above them.

    Attributes:
        title: name and version of the pipeline.
        kept: how many reads are left.
        latency: P95 of a batch through all stages.
        outputs: what was written, a line for each file.
        stages: in order.
    """

    title: str
    kept: str
    latency: str
    outputs: tuple[str, ...]
    stages: tuple[StageLine, ...]


class StageBoard:
    """Follows a run; remembers what went through its stages over the last minute."""

    def __init__(self) -> None:
        self._run_id = 0
        self._moments: deque[tuple[float, tuple[int, ...]]] = deque(maxlen=_MOST_MOMENTS)

    def present(self, snapshot: RunSnapshot) -> Board | None:
        """The board for ``snapshot``; ``None`` for a run without a pipeline."""
        if snapshot.run_id != self._run_id:
            self._moments.clear()
            self._run_id = snapshot.run_id
        pipeline = snapshot.pipeline
        if pipeline is None:
            return None
        self._note(snapshot.elapsed, pipeline)
        lines = [
            line
            for place, stage in enumerate(pipeline.stages)
            for line in _lines(stage, *self._rate(snapshot, place, stage))
        ]
        total = pipeline.total
        return Board(
            title=f"{pipeline.name} {pipeline.version}",
            kept=_kept(total),
            latency=f"P95 {show.latency(total.p95)} a batch" if total.p95 is not None else "",
            outputs=tuple(
                f"{output.path.name}: {show.plural(output.reads, 'read')}, {show.byte_size(output.file_bytes)}"
                for output in snapshot.outputs
            ),
            stages=tuple(lines),
        )

    def _note(self, elapsed: float, pipeline: PipelineSummary) -> None:
        if not self._moments or elapsed > self._moments[-1][0]:
            self._moments.append((elapsed, tuple(stage.reads_in for stage in pipeline.stages)))

    def _rate(self, snapshot: RunSnapshot, place: int, stage: StageSummary) -> tuple[Quantity, tuple[float, ...]]:
        newest = self._moments[-1][0] if self._moments else 0.0
        recent = [(time, reads[place]) for time, reads in self._moments if newest - time <= _SHOWN_SECONDS]
        trend = tuple(max(0.0, (b - a) / (after - before)) for (before, a), (after, b) in pairwise(recent))
        if snapshot.state.is_final or not trend:
            rate = stage.reads_in / snapshot.elapsed if snapshot.elapsed > 0 and stage.reads_in else None
        else:
            last = trend[-_RECENT:]
            rate = sum(last) / len(last)
        if rate is None:
            return UNKNOWN, trend
        value, prefix = show.scaled(rate, digits=3)
        return Quantity(value, f"{prefix} reads/s".strip()), trend


def _lines(stage: StageSummary, rate: Quantity, trend: tuple[float, ...], above: str = "") -> list[StageLine]:
    """The stage, and those inside of it; what goes through the latter is the same stream."""
    name, kind = f"{above}{stage.name}", stage.kind.replace("_", " ")
    line = StageLine(
        name=name,
        kind="" if kind == stage.name.replace("-", " ").replace("_", " ") else kind,
        rate=rate,
        trend=trend,
        latency=_latency(stage),
        effect=_effect(stage),
        trouble=_trouble(stage),
        details=tuple(_details(stage)),
    )
    return [line, *(inner for each in stage.stages for inner in _lines(each, UNKNOWN, (), f"{name} / "))]


def _kept(total: StageSummary) -> str:
    if not total.reads_in:
        return ""
    share = show.share(total.reads_out, total.reads_in)
    return f"{show.count(total.reads_out)} of {show.count(total.reads_in)} reads kept ({share})"


def _latency(stage: StageSummary) -> str:
    if stage.p50 is None or stage.p95 is None or stage.p99 is None:
        return ""
    return f"P50 {show.latency(stage.p50)} · P95 {show.latency(stage.p95)} · P99 {show.latency(stage.p99)}"


def _effect(stage: StageSummary) -> str:
    parts = []
    gone = stage.reads_in - stage.reads_out
    if gone > 0:
        parts.append(f"{show.share(gone, stage.reads_in)} dropped")
    if stage.bases_cut:
        parts.append(f"{show.share(stage.bases_cut, stage.bases_in)} of bases cut")
    return " · ".join(parts) or ("nothing dropped or cut" if stage.reads_in else "")


def _trouble(stage: StageSummary) -> str:
    parts = [
        f"{count:,} {word}"
        for count, word in ((stage.failures, "failed"), (stage.retries, "tried again"), (stage.timeouts, "timed out"))
        if count
    ]
    return " · ".join(parts)


def _details(stage: StageSummary) -> list[str]:
    lines = [f"{stage.reads_in:,} reads in, {stage.reads_out:,} out; {stage.executions:,} batches"]
    lines += [
        f"{count:,} dropped: {reason} ({show.share(count, stage.reads_in)})"
        for reason, count in sorted(stage.drops.items(), key=lambda drop: -drop[1])
    ]
    if stage.reads_cut:
        lines.append(f"{show.plural(stage.reads_cut, 'read')} shortened by {show.plural(stage.bases_cut, 'base')}")
    lines += adapter_lines(stage)
    lines += [f"{metric.title}: {metric.value:g} {metric.unit}" for metric in stage.metrics if metric.value is not None]
    lines += [f"Error: {error}" for error in stage.errors]
    return lines
