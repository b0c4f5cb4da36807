"""What pipelines have done, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from engine.cli.console import printable
from engine.pipeline.keeping.lasting import LastingStatistics
from engine.run.snapshot import StageSummary

_COLUMNS = ("", "executions", "successes", "failures", "retries", "timeouts", "reads in", "reads out", "bases in",
            "bases out", "P50 ms", "P95 ms", "P99 ms")  # fmt: skip


def print_statistics(name: str, done: Sequence[LastingStatistics], *, as_json: bool) -> None:
    """Prints what each version has done; executions are batches and documents.

    Args:
        name: what to say has done nothing, where nothing has been done.
        done: by version.
        as_json: a line for each version, and nothing else.
    """
    if as_json:
        for each in done:
            facts = asdict(each) | {"first": each.first.isoformat(), "last": each.last.isoformat()}
            print(json.dumps(facts))
        return
    if not done:
        print(printable(f"{name} has not run yet."))
    for each in done:
        runs = f"{each.runs:,} run{'' if each.runs == 1 else 's'}"
        failed = f", {each.failed:,} of them failed" if each.failed else ""
        print(printable(f"{each.name}@{each.version}: {runs}{failed}; the last on {each.last:%Y-%m-%d %H:%M}"))
        rows = [_COLUMNS, *(_row(place, stage) for place, stage in _all_stages(each))]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *numbers in rows:
            cells = [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
            print(printable("  ".join([first.ljust(widths[0]), *cells]).rstrip()))
        for place, stage in _all_stages(each):
            for words in (*_drops(stage), *(f"error: {error}" for error in stage.errors)):
                print(printable(f"{place}: {words}"))


def _all_stages(done: LastingStatistics) -> Iterator[tuple[str, StageSummary]]:
    yield "all stages", done.total
    for stage in done.stages:
        yield from _inner(stage, "")


def _inner(stage: StageSummary, above: str) -> Iterator[tuple[str, StageSummary]]:
    yield f"{above}{stage.name}", stage
    for each in stage.stages:
        yield from _inner(each, f"{above}{stage.name}/")


def _row(name: str, stage: StageSummary) -> tuple[str, ...]:
    counts = (stage.executions, stage.successes, stage.failures, stage.retries, stage.timeouts, stage.reads_in,
              stage.reads_out, stage.bases_in, stage.bases_out)  # fmt: skip
    times = ("-" if each is None else f"{1000 * each:.3g}" for each in (stage.p50, stage.p95, stage.p99))
    return (name, *(f"{count:,}" for count in counts), *times)


def _drops(stage: StageSummary) -> Iterator[str]:
    for reason, count in sorted(stage.drops.items(), key=lambda drop: -drop[1]):
        yield f"{count:,} dropped: {reason}"
