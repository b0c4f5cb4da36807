"""The section on what a pipeline did to the reads of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.collectors.results import QcResults
from engine.report.html.elements import Child, Html, element, legible
from engine.report.html.parts import table
from engine.report.sample_numbers import (
    adapter_percent,
    duplicates_percent,
    gc_percent,
    mean_length,
    mean_quality,
    q20_percent,
    q30_percent,
    tenths,
)
from engine.run.snapshot import PipelineSummary, StageSummary
from engine.stages.counters import LONGEST_CUT, TURNED

_MOST_ADAPTERS = 48
_COLUMNS = ("Stage", "Dropped", "Reads in", "Reads out", "Shortened", "Bases cut")
_NUMBERS: tuple[tuple[str, Callable[[QcResults], str]], ...] = (
    ("Reads", lambda found: f"{found.basic.reads:,}"),
    ("Bases", lambda found: f"{found.basic.bases:,}"),
    ("Mean length (bp)", lambda found: tenths(mean_length(found.basic))),
    ("GC (%)", lambda found: tenths(gc_percent(found.basic))),
    ("Mean quality (Q)", lambda found: tenths(mean_quality(found.basic))),
    ("Bases of Q20 or more (%)", lambda found: tenths(q20_percent(found.basic))),
    ("Bases of Q30 or more (%)", lambda found: tenths(q30_percent(found.basic))),
    ("Duplicate reads (%)", lambda found: tenths(duplicates_percent(found))),
    ("Reads with adapter (%)", lambda found: tenths(adapter_percent(found))),
)
_ADAPTER_COLUMNS = ("Adapter", "Times found", "% of reads", "Bases cut off", "Most often")


def pipeline_section(
    pipeline: PipelineSummary | None, results: QcResults | None = None, after: QcResults | None = None
) -> Html | None:
    """What each stage dropped and cut, and which adapters were found; ``None`` where there was no pipeline.

    Args:
        pipeline: what it did, to both mates of pairs.
        results: of the reads of the page as they came.
        after: of what the pipeline kept of them.
    """
    if pipeline is None:
        return None
    total = pipeline.total
    kept = (
        f"{legible(pipeline.name)} {pipeline.version} kept {total.reads_out:,} of {total.reads_in:,} reads"
        f"{_share(total.reads_out, total.reads_in)} and {total.bases_out:,} of {total.bases_in:,} bases"
        f"{_share(total.bases_out, total.bases_in)}. Of pairs, both reads count."
    )
    return element(
        "section",
        element("h2", "What the pipeline did"),
        element("p", kept, class_="shows"),
        _before_and_after(results, after) if results is not None and after is not None else None,
        table(_COLUMNS, _rows(pipeline.stages, ""), caption="Stages of the pipeline", texts=2)
        if pipeline.stages
        else None,
        *_adapter_tables(pipeline.stages),
        id="pipeline",
        class_="card",
    )


def _before_and_after(results: QcResults, after: QcResults) -> Html:
    told = [[(name, of(found)) for name, of in _NUMBERS] for found in (results, after)]
    rows = [(name, before, kept) for (name, before), (_, kept) in zip(*told, strict=True)]
    return table(("Reads of this file", "Before", "After"), rows, caption="Before and after the pipeline")


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.1f} %)" if whole else ""


def _rows(stages: Sequence[StageSummary], indent: str) -> Iterator[tuple[Child, ...]]:
    for stage in stages:
        drops = sorted(stage.drops.items(), key=lambda drop: -drop[1])
        why = "; ".join(f"{count:,} {reason}" for reason, count in drops) or "\N{EN DASH}"
        counts = (stage.reads_in, stage.reads_out, stage.reads_cut, stage.bases_cut)
        yield (f"{indent}{legible(stage.name)}", why, *(f"{count:,}" for count in counts))
        yield from _rows(stage.stages, f"{indent}\N{EN DASH} ")


def _adapter_tables(stages: Sequence[StageSummary]) -> Iterator[Html]:
    for stage in stages:
        if stage.kind == "adapters":
            yield from _adapter_table(stage)
        yield from _adapter_tables(stage.stages)


def _adapter_table(stage: StageSummary) -> Iterator[Html]:
    counters = {name: counts for name, counts in stage.counters.items() if counts and name != TURNED}
    found = sorted(counters.items(), key=lambda each: -sum(each[1].values()))
    if turned := sum(stage.counters.get(TURNED, {}).values()):
        yield element("p", f"{legible(stage.name)}: {turned:,} reads or pairs went on in the other orientation.")
    if found:
        rows = [_adapter_row(name, counts, stage.reads_in) for name, counts in found[:_MOST_ADAPTERS]]
        yield table(_ADAPTER_COLUMNS, rows, caption=f"Adapters found by {legible(stage.name)}")
    if len(found) > _MOST_ADAPTERS:
        yield element("p", f"{len(found) - _MOST_ADAPTERS:,} more adapters were found less often.")


def _adapter_row(name: str, counts: dict[str, int], reads: int) -> tuple[Child, ...]:
    times = sum(counts.values())
    bases = sum(int(length) * count for length, count in counts.items())
    at_least = "\N{GREATER-THAN OR EQUAL TO} " if str(LONGEST_CUT) in counts else ""
    often = max(counts, key=lambda length: counts[length])
    share = f"{100 * times / reads:.2f}" if reads else "\N{EN DASH}"
    return legible(name), f"{times:,}", share, f"{at_least}{bases:,}", f"{often} bases"
