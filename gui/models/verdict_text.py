"""The overview as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gui.models.outliers import HEADING
from gui.models.overview import RunVerdicts
from gui.models.plot_modules import Module
from gui.models.tabbed import tabbed


def verdicts_text(
    runs: Iterable[tuple[int, str]],
    modules: Iterable[Module],
    told: Mapping[int, RunVerdicts],
    stands_out: Callable[[int], str],
    *,
    is_after: bool,
) -> str:
    """Names, what is told of them, what stands out and verdicts in words, apart by tabs, a run a line below the titles.

    Args:
        runs: key and name of each.
        modules: those that have a column.
        told: how runs came out, by key; what is not known yet is empty.
        stands_out: what stands out of the run of a key, in words.
        is_after: whether reads are meant as pipelines left them, where runs had one.
    """
    modules = tuple(modules)
    lines = [["Run", "Reads", "Judged by", HEADING, *(module.title for module in modules)]]
    for run_id, name in runs:
        found = told.get(run_id, RunVerdicts())
        words = {entry.module.key: entry.status.value for entry in found.side(is_after=is_after).judged}
        reads = "after the pipeline" if is_after and found.after is not None else "as they came"
        lines.append(
            [
                name,
                reads if run_id in told else "",
                found.by,
                stands_out(run_id),
                *(words.get(module.key, "") for module in modules),
            ]
        )
    return tabbed(lines)
