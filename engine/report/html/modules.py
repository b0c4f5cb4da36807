"""A module's section of a page: verdict, plot, explanation, numbers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.collectors.profiles import Profile
from engine.collectors.results import PairStatistics, QcResults
from engine.collectors.verdicts import Status, Verdict
from engine.report.explanations import explanations, reason
from engine.report.html.elements import Child, Html, element, join
from engine.report.html.page import figure
from engine.report.html.parts import badge, table
from engine.report.plots.plot import Plot
from engine.report.plots.ticks import short
from engine.report.tables import Table, Value, module_table
from engine.report.tables_beyond import beyond_table

_WORST_TILES = 20
_MOST_ROWS = 1000
"""Rows of a table on a page; the TSV report has all."""

_IN_FULL = {"overrepresented", "kmers"}
"""Modules that are a table and nothing else."""


def module_section(module: str, verdict: Verdict, results: QcResults, limits: Profile, plot: Plot | None) -> Html:
    """The section of one module of one run."""
    why = reason(module, verdict, limits)
    return element(
        "section",
        heading(module, verdict),
        element("p", why, class_="reason") if why else None,
        figure(f"plot-{module}", plot, "") if plot is not None else None,
        _table(module, results, is_told=bool(why)),
        explanation(module, verdict.status),
        _folded_table(module, results),
        id=module,
        class_="card module",
    )


def beyond_section(module: str, results: QcResults, plots: Mapping[str, Plot]) -> Html:
    """The section of what FastQC does not measure and nothing judges.

    Args:
        module: one of `plots_beyond.MODULES`.
        results: of the run.
        plots: those of the module, by names of their own.
    """
    pairs = results.pairs if module == "pairs" else None
    found = beyond_table(module, results)
    numbers = _shown(module, found._replace(rows=found.rows[:_MOST_ROWS])) if found is not None else None
    return element(
        "section",
        heading(module),
        element("p", overlaps(pairs), class_="reason") if pairs is not None else None,
        *(figure(f"plot-{name}", plot, plot.title if len(plots) > 1 else "") for name, plot in plots.items()),
        explanation(module, None),
        element("details", element("summary", "Numbers"), numbers, class_="numbers") if numbers else None,
        id=module,
        class_="card module",
    )


def overlaps(pairs: PairStatistics) -> str:
    """What the overlap of mates tells, in words."""
    said = f"Of {pairs.pairs:,} pairs looked at, the mates of {pairs.overlapping:,} overlap"
    if pairs.median is not None:
        said += f"; half of these have an insert of {pairs.median:,} bp or less"
    return f"{said}. {pairs.read_through:,} have an insert shorter than a read."


def heading(module: str, verdict: Verdict | None = None) -> Html:
    """A module's title and its verdict."""
    return element("h2", element("span", explanations()[module].title), badge(verdict.status) if verdict else None)


def explanation(module: str, status: Status | None, shows: str = "") -> Html:
    """What the module shows and, open where it matters, what a bad verdict means and what to do.

    Args:
        module: its name.
        status: of its verdict, where there is one.
        shows: what is drawn, where it is not what the module's own plot shows.
    """
    said = explanations()[module]
    bad = status in {Status.WARN, Status.FAIL}
    folded = element(
        "details",
        element("summary", "What this means and what to do" if bad else "What would be bad, and what to do then"),
        element("p", said.warn),
        element("p", element("strong", "What to do: "), said.act),
        class_="explanation",
        open=bad,
    )
    return join(element("p", shows or said.shows, class_="shows"), folded)


def _table(module: str, results: QcResults, *, is_told: bool) -> Html | None:
    """What a module has instead of a plot; where there is nothing, it is told unless the verdict has told it."""
    if module not in _IN_FULL:
        return None
    found = module_table(module, results)
    if found is None or not found.rows:
        return None if is_told else element("p", "None found.", class_="none-found")
    return _shown(module, found)


def _folded_table(module: str, results: QcResults) -> Html | None:
    found = _worst_tiles(results) if module == "tile_quality" else module_table(module, results)
    if module in _IN_FULL or found is None or not found.rows:
        return None
    return element("details", element("summary", "Numbers"), _shown(module, found), class_="numbers")


def _shown(module: str, found: Table) -> Html:
    rows = ([_cell(value, module) for value in row] for row in found.rows)
    return table(found.columns, rows, caption=explanations()[module].title, texts=found.texts)


def _cell(value: Value, module: str) -> Child:
    if value is None:
        return "\N{EN DASH}"
    if isinstance(value, str):
        return element("code", value) if module in _IN_FULL and value.isalpha() and value.isupper() else value
    if isinstance(value, int) or value.is_integer():
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 0.01 else short(value)


def _worst_tiles(results: QcResults) -> Table | None:
    tiles = results.tile_quality
    if tiles is None:
        return None
    lowest = (
        (tile, min((value for value in row if value is not None), default=0.0))
        for tile, row in zip(tiles.tiles, tiles.deviation, strict=True)
    )
    worst = sorted(lowest, key=lambda entry: entry[1])[:_WORST_TILES]
    return Table(("Tile", "Furthest below the average (Phred)"), tuple((str(tile), low) for tile, low in worst))
