"""What FastQC's files do not tell, for MultiQC's table of general statistics.

MultiQC takes up files whose names end with ``_mqc.tsv``: YAML in comments, then a table whose samples it joins with
those of the same name, as FastQC's files have them (https://docs.seqera.io/multiqc/custom_content).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.report.html.elements import legible
from engine.report.sample_numbers import adapter_percent, duplicates_percent, q30_percent
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState

FILE = "lanescope_mqc.tsv"

_PERCENT = {"min": 0, "max": 100, "suffix": " %", "format": "{:,.1f}"}


class _Column(NamedTuple):
    name: str
    value: Callable[[RunSnapshot], float | str | None]
    look: dict[str, object]


def multiqc_table(runs: Sequence[tuple[str, RunSnapshot]]) -> str:
    """The file's text. Columns of which no run has a value are left out; runs that failed have their state.

    Args:
        runs: what MultiQC calls each, and the run.
    """
    values = {column.name: [column.value(run) for _, run in runs] for column in _COLUMNS}
    shown = [column for column in _COLUMNS if any(value is not None for value in values[column.name])]
    lines = [
        '# id: "lanescope"',
        '# plot_type: "generalstats"',
        "# headers:",
        *(line for column in shown for line in _header(column)),
        "\t".join(["Sample", *(column.name for column in shown)]),
    ]
    for at, (name, _) in enumerate(runs):
        lines.append("\t".join([_sample(name), *(_field(values[column.name][at]) for column in shown)]))
    return "\n".join(lines) + "\n"


def _sample(name: str) -> str:
    """The name, but for no line to be a comment, which would spoil all of them; MultiQC leaves the space away.

    Nor does it hold tabs or ends of lines, in whose place FastQC's files, with which MultiQC joins it, have this mark.
    """
    shown = re.sub(r"[\t\n]", "?", legible(name))
    return f" {shown}" if shown.startswith("#") else shown


def _header(column: _Column) -> list[str]:
    return [f"#   {column.name}:", *(f"#     {key}: {json.dumps(value)}" for key, value in column.look.items())]


def _field(value: float | str | None) -> str:
    return "" if value is None else str(value)


def _state(run: RunSnapshot) -> str | None:
    return None if run.state is RunState.COMPLETED else str(run.state)


def _error_quality(run: RunSnapshot) -> float | None:
    found = run.results.error_quality
    return found.mean_quality if found is not None and run.results.basic.bases else None


def _n50(run: RunSnapshot) -> float | None:
    found, basic = run.results.length_statistics, run.results.basic
    return found.n50 if found is not None and basic.shortest != basic.longest else None


def _kept(run: RunSnapshot) -> float | None:
    """Of the reads that a pipeline got, those that it kept; told of the reads after it."""
    if run.pipeline is None or run.results_after is not None or not run.pipeline.total.reads_in:
        return None
    return 100 * run.pipeline.total.reads_out / run.pipeline.total.reads_in


_COLUMNS = (
    _Column("state", _state, {"title": "State", "description": "How the run of Lanescope ended, unless completed"}),
    _Column(
        "kept",
        _kept,
        {"title": "% Kept", "description": "Reads that the pipeline kept", "scale": "RdYlGn", **_PERCENT},
    ),
    _Column(
        "q30",
        lambda run: q30_percent(run.results.basic),
        {"title": "% Q30", "description": "Bases of quality 30 or more", "scale": "RdYlGn", **_PERCENT},
    ),
    _Column(
        "error_quality",
        _error_quality,
        {"title": "Q by errors", "description": "Mean quality by error probabilities", "format": "{:,.1f}"},
    ),
    _Column("n50", _n50, {"title": "N50", "description": "N50 of the lengths", "suffix": " bp", "format": "{:,.0f}"}),
    _Column(
        "adapter",
        lambda run: adapter_percent(run.results),
        {"title": "% Adapter", "description": "Reads with the most frequent adapter", "scale": "OrRd", **_PERCENT},
    ),
    _Column(
        "duplicates",
        lambda run: duplicates_percent(run.results),
        {
            "title": "% Dups, all reads",
            "description": "Reads that repeat another, estimated over all reads",
            "scale": "OrRd",
            "hidden": True,
            **_PERCENT,
        },
    ),
)
