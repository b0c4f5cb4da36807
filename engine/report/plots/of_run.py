"""Every plot that there is of a run."""

from __future__ import annotations

from engine.collectors.results import QcResults
from engine.report.mates import mates
from engine.report.plots.beyond import beyond_plots
from engine.report.plots.modules import insert_size_plot, module_plots
from engine.report.plots.overlay import overlaid_plots
from engine.report.plots.overlay_beyond import tile_plots
from engine.report.plots.plot import Plot
from engine.run.snapshot import RunSnapshot


def run_plots(results: QcResults) -> dict[str, Plot]:
    """By name: the modules of FastQC in its order, then what FastQC lacks; only what was measured."""
    plots = module_plots(results)
    for beyond in beyond_plots(results).values():
        plots.update(beyond)
    return plots


def pair_plots(run: RunSnapshot) -> dict[str, Plot]:
    """By name: the insert sizes of a run of pairs, and every module with both mates in it."""
    insert = insert_size_plot(run.results.pairs)
    named = [(mate.name, mate.results) for mate in mates(run)]
    return ({"pairs": insert} if insert is not None else {}) | overlaid_plots(named) | tile_plots(named)
