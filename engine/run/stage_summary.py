"""What the stages of a run's pipeline have done, as a window, a terminal or the store may see it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StageMetric:
    """A number that a plugin counted, over all reads so far.

    Attributes:
        name: as files and code spell it.
        title: for people.
        unit: as shown; may be empty.
        kind: ``sum``, ``minimum``, ``maximum``, ``histogram`` or ``per_read``.
        value: the number; of ``per_read`` the mean; ``None`` where there is none yet.
        count: of ``per_read``, reads that have one.
        least: of ``per_read``, the least.
        most: of ``per_read``, the greatest.
        low: value at the left edge of the first bin of `histogram`.
        high: value at the right edge of its last bin.
        histogram: counts, what lies outside in the outermost; empty where there is none.
    """

    name: str
    title: str
    unit: str
    kind: str
    value: float | None = None
    count: int = 0
    least: float | None = None
    most: float | None = None
    low: float = 0.0
    high: float = 0.0
    histogram: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class StageSummary:
    """What a stage of the pipeline has done, in all workers. Both reads of a pair count.

    Attributes:
        name: its name in the definition.
        kind: of a native stage its name in the catalogue, of a plugin the plugin's, else ``composite``.
        executions: batches that came to it.
        successes: batches that it worked on.
        failures: batches that it failed on for good.
        retries: further attempts.
        timeouts: attempts that took too long.
        reads_in: reads that were not dropped before it. What a failing stage let pass counts as if it had worked.
        reads_out: reads that are not dropped after it.
        bases_in: bases of the former.
        bases_out: bases of the latter.
        reads_cut: reads that stay and are shorter than before.
        bases_cut: what those have lost.
        drops: words for a reason to reads dropped for it.
        counters: what a stage of this kind counts besides, by name and key.
        seconds: time spent, summed over workers.
        p50: seconds that half of the attempts stayed below, within 1 %; ``None`` before the first.
        p95: seconds that 95 % stayed below.
        p99: seconds that 99 % stayed below.
        errors: the first errors, in words.
        metrics: what a plugin counted.
        stages: of a composite stage, those inside.
    """

    name: str
    kind: str
    executions: int = 0
    successes: int = 0
    failures: int = 0
    retries: int = 0
    timeouts: int = 0
    reads_in: int = 0
    reads_out: int = 0
    bases_in: int = 0
    bases_out: int = 0
    reads_cut: int = 0
    bases_cut: int = 0
    drops: dict[str, int] = field(default_factory=dict)
    counters: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: float = 0.0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    errors: tuple[str, ...] = ()
    metrics: tuple[StageMetric, ...] = ()
    stages: tuple[StageSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class PipelineSummary:
    """What a run's pipeline has done.

    Attributes:
        name: of the pipeline.
        version: of the pipeline.
        total: all stages as one: batches, reads and time of the whole.
        stages: the stages that are not switched off, in order.
    """

    name: str
    version: str
    total: StageSummary
    stages: tuple[StageSummary, ...] = ()
