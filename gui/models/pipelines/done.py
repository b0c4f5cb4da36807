"""What a pipeline has done in all its runs, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.models import format as show
from gui.models.pipelines.adapter_lines import adapter_lines

if TYPE_CHECKING:
    from engine.pipeline.keeping.lasting import LastingStatistics
    from engine.run.snapshot import StageSummary
    from engine.store.pipelines import PipelineKeeper

COLUMNS = {
    "": "",
    "Batches": "Batches of reads that the stage was given",
    "Done": "Batches that it passed on",
    "Failed": "Batches that failed, after all attempts",
    "Retries": "Attempts beyond the first",
    "Late": "Attempts that took longer than the time limit",
    "Reads in": "Reads that the stage was given",
    "Reads out": "Reads that it passed on",
    "Bases in": "Bases that the stage was given",
    "Bases out": "Bases that it passed on",
    "P50": "Half of all batches took no longer than this",
    "P95": "95 of 100 batches took no longer than this",
    "P99": "99 of 100 batches took no longer than this",
}
"""What stands above each column, and what it means; the first has the stages."""


@dataclass(frozen=True, slots=True)
class DoneRow:
    """One stage, or all of them.

    Attributes:
        cells: a text for each of `COLUMNS`.
        details: what was dropped and why, and the first errors, a line each.
    """

    cells: tuple[str, ...]
    details: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        named = (f"{title} {cell}" for title, cell in zip(list(COLUMNS)[1:], self.cells[1:], strict=True))
        return ", ".join((self.cells[0].strip(), *named, *self.details))


@dataclass(frozen=True, slots=True)
class Done:
    """What one version has done.

    Attributes:
        version: of the pipeline.
        line: how many runs, and when.
        rows: all stages together first, then each, those inside of composites indented.
    """

    version: str
    line: str
    rows: tuple[DoneRow, ...]

    @classmethod
    def of(cls, found: LastingStatistics) -> Done:
        """As it is shown."""
        failed = f", {found.failed:,} of them failed" if found.failed else ""
        when = (
            f"{found.first:%Y-%m-%d}"
            if found.first.date() == found.last.date()
            else (f"{found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}")
        )
        stages = [row for stage in found.stages for row in _rows(stage, "")]
        return cls(
            version=found.version,
            line=f"{show.plural(found.runs, 'run')}{failed} · {when}",
            rows=(_row("All stages", found.total), *stages),
        )


def fetch_done(keeper: PipelineKeeper, name: str) -> tuple[Done, ...]:
    """What the versions of a pipeline have done, the latest first. Imports Numba: not for the thread of the window."""
    from engine.pipeline.keeping.lasting import LastingTallies

    return tuple(map(Done.of, reversed(LastingTallies(keeper).of(name))))


def _rows(stage: StageSummary, above: str) -> Iterator[DoneRow]:
    yield _row(f"{above}{stage.name}", stage)
    for each in stage.stages:
        yield from _rows(each, f"{above}    ")


def _row(name: str, stage: StageSummary) -> DoneRow:
    counts = (
        stage.executions, stage.successes, stage.failures, stage.retries, stage.timeouts, stage.reads_in,
        stage.reads_out,
    )  # fmt: skip
    bases = (stage.bases_in, stage.bases_out)
    times = (stage.p50, stage.p95, stage.p99)
    cells = (*(f"{count:,}" for count in counts), *(str(show.count(each)) for each in bases), *map(show.latency, times))
    return DoneRow((name, *cells), tuple(_details(stage)))


def _details(stage: StageSummary) -> Sequence[str]:
    drops = sorted(stage.drops.items(), key=lambda drop: -drop[1])
    lines = [f"{count:,} dropped: {reason} ({show.share(count, stage.reads_in)})" for reason, count in drops]
    if stage.reads_cut:
        lines.append(f"{show.plural(stage.reads_cut, 'read')} shortened by {show.plural(stage.bases_cut, 'base')}")
    lines += adapter_lines(stage)
    return [*lines, *(f"Error: {error}" for error in stage.errors)]
