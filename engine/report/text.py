"""A run in a few lines for a terminal."""

from __future__ import annotations

from engine.collectors.results import EstimatedDuplication
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState


def summary(run: RunSnapshot, name: str) -> str:
    """What a person wants to know first of a run that has ended, under the given name."""
    basic = run.results.basic
    partial = "" if run.state is RunState.COMPLETED else " (of the part that was read)"
    lines = [
        f"{name}: {run.state}{partial}",
        f"  reads         {basic.reads:,}",
        f"  bases         {basic.bases:,}",
    ]
    if basic.reads:
        lengths = (
            f"{basic.shortest:,}" if basic.shortest == basic.longest else f"{basic.shortest:,} to {basic.longest:,}"
        )
        lines.append(f"  read length   {lengths} bp, mean {basic.bases / basic.reads:,.1f}")
        found = run.results.length_statistics
        if found and basic.shortest != basic.longest:
            lines.append(f"                median {found.median:,.1f}, N50 {found.n50:,} bp")
    if basic.bases:
        lines += [
            f"  mean quality  Q{basic.mean_quality:.1f}",
            f"  Q30 or more   {100 * basic.q30_bases / basic.bases:.1f} % of bases",
            f"  GC            {basic.gc_percent:.1f} %",
        ]
    if basic.bases and (duplication := run.results.estimated_duplication):
        lines.append(f"  duplicates    {_about(duplication)} % of reads")
    if run.elapsed > 0 and run.bytes_total:
        lines.append(f"  took          {run.elapsed:.2f} s, {run.bytes_total / run.elapsed / 1e6:,.0f} MB/s")
    return "\n".join(lines)


def _about(duplication: EstimatedDuplication) -> str:
    if not duplication.relative_error:
        return f"{duplication.duplicates:.1f}"
    # Two standard errors of what remains, which are percentage points of the duplicates too.
    return f"{duplication.duplicates:.1f} ± {2 * duplication.relative_error * duplication.remaining:.1f}"
